// The mean of scores with its 95 % interval, and whether two means differ. The same sums as the server's
// (backend/analysis/interval.py): two pseudo-observations, one at either end, keep few scores honest.

/** @typedef {import("../backend/answer.js").Score} Score */

const Z = 1.959964;

/**
 * @param {number[]} scores each in [-1, 1]
 * @returns {Score}
 */
export const meanInterval = (scores) =>
  intervalOfSums(
    scores.length,
    scores.reduce((sum, value) => sum + value, 0),
    scores.reduce((sum, value) => sum + value * value, 0),
  );

/**
 * @param {number} count of scores
 * @param {number} sum of them
 * @param {number} squares their sum
 * @returns {Score}
 */
export function intervalOfSums(count, sum, squares) {
  const mean = sum / count;
  const widened = count + 2;
  const centre = sum / widened;
  const half = Z * Math.sqrt(Math.max(0, (squares + 2) / widened - centre ** 2) / widened);
  return { mean, low: Math.max(-1, Math.min(mean, centre - half)), high: Math.min(1, Math.max(mean, centre + half)) };
}

/**
 * @param {Score} a
 * @param {Score} b
 * @returns {{ by: number, low: number, high: number, sure: boolean }} how much b is above a
 */
export function difference(a, b) {
  const by = b.mean - a.mean;
  const half = Math.hypot((a.high - a.low) / 2, (b.high - b.low) / 2);
  return { by, low: by - half, high: by + half, sure: Math.abs(by) > half };
}
