import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { commentsIn, sectionIn } from "../../extension/youtube/answers.js";
import { readComment } from "../../extension/youtube/comment.js";

const FOLDER = new URL("../../../shared/youtube/innertube/", import.meta.url);
const skip = existsSync(FOLDER) ? false : "the recorded answers are not beside this checkout";
const VIDEO = "xxxxxxxxxxx";

const files = skip ? [] : readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
const recorded = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
const read = (/** @type {string} */ name, /** @type {string | null} */ parent = null) =>
  commentsIn(recorded(name), { videoId: VIDEO, parent });
/** How many comments a file holds, by the list of the recordings. @returns {Map<string, number>} */
const announced = () =>
  new Map(
    readFileSync(new URL("MANIFEST.tsv", FOLDER), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"))
      .map(([file, , count]) => [file, Number(count)]),
  );

test("recorded answers", { skip }, async (all) => {
  for (const name of files.filter((one) => !one.includes("_watch"))) {
    await all.test(`every comment of ${name} is found, once, with what it carries`, () => {
      const { comments } = read(name);
      assert.equal(comments.length, announced().get(name));
      assert.equal(new Set(comments.map(({ id }) => id)).size, comments.length);
      const language = name.includes("localizedvotecount") ? "de" : "en";
      for (const [position, found] of comments.entries()) {
        const comment = readComment(found, { language, now: Date.UTC(2026, 5, 13) }, position);
        assert.ok(comment.author, found.id);
        assert.equal(typeof comment.likes, "number", `${found.id}: ${found.likes}`);
        assert.ok(comment.published_at, `${found.id}: ${found.published}`);
        assert.equal(found.replyTo === null, found.level === 0);
      }
    });
  }
});

test("where the comments begin is found in recorded answers about videos", { skip }, () => {
  for (const name of files.filter((one) => one.includes("_watch"))) {
    const { token, off } = sectionIn(recorded(name));
    assert.ok(token, name);
    assert.equal(off, false);
  }
});

test("a recorded section goes on, can be sorted, and says how many there are", { skip }, () => {
  const { next, replies, announced: count, orders } = read("2025-07_replies_3_new.json");
  assert.ok(next && orders.top && orders.newest && orders.top !== orders.newest);
  assert.equal(count, "21,041 Comments");
  assert.ok(replies.length > 0);
});

test("pinned, hearted, edited and the owner's own are told, in both shapes", { skip }, () => {
  for (const name of ["2025-07_pinned_3_new.json", "2022-12_pinned_3_old.json"]) {
    const [first] = read(name).comments;
    assert.equal(first.pinned, true, name);
    assert.equal(first.byOwner, true, name);
  }
  assert.ok(read("2024-04_hearted_3_old.json").comments.some(({ hearted }) => hearted));
  assert.match(read("2025-07_replies_3_new.json").comments[0].published, /edited/u);
});

test("replies answer the comment that they were asked for, and go on by a button", { skip }, () => {
  const { comments, next } = read("2026-06_replies_4_new.json", "UgwSOM0QHBLysE3vZE54AaABAg");
  assert.ok(next);
  assert.deepEqual(new Set(comments.map(({ replyTo }) => replyTo)), new Set(["UgwSOM0QHBLysE3vZE54AaABAg"]));
});

test("an answer in a shape that nobody knows is an error, not an empty section", () => {
  const item = { commentThreadRenderer: { commentViewModel: { commentViewModel: { commentKey: "k" } } } };
  const answer = { onResponseReceivedEndpoints: [{ appendContinuationItemsAction: { continuationItems: [item, item] } }] };
  assert.throws(() => commentsIn(answer, { videoId: VIDEO, parent: null }), /2 comments .* not known/u);
});

for (const [name, answer] of /** @type {[string, any][]} */ ([
  ["nothing", {}],
  ["lists that are none", { onResponseReceivedEndpoints: "x", frameworkUpdates: { entityBatchUpdate: { mutations: 3 } } }],
])) {
  test(`an answer with ${name} holds no comment and breaks nothing`, () => {
    assert.deepEqual(commentsIn(answer, { videoId: VIDEO, parent: null }).comments, []);
    assert.deepEqual(sectionIn(answer), { token: null, off: false });
  });
}
