// What a comment is counted as: the model's label, what a person made of it, or, where it is in a language that the
// model wasn't trained on, none of the three. Knows labels and languages; knows no texts.

/** @typedef {import("../backend/answer.js").Label} Label */
/** @typedef {Label | "other"} Feeling "other" is a comment in a language that the model doesn't know */
/** @typedef {{ label: Label, score: number, language: string | null, corrected?: Label | null }} Judged */

/** Best first. @type {readonly Feeling[]} */
export const FEELINGS = ["positive", "neutral", "negative", "other"];

/** English; what is too short to tell; what an older backend says nothing of. */
const KNOWN = new Set(["en", "und", null]);

/** @type {Record<Label, number>} */
const SURE_SCORES = { negative: -1, neutral: 0, positive: 1 };

/**
 * @param {string | null} language as the backend tells it
 * @returns {boolean} whether the model's label of such a comment means anything
 */
export const isKnownLanguage = (language) => KNOWN.has(language);

/**
 * @param {Judged} comment
 * @returns {Feeling}
 */
export const feelingOf = ({ label, language, corrected }) =>
  corrected ?? (isKnownLanguage(language) ? label : "other");

/**
 * @param {Judged} comment
 * @returns {number} in [-1, 1]; a person's word is sure
 */
export const scoreOf = ({ score, corrected }) => (corrected ? SURE_SCORES[corrected] : score);
