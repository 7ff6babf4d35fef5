// An analysis that is open on the page, wherever it came from: its numbers and its comments, each with its label.

/** @typedef {import("../extension/backend/answer.js").Analysis} Analysis */
/** @typedef {import("../extension/backend/answer.js").Label} Label */
/** @typedef {import("../extension/backend/answer.js").Counts} Counts */
/** @typedef {import("../extension/backend/answer.js").Score} Score */
/** @typedef {import("../extension/youtube/comment.js").Comment} Comment */
/** @typedef {import("../extension/backend/answer.js").Prediction} Prediction */
/** @typedef {import("../extension/backend/answer.js").Answer} Answer */
/** @typedef {Analysis["words"]} Words */
/**
 * @typedef {{
 *   id: string | null, text: string | null, author: string | null, likes: number, published_at: string | null,
 *   published_at_width: number, reply_to: string | null, pinned: boolean, hearted: boolean, label: Label, score: number,
 *   language: string,
 * }} LabelledComment
 */
/** @typedef {{ id: string, analysed_at: string, counts: Counts, score: Score }} Visit */
/**
 * @typedef {{
 *   name: string, analysis: Omit<Answer, "predictions">, comments: LabelledComment[], visits: Visit[],
 *   analysedAt: string | null, remarks: string[],
 * }} Opened
 */

/**
 * @param {Comment[]} comments
 * @param {Prediction[]} predictions in the same order
 * @returns {LabelledComment[]}
 */
export const labelled = (comments, predictions) =>
  comments.map((comment, index) => {
    const { label, score, language } = predictions[index];
    return {
      id: comment.id,
      text: comment.text,
      author: comment.author ?? null,
      likes: comment.likes ?? 0,
      published_at: comment.published_at ?? null,
      published_at_width: comment.published_at_width ?? 0,
      reply_to: comment.reply_to ?? null,
      pinned: comment.pinned ?? false,
      hearted: comment.hearted ?? false,
      label,
      score,
      language,
    };
  });
