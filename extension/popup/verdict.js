// The one phrase for a whole comment section. Knows thresholds; the phrases are messages.

/** @typedef {import("../backend/answer.js").Counts} Counts */
/** @typedef {import("../backend/answer.js").Score} Score */

const FELT = 0.15;
const STRONG = 0.5;
const BOTH_SIDES = 0.3;
const MOSTLY = 0.6;
const FEW = 20;

/**
 * @param {Counts} counts
 * @param {Score} score
 * @returns {string} name of a message
 */
export function verdict(counts, { mean }) {
  const share = (/** @type {number} */ count) => count / Math.max(1, counts.total);
  if (mean >= STRONG) return "verdictVeryPositive";
  if (mean <= -STRONG) return "verdictVeryNegative";
  if (Math.min(share(counts.negative), share(counts.positive)) >= BOTH_SIDES) return "verdictDivided";
  if (mean >= FELT) return "verdictPositive";
  if (mean <= -FELT) return "verdictNegative";
  return share(counts.neutral) >= MOSTLY ? "verdictNeutral" : "verdictMixed";
}

/** @param {Counts} counts */
export const tooFew = (counts) => counts.total < FEW;
