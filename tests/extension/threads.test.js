import assert from "node:assert/strict";
import { test } from "node:test";

import { sift } from "../../extension/analysis/threads.js";

/** @typedef {import("../../extension/analysis/threads.js").Said} Said */

/** @type {(text: string, feeling: Said["feeling"], author?: string) => Said} */
const said = (text, feeling, author = "@someone") => ({ text, author, feeling });

const THREADS = [
  [said("Lovely filter", "positive"), said("No, it is awful", "negative")],
  [said("Which filter is it?", "neutral")],
  [said("Qué bonito", "other", "@Straße")],
  [said("just came in", null)],
];

test("a thread fits by any of its comments, and counts once for each feeling in it", () => {
  const { fits, counts } = sift(THREADS, { feeling: "negative", words: "" });
  assert.deepEqual(fits, [true, false, false, false]);
  assert.deepEqual(counts, { all: 4, positive: 1, neutral: 1, negative: 1, other: 1 });
});

test("feeling and words must be those of the same comment", () => {
  assert.deepEqual(sift(THREADS, { feeling: "negative", words: "filter" }).fits, [false, false, false, false]);
  assert.deepEqual(sift(THREADS, { feeling: "positive", words: "filter" }).fits, [true, false, false, false]);
});

test("every word must be there, in text or author, however it is written", () => {
  assert.deepEqual(sift(THREADS, { feeling: "all", words: "  WHICH   filt " }).fits, [false, true, false, false]);
  assert.deepEqual(sift(THREADS, { feeling: "all", words: "strasse bonito" }).fits, [false, false, true, false]);
});

test("counts are of what holds the words, so that each button says what it would show", () => {
  const { counts } = sift(THREADS, { feeling: "negative", words: "filter" });
  assert.deepEqual(counts, { all: 2, positive: 1, neutral: 1, negative: 0, other: 0 });
});

test("a comment without a label is shown among all, and by none of the feelings", () => {
  assert.deepEqual(sift(THREADS, { feeling: "all", words: "" }).fits, [true, true, true, true]);
  for (const feeling of /** @type {const} */ (["positive", "neutral", "negative", "other"])) {
    assert.equal(sift(THREADS, { feeling, words: "" }).fits[3], false);
  }
});
