import assert from "node:assert/strict";
import { test } from "node:test";

import { delimiterOf, parseDelimited } from "../../backend/static/page/intake/delimited.js";
import { EACH_LINE, read } from "../../backend/static/page/intake/read.js";
import { Unreadable } from "../../backend/static/page/intake/unreadable.js";
import { firstPart, likesFrom, momentFrom } from "../../backend/static/page/intake/values.js";

const NOW = Date.UTC(2026, 2, 31, 12);
const KNOWN = { now: NOW, first: null };
const cells = (/** @type {string} */ text) => parseDelimited(text).map((row) => row.cells);
const taken = (/** @type {string} */ text) => read(text, { now: NOW });
const texts = (/** @type {string} */ text) => taken(text).comments.map((comment) => comment.text);

/** @param {string} text @param {RegExp} said @param {string[]} [columns] */
function refused(text, said, columns = []) {
  assert.throws(
    () => taken(text),
    (error) => {
      assert.ok(error instanceof Unreadable, String(error));
      assert.match(error.message, said);
      assert.deepEqual(error.columns, columns);
      return true;
    },
  );
}

test("quotes hold separators, newlines and doubled quotes", () => {
  assert.deepEqual(cells('text,likes\r\n"a, ""b""\nc",1\r\n'), [["text", "likes"], ['a, "b"\nc', "1"]]);
});

test("semicolons, tabs, bars and Excel's hint are understood", () => {
  assert.equal(delimiterOf('text;likes\n"a, b, c, d";1'), ";");
  assert.equal(delimiterOf("text\tlikes\na, b\t1"), "\t");
  assert.deepEqual(cells("sep=|\na|b"), [["a", "b"]]);
});

test("rows are counted as a spreadsheet counts them", () => {
  const rows = parseDelimited('text\n"two\nlines"\n\nlast');
  assert.deepEqual(rows.map(({ row }) => row), [1, 2, 4]);
});

test("a byte order mark, old line ends and a missing last newline are no matter", () => {
  assert.deepEqual(texts("\uFEFFcomment,likes\rone,1\rtwo,2"), ["one", "two"]);
});

test("a quote inside a cell is text", () => {
  assert.deepEqual(cells('text,a\n5" screen,x'), [["text", "a"], ['5" screen', "x"]]);
});

