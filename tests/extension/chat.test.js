import assert from "node:assert/strict";
import { test } from "node:test";

import { ChatCourse, MOST_KEPT } from "../../extension/analysis/chat_course.js";
import { meanInterval } from "../../extension/analysis/interval.js";
import { minuteIn, offsetIn } from "../../extension/youtube/chat_time.js";
import { videoIn } from "../../extension/youtube/address.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NOW = Date.UTC(2026, 10, 25, 12, 0, 30);

const said = (/** @type {string} */ id, /** @type {number} */ at, text = `message ${id} of the chat`) =>
  ({ id, at, text, author: "@someone", role: "" });
/** @param {number} score @returns {import("../../extension/backend/answer.js").Label} */
const labelOf = (score) => (score > 0.3 ? "positive" : score < -0.3 ? "negative" : "neutral");
const judged = (/** @type {number} */ score, language = "en") => ({ label: labelOf(score), score, language });

/** @param {[number, number, string?][]} messages at, score and language of each */
function courseOf(messages) {
  const course = new ChatCourse();
  messages.forEach(([at, score, language], index) => {
    course.take(said(`m${index}`, at));
    course.judge(`m${index}`, judged(score, language));
  });
  return course;
}

test("each window counts the messages of its minutes, and their mean is that of the scores", () => {
  const course = courseOf([[NOW - 14 * MINUTE, -0.8], [NOW - 4 * MINUTE, 0.5], [NOW - 20 * SECOND, 0.9], [NOW, 0.1]]);

  const [one, five, fifteen] = course.windows(NOW);

  assert.deepEqual([one, five, fifteen].map(({ counts }) => counts.total), [2, 3, 4]);
  assert.deepEqual(fifteen.counts, { positive: 2, neutral: 1, negative: 1, other: 0, total: 4 });
  const expected = meanInterval([0.9, 0.1]);
  for (const key of /** @type {const} */ (["mean", "low", "high"])) {
    assert.ok(Math.abs(Number(one.score?.[key]) - expected[key]) < 1e-9, key);
  }
});

test("what the model can't read is counted apart and isn't in the mean", () => {
  const [{ counts, score }] = courseOf([[NOW, -0.9, "ja"], [NOW, 0.6]]).windows(NOW);
  assert.deepEqual({ positive: counts.positive, other: counts.other }, { positive: 1, other: 1 });
  assert.equal(score?.mean, 0.6);
});

test("a message comes once, and one that was taken back neither counts nor comes again", () => {
  const course = courseOf([[NOW, 0.9], [NOW, -0.9]]);
  assert.equal(course.take(said("m0", NOW)), false);

  assert.equal(course.drop("m1")?.judged?.score, -0.9);
  assert.equal(course.drop("m1"), null);
  assert.equal(course.take(said("m1", NOW)), false);

  const [{ counts, seen, score }] = course.windows(NOW);
  assert.deepEqual([counts.total, counts.negative, seen, score?.mean], [1, 0, 1, 0.9]);
  assert.deepEqual(course.telling(NOW).map(({ id }) => id), ["m0"]);
});

test("the windows move on by themselves", () => {
  const course = courseOf([[NOW, 0.9]]);
  const totals = (/** @type {number} */ later) => course.windows(NOW + later).map(({ counts }) => counts.total);
  assert.deepEqual(totals(2 * MINUTE), [0, 1, 1]);
  assert.deepEqual(totals(6 * MINUTE), [0, 0, 1]);
  assert.deepEqual(totals(16 * MINUTE), [0, 0, 0]);
  assert.deepEqual(course.telling(NOW + 6 * MINUTE), []);
});

test("a hundred messages a second for an hour take no more memory than those of some minutes", () => {
  const course = new ChatCourse();
  for (let count = 0; count < 360_000; count += 1) {
    const at = NOW + count * 10;
    course.take(said(`m${count}`, at));
    if (count % 2 === 0) course.judge(`m${count}`, judged(count % 4 === 0 ? 0.8 : -0.8));
  }
  const until = NOW + 360_000 * 10 - 1;

  assert.ok(course.size.messages <= MOST_KEPT);
  assert.ok(course.size.slots <= 200, String(course.size.slots));
  const fifteen = course.windows(until)[2];
  assert.ok(Math.abs(fifteen.seen - 90_000) <= 500, String(fifteen.seen));
  assert.ok(Math.abs(Number(fifteen.perMinute) - 6_000) <= 40);
  assert.equal(fifteen.counts.total * 2, fifteen.seen);
});

