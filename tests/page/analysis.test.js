import assert from "node:assert/strict";
import { test } from "node:test";

import { difference, meanInterval } from "../../extension/analysis/interval.js";
import { joined, shareOut } from "../../extension/analysis/parts.js";
import { installChrome } from "../extension/fake_chrome.js";
import { read } from "../../backend/static/page/intake/read.js";

installChrome();
const { csvOf, fileName } = await import("../../extension/views/take_away.js");

/** @typedef {import("../../extension/views/opened.js").Answer} Answer */
/** @typedef {import("../../extension/views/opened.js").LabelledComment} LabelledComment */

const near = (/** @type {number | null | undefined} */ actual, /** @type {number} */ expected) =>
  assert.ok(Math.abs(Number(actual) - expected) < 1e-6, `${actual} is not ${expected}`);
const comments = (/** @type {number} */ count) => Array.from({ length: count }, (_, n) => ({ id: `c${n}`, text: "x" }));
const most = { comments: 10, bytes: 1e6 };

test("no part has more comments or bytes than a request may hold, and none is lost", () => {
  const parts = shareOut(comments(34), most);
  assert.deepEqual(parts.map((part) => part.length), [9, 9, 8, 8]);
  assert.equal(new Set(parts.flat().map(({ id }) => id)).size, 34);
  const long = comments(6).map((comment) => ({ ...comment, text: "é".repeat(4000) }));
  assert.deepEqual(shareOut(long, { comments: 10, bytes: 16_384 + 17_000 }).map((part) => part.length), [2, 2, 2]);
  assert.equal(shareOut(comments(10), most).length, 1);
});

test("a thread stays together", () => {
  const thread = comments(20).map((comment, n) => (n % 2 ? { ...comment, reply_to: `c${n - 1}` } : comment));
  for (const part of shareOut(thread, most)) {
    const ids = new Set(part.map(({ id }) => id));
    assert.ok(part.every((comment) => !("reply_to" in comment) || ids.has(String(comment.reply_to))));
  }
});

test("a thread that is longer than a part is no reason to give up", () => {
  const thread = comments(25).map((comment, n) => (n ? { ...comment, reply_to: "c0" } : comment));
  assert.equal(shareOut(thread, most).flat().length, 25);
});

test("the interval is the server's", () => {
  // What backend/analysis/interval.py gives for these scores.
  const { mean, low, high } = meanInterval([0.9, -0.2, 0.5]);
  near(mean, 0.4);
  near(low, -0.41733347318);
  near(high, 0.89733347318);
  const [alone] = [meanInterval([1])];
  assert.ok(alone.low < 0.4 && alone.high === 1);
});

test("two means differ only if chance couldn't make it", () => {
  const a = { mean: 0.1, low: 0, high: 0.2 };
  assert.equal(difference(a, { mean: 0.2, low: 0.1, high: 0.3 }).sure, false);
  const far = difference(a, { mean: 0.5, low: 0.4, high: 0.6 });
  assert.equal(far.sure, true);
  near(far.by, 0.4);
  near(far.high - far.by, Math.SQRT2 / 10);
});

/** @param {string[]} ids @param {Partial<Answer>} parts @returns {Answer} */
const answer = (ids, parts) => ({
  video: { id: "v" },
  model: { name: "m", version: "1" },
  counts: { negative: 1, neutral: 0, positive: 1, total: 2 },
  like_weighted: { negative: 1, neutral: 0, positive: 3, total: 4, mean: 0.5 },
  score: { mean: 0, low: -1, high: 1 },
  bucket: "month",
  undated: 1,
  trend: [],
  words: { all: [], negative: [], neutral: [], positive: [] },
  languages: { en: 2 },
  predictions: ids.map((id, n) => ({ id, label: n ? "positive" : "negative", score: n ? 0.5 : -0.5, language: "en", truncated: false })),
  ...parts,
});
const step = (/** @type {string} */ start, /** @type {number} */ positive, /** @type {number} */ mean) => ({
  start, negative: 0, neutral: 0, positive, mean: positive ? mean : null, low: positive ? mean - 0.1 : null, high: positive ? mean + 0.1 : null,
});
const word = (/** @type {string} */ term, /** @type {number} */ count, /** @type {number} */ weight) => ({ term, count, weight, mean: 0.5 });

