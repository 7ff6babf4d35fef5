import assert from "node:assert/strict";
import { test } from "node:test";

import { cloudLayout, sizes } from "../../extension/charts/cloud_layout.js";
import { angles, outline } from "../../extension/charts/donut.js";
import { position } from "../../extension/charts/range.js";
import { columns, meanY, runs } from "../../extension/charts/trend.js";

const TURN = 2 * Math.PI;
const near = (/** @type {number} */ actual, /** @type {number} */ expected, tolerance = 0.05) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not near ${expected}`);

test("a ring's parts span their shares of the turn, in order", () => {
  const [half, quarter, rest] = angles([50, 25, 25]);
  near(half.to - half.from, TURN / 2);
  near(quarter.from, TURN / 2);
  near(quarter.to, (TURN * 3) / 4);
  near(rest.to, TURN);
});

test("a ring of one part is closed, of nothing is empty", () => {
  assert.deepEqual(angles([0, 7, 0])[1], { from: 0, to: TURN });
  assert.ok(angles([0, 0, 0]).every(({ from, to }) => from === 0 && to === 0));
  assert.match(outline({ from: 0, to: TURN }), /A 66 66 0 1 1/u);
});

test("a sliver is never drawn backwards to leave room for the gap", () => {
  for (const { from, to } of angles([10_000, 1, 0])) assert.ok(to >= from);
});

test("a score's place on the scale goes from end to end and stays on it", () => {
  near(position(0), 167);
  assert.ok(position(-1) < position(0) && position(0) < position(1));
  assert.equal(position(-7), position(-1));
});

test("the line of means is broken where nobody wrote", () => {
  const step = { start: "", negative: 1, neutral: 0, positive: 0, mean: 0.1, low: 0, high: 0.2 };
  const none = { ...step, negative: 0, mean: null, low: null, high: null };
  const found = runs([step, step, none, none, step]);
  assert.deepEqual(
    found.map((run) => run.map(({ index }) => index)),
    [[0, 1], [4]],
  );
});

test("sixty steps fit beside each other, one isn't a wall", () => {
  const many = columns(60);
  assert.ok(many.bar < many.slot && many.centre(59) + many.bar / 2 <= 334);
  assert.ok(columns(1).bar <= 28);
  assert.ok(meanY(1) < meanY(0) && meanY(0) < meanY(-1));
});

const ROOM = { width: 334, height: 190 };
const measure = (/** @type {string} */ term, /** @type {number} */ size) => ({
  width: term.length * size * 0.6,
  height: size * 1.1,
});
const WORDS = Array.from({ length: 60 }, (_, index) => ({
  term: "w".repeat(3 + (index % 9)) + index,
  weight: 100 / (index + 1),
}));

test("no word of a cloud covers another or leaves the picture", () => {
  const boxes = cloudLayout(WORDS, ROOM, measure).map(({ word, size, x, y }) => ({
    x,
    y,
    ...measure(word.term, size),
  }));
  assert.ok(boxes.length > 20);
  boxes.forEach((a, index) => {
    assert.ok(a.x - a.width / 2 >= 0 && a.x + a.width / 2 <= ROOM.width);
    assert.ok(a.y - a.height / 2 >= 0 && a.y + a.height / 2 <= ROOM.height);
    for (const b of boxes.slice(index + 1)) {
      const apart = Math.abs(a.x - b.x) * 2 >= a.width + b.width || Math.abs(a.y - b.y) * 2 >= a.height + b.height;
      assert.ok(apart);
    }
  });
});

test("the same words give the same cloud, in whatever order they come", () => {
  assert.deepEqual(cloudLayout(WORDS, ROOM, measure), cloudLayout(WORDS.toReversed(), ROOM, measure));
});

test("the weightiest word is the largest and in the middle", () => {
  const [first] = cloudLayout(WORDS, ROOM, measure);
  assert.equal(first.word, WORDS[0]);
  assert.deepEqual([first.x, first.y], [ROOM.width / 2, ROOM.height / 2]);
});

test("a word wider than the picture is left out, the others stay", () => {
  const words = [{ term: "x".repeat(500), weight: 9 }, { term: "fits", weight: 1 }];
  assert.deepEqual(
    cloudLayout(words, ROOM, measure).map(({ word }) => word.term),
    ["fits"],
  );
});

test("letters are smaller where that makes room for more words", () => {
  const few = cloudLayout(WORDS.slice(0, 5), ROOM, measure);
  const many = cloudLayout(WORDS, ROOM, measure);
  assert.equal(few.length, 5);
  assert.ok(many[0].size < few[0].size && many.length > 30);
});

test("equal weights give equal sizes, none gives none", () => {
  const [one, other] = sizes([3, 3]);
  assert.equal(one, other);
  assert.deepEqual(cloudLayout([], ROOM, measure), []);
});
