import assert from "node:assert/strict";
import { test } from "node:test";

import { chosen, ORDERS } from "../../extension/analysis/filter.js";

/** @typedef {import("../../extension/analysis/filter.js").Filter} Filter */
/** @typedef {import("../../extension/views/opened.js").LabelledComment} LabelledComment */

/** @type {(id: string, more: Partial<LabelledComment>) => LabelledComment} */
const comment = (id, more) => ({
  ...{ id, text: id, author: "@someone", likes: 0, published_at: null, published_at_width: 0, reply_to: null },
  ...{ pinned: false, hearted: false, label: "neutral", score: 0, language: "en", ...more },
});

const COMMENTS = [
  comment("loved", { text: "I loved the Straße", label: "positive", score: 0.9, likes: 3 }),
  comment("hated", { text: "I hated it", label: "negative", score: -0.8, likes: 40, published_at: "2026-03-02T12:00:00Z" }),
  comment("answer", { reply_to: "hated", label: "positive", score: 0.7, published_at: "2026-03-05T12:00:00Z" }),
  comment("other answer", { reply_to: "hated", label: "negative", score: -0.6, published_at: "2026-03-04T12:00:00Z" }),
  comment("foreign", { text: "me encanta", author: "@Ana", label: "positive", score: 0.1, language: "es" }),
  comment("torn", {
    ...{ likes: 9, label: "positive", score: 0.02 },
    probabilities: { negative: 0.44, neutral: 0.1, positive: 0.46 },
  }),
];
/** @type {Filter} */
const ALL = {
  feelings: new Set(["positive", "neutral", "negative", "other"]),
  ...{ words: "", word: "", likes: 0, from: "", until: "", replies: "", language: "", order: "given" },
};

/** @param {Partial<Filter>} filter */
const found = (filter) => chosen(COMMENTS, { ...ALL, ...filter }).map(({ id }) => id);

for (const [name, filter, ids] of /** @type {[string, Partial<Filter>, string[]][]} */ ([
  ["nothing asked", {}, COMMENTS.map(({ id }) => id)],
  ["a feeling", { feelings: new Set(["negative"]) }, ["hated", "other answer"]],
  ["a language that the model doesn't know", { feelings: new Set(["other"]) }, ["foreign"]],
  ["letters anywhere, however written", { words: "STRASSE love" }, ["loved"]],
  ["an author", { words: "@ana" }, ["foreign"]],
  ["a word by itself", { word: "hate" }, []],
  ["a word of the cloud", { word: "hated" }, ["hated"]],
  ["likes", { likes: 9 }, ["hated", "torn"]],
  ["a first day", { from: "2026-03-04" }, ["answer", "other answer"]],
  ["a last day", { until: "2026-03-04" }, ["hated", "other answer"]],
  ["replies alone", { replies: "replies" }, ["answer", "other answer"]],
  ["no replies", { replies: "comments", likes: 1 }, ["loved", "hated", "torn"]],
  ["what was answered", { replies: "answered" }, ["hated"]],
  ["a language", { language: "es" }, ["foreign"]],
])) {
  test(`${name} is found`, () => assert.deepEqual(found(filter), ids));
}

for (const [order, first, last] of [
  ["likes", "hated", null],
  ["newest", "answer", null],
  ["oldest", "hated", null],
  ["positive", "loved", "hated"],
  ["negative", "hated", "loved"],
  ["surest", "loved", "foreign"],
  ["unsure", "foreign", "loved"],
  ["divided", "hated", null],
  ["standing-out", "hated", null],
]) {
  test(`the order ${order} begins and ends as its name says`, () => {
    const ids = found({ order: String(order) });
    assert.equal(ids[0], first);
    if (last) assert.equal(ids.at(-1), last);
    assert.equal(ids.length, COMMENTS.length);
  });
}

test("what divides people comes before what is torn in itself, and every order has a test", () => {
  assert.deepEqual(found({ order: "divided" }).slice(0, 2), ["hated", "torn"]);
  assert.equal(Object.keys(ORDERS).length, 10);
});

test("a corrected comment is what a person made of it, surely", () => {
  const mended = COMMENTS.map((one) => (one.id === "torn" ? { ...one, corrected: /** @type {const} */ ("negative") } : one));
  const filter = { ...ALL, order: "surest", feelings: new Set(["negative"]) };
  assert.deepEqual(chosen(mended, filter).map(({ id }) => id), ["torn", "hated", "other answer"]);
});
