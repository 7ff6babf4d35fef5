// The one phrase for a whole comment section. Knows thresholds; the phrases are messages.

/** @typedef {import("../backend/answer.js").Score} Score */
/** @typedef {import("../analysis/tally.js").Numbers} Numbers */

const FELT = 0.15;
const STRONG = 0.5;
const BOTH_SIDES = 0.3;
const MOSTLY = 0.6;
const FEW = 20;

/** Those that the model can read. @param {Numbers} counts */
const understood = ({ total, other }) => total - other;

/**
 * @param {Numbers} counts
 * @param {Score | null} score
 * @returns {string} name of a message
 */
export function verdict(counts, score) {
  if (!score) return "verdictUnknown";
  const { mean } = score;
  const share = (/** @type {number} */ count) => count / Math.max(1, understood(counts));
  if (mean >= STRONG) return "verdictVeryPositive";
  if (mean <= -STRONG) return "verdictVeryNegative";
  if (Math.min(share(counts.negative), share(counts.positive)) >= BOTH_SIDES) return "verdictDivided";
  if (mean >= FELT) return "verdictPositive";
  if (mean <= -FELT) return "verdictNegative";
  return share(counts.neutral) >= MOSTLY ? "verdictNeutral" : "verdictMixed";
}

/** @param {Numbers} counts */
export const tooFew = (counts) => understood(counts) < FEW;