test("the rate is of the time that was read, and of none where that is too short", () => {
  const course = courseOf([[NOW, 0], [NOW + 10 * SECOND, 0], [NOW + 30 * SECOND, 0]]);
  assert.equal(course.windows(NOW + 5 * SECOND)[1].perMinute, null);
  assert.equal(course.windows(NOW + 30 * SECOND)[1].perMinute, 6);
});

test("steps are half minutes that stand still, from the first message on, thirty at most", () => {
  const course = courseOf([[NOW, 0.8], [NOW + 61 * SECOND, -0.8]]);
  const starts = (/** @type {number} */ until) => course.steps(until).map(({ start }) => Number(start));

  assert.deepEqual(starts(NOW + 70 * SECOND), [NOW, NOW + 30 * SECOND, NOW + 60 * SECOND]);
  assert.deepEqual(starts(NOW + 89 * SECOND), starts(NOW + 70 * SECOND));
  assert.deepEqual(course.steps(NOW + 70 * SECOND).map(({ mean }) => mean), [0.8, null, -0.8]);
  assert.equal(course.steps(NOW + 40 * MINUTE).length, 30);
});

test("of a replay, what is yet to come at the place where it is counts nowhere", () => {
  const course = courseOf([[30 * MINUTE, 0.9], [31 * MINUTE, 0.9]]);
  assert.equal(course.windows(30 * MINUTE)[2].counts.total, 1);
  assert.deepEqual(course.telling(30 * MINUTE).map(({ id }) => id), ["m0"]);
  course.clear();
  assert.deepEqual([course.latest, course.windows(0)[2].seen], [-Infinity, 0]);
});

test("what stands out is strong, new, long enough to say something, and there once", () => {
  const course = new ChatCourse();
  const say = (/** @type {string} */ id, /** @type {number} */ ago, /** @type {number} */ score, text = "") => {
    course.take(said(id, NOW - ago * SECOND, text || `a message of enough letters ${id}`));
    course.judge(id, judged(score));
  };
  say("old", 280, 0.95);
  say("weak", 1, 0.4);
  say("short", 1, 0.99, "lol");
  for (const id of ["a", "b", "c"]) say(id, 2, 0.9);
  say("same", 3, -0.9, "The same words again and again");
  say("again", 2, -0.9, "the same WORDS again and again");

  assert.deepEqual(course.telling(NOW).map(({ id }) => id), ["a", "b", "c", "again"]);
});

test("the time beside a message of a replay is read in every language's digits", () => {
  assert.equal(offsetIn("1:41"), 101 * SECOND);
  assert.equal(offsetIn(" 1:02:31 "), 3_751 * SECOND);
  assert.equal(offsetIn("-0:05"), -5 * SECOND);
  assert.equal(offsetIn("−0:05"), -5 * SECOND);
  assert.equal(offsetIn("१:०२"), 62 * SECOND);
  for (const wrong of ["", "10:32 PM", "41", "a:bc"]) assert.equal(offsetIn(wrong), null, wrong);
});

test("the clock beside a live message tells its minute, however hours are written", () => {
  const now = new Date(2026, 10, 25, 0, 1, 20).getTime();
  const start = new Date(2026, 10, 25, 0, 1, 0).getTime();
  for (const shown of ["12:01 AM", "0:01", "00:01", "오전 12:01", "0 h 01"]) {
    assert.deepEqual(minuteIn(shown, now), { from: start, until: now }, shown);
  }
  assert.deepEqual(minuteIn("11:58 PM", now), { from: start - 3 * MINUTE, until: start - 2 * MINUTE - 1 });
  for (const ahead of ["12:02 AM", "", "soon"]) assert.deepEqual(minuteIn(ahead, now), { from: now, until: now }, ahead);
});

test("the address of a live stream names its video", () => {
  assert.deepEqual(videoIn("https://www.youtube.com/live/jfKfPfyJRdk?feature=share"), { id: "jfKfPfyJRdk", kind: "watch" });
});