test("a quote that never closes is told by row and column", () => {
  refused('text,likes\nfine,1\n"open,2\n', /^Row 3: a quote \("\) that opens in column 1 is never closed/u);
});

test("a row with more columns than the header is told", () => {
  refused("author,text\nann,one, two\n", /^Row 2 has 3 columns, but row 1 names 2\. Put quotes/u);
});

test("the columns of well-known exporters are found", () => {
  const downloader = "cid,text,time,author,channel,votes,photo,heart,reply,time_parsed";
  const [one] = taken(`${downloader}\nUg1,Nice,2 weeks ago,@ann,UC1,1.2K,http://x,True,False,1767225600.5\n`).comments;
  assert.deepEqual(one, {
    id: "Ug1",
    text: "Nice",
    author: "@ann",
    likes: 1200,
    published_at: "2026-01-01T00:00:00.500Z",
    published_at_width: 0,
    hearted: true,
  });
  const tools = "id\treplyCount\tlikeCount\tpublishedAt\tauthorName\ttext\tauthorChannelId\tisReply\tisReplyTo";
  const [reply] = taken(`${tools}\nUg1.a\t0\t3\t2025-05-01 10:00:00\tbob\tYes\tUC2\t1\tUg1\n`).comments;
  assert.equal(reply.reply_to, "Ug1");
  assert.equal(reply.published_at, "2025-05-01T10:00:00.000Z");
  const above = "ExportComments\nVideo,https://example.com\n\n,Name,Date,Likes,isHearted,Comment\n1,cy,2025-05-01,4,no,Fine\n";
  assert.deepEqual(taken(above).comments[0].author, "cy");
});

test("of an original and a displayed text the original is taken", () => {
  assert.deepEqual(texts("textDisplay,textOriginal\n<b>a</b>,a\n"), ["a"]);
});

test("the video is known from its columns", () => {
  assert.deepEqual(taken("video_id,video_title,text\nv1,Title,a\n").video, { id: "v1", title: "Title" });
});

test("lines that are no table are a comment each", () => {
  assert.deepEqual(texts('Great video, love it\nBad\n"quoted" and more, really, yes\n\n'), [
    "Great video, love it",
    "Bad",
    '"quoted" and more, really, yes',
  ]);
  assert.deepEqual(texts("Bad, really\nGood, really"), ["Bad, really", "Good, really"]);
  assert.deepEqual(texts('so "good\nbad\n"'), ['so "good', "bad", '"']);
});

test("a table without a known name for the text asks for the column", () => {
  const table = "who,said\nann,one\nbob,two\n";
  refused(table, /Which one holds the comments/u, ["who", "said", EACH_LINE]);
  const known = read(table, { now: NOW, column: "said" });
  assert.deepEqual(known.comments.map((comment) => comment.text), ["one", "two"]);
  assert.equal(read(table, { now: NOW, column: EACH_LINE }).comments.length, 3);
});

test("what can't be used of a row is said, and the comment is kept", () => {
  const found = taken("id,text,likes,date\na,one,many,yesterday-ish\nb,two,-1,2099-01-01\na,other,,\n");
  assert.equal(found.comments.length, 3);
  assert.deepEqual(
    found.notes.map(({ row, message }) => `${row} ${message}`),
    [
      "2 “many” is not a number of likes; kept without likes",
      "2 “yesterday-ish” is not a date that a comment can have; kept without a date",
      "3 “-1” is not a number of likes; kept without likes",
      "3 “2099-01-01” is not a date that a comment can have; kept without a date",
      "4 its id was used before, by another text; it became a-2",
    ],
  );
  assert.equal(found.comments[2].id, "a-2");
});

test("empty texts and repeated comments are counted, not sent", () => {
  const found = taken("id,text\na,one\na,one\nb,\nc,  \n");
  assert.deepEqual([found.comments.length, found.empty, found.repeated], [1, 2, 1]);
});

test("what the API would refuse in a text is left out of it", () => {
  const [one] = taken(JSON.stringify([{ text: "a\u0000b", author: "x".repeat(400), id: "y".repeat(300) }])).comments;
  assert.deepEqual([one.text, one.author?.length, one.id.length], ["ab", 300, 200]);
});

test("JSON comes as texts, objects, lines, yt-dlp's file, API pages or a request", () => {
  assert.deepEqual(texts('["a", "b"]'), ["a", "b"]);
  assert.deepEqual(texts('{"cid": "1", "text": "a"}\n{"cid": "2", "text": "b"}\n'), ["a", "b"]);
  const dlp = taken(
    JSON.stringify({
      id: "v",
      title: "T",
      channel: "C",
      comments: [{ id: "x.y", parent: "x", text: "a", like_count: 3, timestamp: 1767225600, is_favorited: true }],
    }),
  );
  assert.deepEqual(dlp.video, { id: "v", title: "T", channel: "C" });
  assert.deepEqual(dlp.comments[0], {
    id: "x.y",
    text: "a",
    likes: 3,
    published_at: "2026-01-01T00:00:00.000Z",
    published_at_width: 0,
    reply_to: "x",
    hearted: true,
  });
  const snippet = { textOriginal: "a", authorDisplayName: "@ann", likeCount: 2, publishedAt: "2026-01-01T00:00:00Z" };
  const page = {
    items: [
      {
        snippet: { topLevelComment: { id: "x", snippet } },
        replies: { comments: [{ id: "x.y", snippet: { ...snippet, parentId: "x" } }] },
      },
    ],
  };
  assert.deepEqual(taken(JSON.stringify([page, page])).comments.map(({ id, reply_to: to }) => [id, to]), [
    ["x", undefined],
    ["x.y", "x"],
  ]);
  assert.equal(taken('{"video": {"id": "v"}, "comments": [{"id": "a", "text": "x"}]}').video.id, "v");
});

test("broken JSON is told by line and column", () => {
  refused('[\n  "a",\n  b\n]', /not valid JSON: Unexpected token 'b' near “/u);
  refused('[\n  {"text": "a" "b": 1}\n]', /in line 2, column \d+/u);
  refused('{"text": "a"}\n{"text": }\n', /^Line 2 is not valid JSON/u);
  refused('{"a": 1}', /holds no list of comments/u);
  refused('[{"a": 1}]', /^Entry 1 has no text\. It has a;/u);
  refused("[7]", /^Entry 1 is neither a text nor an object: 7/u);
});

test("nothing, and what isn't text, is refused in words", () => {
  refused(" \n ", /nothing in it/u);
  refused("PK\u0003\u0004\0\0", /not a text file/u);
  refused("text\n \n", /No comment in it has any text/u);
});

test("moments are read in the notations of exporters", () => {
  const at = (/** @type {unknown} */ value) => momentFrom(value, KNOWN)?.published_at;
  assert.equal(at("2025-05-01T10:00:00+0530"), "2025-05-01T04:30:00.000Z");
  assert.equal(at("2025-05-01 10:00 UTC"), "2025-05-01T10:00:00.000Z");
  assert.equal(at(1746093600000), "2025-05-01T10:00:00.000Z");
  assert.deepEqual(momentFrom("2025-05-01", KNOWN), { published_at: "2025-05-01T12:00:00.000Z", published_at_width: 86400 });
  assert.equal(momentFrom("2 weeks ago (edited)", KNOWN)?.published_at_width, 604800);
  for (const odd of ["2025-02-31", "2003-01-01", "2030-01-01", "soon", "12", "0001-01-01T00:00:00Z"]) {
    assert.equal(momentFrom(odd, KNOWN), null, odd);
  }
});

test("whether the day or the month comes first is told by the whole column, or not guessed", () => {
  assert.equal(firstPart(["03/04/2024", "31/12/2024"]), "day");
  assert.equal(firstPart(["03/04/2024", "12/31/2024"]), "month");
  assert.equal(firstPart(["03.04.2024"]), "day");
  assert.equal(firstPart(["03/04/2024"]), null);
  const found = taken("text,date\na,03/04/2024\n");
  assert.match(found.notes[0].message, /may begin with the day or with the month/u);
  assert.equal(momentFrom("12/31/2024 12:05 AM", { now: NOW, first: "month" })?.published_at, "2024-12-31T00:05:00.000Z");
  assert.equal(momentFrom("31/02/2024", { now: NOW, first: "day" }), null);
});

test("likes are read as people and programs write them", () => {
  assert.deepEqual(["12", "1,204", "1.2K", "", "3.0", 7].map(likesFrom), [12, 1204, 1200, 0, 3, 7]);
  assert.deepEqual(["many", "-1", -1, 1.5, NaN].map(likesFrom), [null, null, null, null, null]);
});
