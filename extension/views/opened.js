// An analysis that is open, wherever it came from: its numbers and its comments, each with its label. What all views
// show, in the popup, in the full view and on the creator's page.

/** @typedef {import("../backend/answer.js").Analysis} Analysis */
/** @typedef {import("../backend/answer.js").Label} Label */
/** @typedef {import("../backend/answer.js").Counts} Counts */
/** @typedef {import("../backend/answer.js").Score} Score */
/** @typedef {import("../youtube/comment.js").Comment & { byOwner?: boolean, level?: number, edited?: boolean }} Comment */
/** @typedef {Record<Label, number>} Probabilities */
/**
 * @typedef {{
 *   id: string, label: Label, score: number, language: string, truncated: boolean,
 *   probabilities?: Probabilities | null,
 * }} Prediction
 */
/** @typedef {Analysis["words"]} Words */
/**
 * @typedef {{ id: string, title?: string | null, channel?: string | null, published_at?: string | null }} Video
 */
/**
 * What a stored analysis and a new one have in common; without words where texts aren't stored.
 *
 * @typedef {Omit<Analysis, "top_comments" | "words" | "video"> & {
 *   video: Video, words: Words | null, predictions: Prediction[],
 * }} Answer
 */
/**
 * @typedef {{
 *   id: string | null, text: string | null, author: string | null, likes: number, published_at: string | null,
 *   published_at_width: number, reply_to: string | null, pinned: boolean, hearted: boolean, label: Label, score: number,
 *   language: string | null, probabilities?: Probabilities | null, byOwner?: boolean, edited?: boolean, level?: number,
 *   corrected?: Label | null,
 * }} LabelledComment corrected is what a person made of the label
 */
/** @typedef {{ id: string, analysed_at: string, counts: Counts, score: Score }} Visit */
/**
 * @typedef {{
 *   name: string, analysis: Omit<Answer, "predictions">, comments: LabelledComment[], visits: Visit[],
 *   analysedAt: string | null, remarks: string[],
 * }} Opened
 */

/**
 * @param {Comment} comment
 * @param {Omit<Prediction, "id" | "truncated" | "language"> & { language: string | null }} prediction
 * @param {Label | null} [corrected]
 * @returns {LabelledComment}
 */
export const labelledComment = (comment, { label, score, language, probabilities }, corrected = null) => ({
  id: comment.id,
  text: comment.text,
  author: comment.author ?? null,
  likes: comment.likes ?? 0,
  published_at: comment.published_at ?? null,
  published_at_width: comment.published_at_width ?? 0,
  reply_to: comment.reply_to ?? null,
  pinned: comment.pinned ?? false,
  hearted: comment.hearted ?? false,
  byOwner: comment.byOwner ?? false,
  edited: comment.edited ?? false,
  level: comment.level ?? (comment.reply_to ? 1 : 0),
  label,
  score,
  language,
  probabilities: probabilities ?? null,
  corrected,
});

/**
 * @param {Comment[]} comments
 * @param {Prediction[]} predictions in the same order
 * @returns {LabelledComment[]}
 */
export const labelled = (comments, predictions) =>
  comments.map((comment, index) => labelledComment(comment, predictions[index]));
