// Counts of comments by feeling, their mean and their course over time, from each comment's own label, so that they
// follow a correction at once and leave out what the model can't read. The same sums as the server's
// (backend/analysis). Knows no texts.

import { FEELINGS, feelingOf, scoreOf } from "./feeling.js";
import { meanInterval } from "./interval.js";

/** @typedef {import("../backend/answer.js").Score} Score */
/** @typedef {import("../backend/answer.js").TrendStep} TrendStep */
/** @typedef {import("./feeling.js").Feeling} Feeling */
/** @typedef {import("./feeling.js").Judged & { likes: number, published_at: string | null }} Counted */
/** @typedef {Record<Feeling, number> & { total: number }} Numbers total is that of all, the other languages too */
/** @typedef {TrendStep & { other: number }} Step */
/**
 * score and weighted.mean are of the comments that the model can read; null where there is none.
 *
 * @typedef {{ counts: Numbers, score: Score | null, weighted: Numbers & { mean: number | null } }} Tally
 */

/** @returns {Numbers} */
const nothing = () => ({ positive: 0, neutral: 0, negative: 0, other: 0, total: 0 });

/** @param {Counted} comment a like says "me too" */
const weightOf = ({ likes }) => 1 + likes;

/**
 * @param {Counted[]} comments
 * @returns {Tally}
 */
export function tally(comments) {
  const counts = nothing();
  const weights = nothing();
  let weighted = 0;
  /** @type {number[]} */
  const scores = [];
  for (const comment of comments) {
    const feeling = feelingOf(comment);
    const weight = weightOf(comment);
    counts[feeling] += 1;
    counts.total += 1;
    weights[feeling] += weight;
    weights.total += weight;
    if (feeling === "other") continue;
    scores.push(scoreOf(comment));
    weighted += weight * scoreOf(comment);
  }
  const read = weights.total - weights.other;
  return {
    counts,
    score: scores.length ? meanInterval(scores) : null,
    weighted: { ...weights, mean: read ? weighted / read : null },
  };
}

/**
 * The steps that the server chose, which knows how sure the dates are, counted anew.
 *
 * @param {Counted[]} comments those without a date are left out
 * @param {{ start: string }[]} steps in order; a comment from before the first belongs to it
 * @returns {Step[]}
 */
export function course(comments, steps) {
  const starts = steps.map(({ start }) => Date.parse(start));
  /** @type {Counted[][]} */
  const inside = steps.map(() => []);
  if (steps.length === 0) return [];
  for (const comment of comments) {
    if (comment.published_at) inside[stepAt(starts, Date.parse(comment.published_at))].push(comment);
  }
  return steps.map(({ start }, index) => {
    const { counts, score } = tally(inside[index]);
    const { mean, low, high } = score ?? { mean: null, low: null, high: null };
    const by = Object.fromEntries(FEELINGS.map((feeling) => [feeling, counts[feeling]]));
    return /** @type {Step} */ ({ start, ...by, mean, low, high });
  });
}

/**
 * @param {number[]} starts ascending
 * @param {number} moment
 * @returns {number} the last start that is not after the moment
 */
function stepAt(starts, moment) {
  let [from, to] = [0, starts.length - 1];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (starts[middle] <= moment) from = middle;
    else to = middle - 1;
  }
  return from;
}
