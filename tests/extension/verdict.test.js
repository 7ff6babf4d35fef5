import assert from "node:assert/strict";
import { test } from "node:test";

import { coverage } from "../../extension/views/coverage.js";
import { tooFew, verdict } from "../../extension/views/verdict.js";

const of = (/** @type {number} */ negative, /** @type {number} */ neutral, /** @type {number} */ positive) => ({
  negative,
  neutral,
  positive,
  other: 0,
  total: negative + neutral + positive,
});

for (const [counts, mean, phrase] of /** @type {const} */ ([
  [of(5, 5, 90), 0.8, "verdictVeryPositive"],
  [of(15, 25, 60), 0.4, "verdictPositive"],
  [of(40, 10, 50), 0.1, "verdictDivided"],
  [of(45, 5, 50), 0.2, "verdictDivided"],
  [of(10, 80, 10), 0, "verdictNeutral"],
  [of(25, 45, 30), 0.05, "verdictMixed"],
  [of(60, 20, 20), -0.4, "verdictNegative"],
  [of(95, 5, 0), -0.9, "verdictVeryNegative"],
])) {
  test(`${JSON.stringify(counts)} with a mean of ${mean} is ${phrase}`, () => {
    assert.equal(verdict(counts, { mean, low: mean, high: mean }), phrase);
  });
}

test("a handful of comments is too few to speak for everyone", () => {
  assert.ok(tooFew(of(1, 2, 3)));
  assert.ok(!tooFew(of(100, 100, 100)));
});

for (const [read, announced, reason, repliesOpened, why] of /** @type {const} */ ([
  [320, 1240, "limit", true, "partialLimit"],
  [120, 320, "cancelled", true, "partialCancelled"],
  [120, null, "cancelled", true, "partialCancelled"],
  [20, 30, "stalled", true, "partialStalled"],
  [300, 320, "end", true, "partialHidden"],
  [300, 320, "end", false, "partialReplies"],
  [320, 320, "end", true, null],
  [321, 320, "end", true, null],
  [320, null, "end", true, null],
  [500, 500, "limit", true, null],
  [320, 320, "stalled", true, null],
])) {
  test(`${read} of ${announced}, ended by ${reason}, says ${why}`, () => {
    assert.deepEqual(coverage({ read, announced, reason, repliesOpened }), { partial: why !== null, why });
  });
}