test("the answers of parts become one", () => {
  const one = answer(["c0", "c2"], {
    trend: [step("2026-01-01T00:00:00+01:00", 3, 0.1), step("2026-02-01T00:00:00+01:00", 0, 0)],
    words: { all: [word("great", 4, 4), word("only", 1, 1)], negative: [], neutral: [], positive: [word("great", 4, 2)] },
  });
  const two = answer(["c1", "c3"], {
    bucket: "week",
    languages: { en: 1, de: 1 },
    trend: [step("2026-01-05T00:00:00+01:00", 1, 0.5), step("2026-02-02T00:00:00+01:00", 2, 0.2)],
    words: { all: [word("great", 6, 6)], negative: [], neutral: [], positive: [word("great", 6, 2)] },
  });
  const all = joined([one, two], comments(4), { words: 1 });
  assert.deepEqual(all.counts, { negative: 2, neutral: 0, positive: 2, total: 4 });
  assert.deepEqual(all.predictions.map(({ id }) => id), ["c0", "c1", "c2", "c3"]);
  assert.deepEqual(all.languages, { en: 3, de: 1 });
  assert.deepEqual([all.undated, all.bucket], [2, "month"]);
  near(all.score.mean, 0);
  near(all.like_weighted?.mean, 0.5);
  assert.deepEqual(all.trend.map(({ positive }) => positive), [4, 2]);
  near(all.trend[0].mean, 0.2);
  assert.deepEqual(all.words?.all.map(({ term, count }) => [term, count]), [["great", 10]]);
  near(all.words?.positive[0].weight, 4 / Math.SQRT2);
});

test("the answers of an older backend, which lack some of it, become one all the same", () => {
  const older = [["c0", "c2"], ["c1", "c3"]].map((ids) => {
    const { like_weighted: _w, bucket: _b, undated: _u, languages: _l, trend: _t, ...known } = answer(ids, {});
    return /** @type {Answer} */ (known);
  });
  const all = joined(older, comments(4), { words: 1 });
  assert.deepEqual(all.counts, { negative: 2, neutral: 0, positive: 2, total: 4 });
  assert.equal(all.like_weighted, undefined);
  assert.deepEqual([all.languages, all.trend, all.undated], [{}, [], 0]);
});

/** @param {Partial<LabelledComment>} parts @returns {LabelledComment} */
const labelled = (parts) => ({
  id: "a", text: "Great sound", author: "@ann", likes: 0, published_at: null, published_at_width: 0, reply_to: null,
  pinned: false, hearted: false, label: "positive", score: 0.9, language: "en", ...parts,
});

test("a downloaded table comes back as it was, and runs no formula", () => {
  const list = [labelled({ text: '=HYPERLINK("x"),\n"quoted"', author: "-ann", likes: 7, published_at: "2026-03-02T12:00:00.000Z", published_at_width: 86_400 })];
  const table = csvOf(list);
  assert.match(table, /^\uFEFFid,text,/u);
  assert.ok(table.includes("'=HYPERLINK") && table.includes("'-ann"));
  const [back] = read(table, { now: Date.UTC(2026, 5, 1) }).comments;
  assert.deepEqual(back, {
    id: "a", text: list[0].text, author: "-ann", likes: 7, published_at: "2026-03-02T12:00:00.000Z", published_at_width: 86_400,
  });
});

test("files are named after the video", () => {
  assert.equal(fileName("../A *Video*: Größe!"), "a-video-große");
  assert.equal(fileName("🔥"), "undertone");
});
