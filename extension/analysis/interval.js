// The mean of scores with its 95 % interval, and whether two means differ. The same sums as the server's
// (backend/analysis/interval.py): two pseudo-observations, one at either end, keep few scores honest.

/** @typedef {import("../backend/answer.js").Score} Score */

const Z = 1.959964;

/**
 * @param {number[]} scores each in [-1, 1]
 * @returns {Score}
 */
export function meanInterval(scores) {
  const total = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0);
  const mean = total(scores) / scores.length;
  const widened = [...scores, -1, 1];
  const centre = total(widened) / widened.length;
  const variance = total(widened.map((value) => (value - centre) ** 2)) / widened.length;
  const half = Z * Math.sqrt(variance / widened.length);
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
