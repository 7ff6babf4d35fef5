// The shape of an analysis, as types. A newer backend may send more fields; nothing here minds.

/** @typedef {"negative" | "neutral" | "positive"} Label */
/** @typedef {{ negative: number, neutral: number, positive: number, total: number }} Counts */
/** @typedef {{ mean: number, low: number, high: number }} Score */
/**
 * @typedef {{
 *   start: string, negative: number, neutral: number, positive: number,
 *   mean: number | null, low: number | null, high: number | null,
 * }} TrendStep
 */
/** @typedef {{ term: string, count: number, weight: number, mean: number }} Word */
/**
 * @typedef {{
 *   id: string, text: string, author: string | null, likes: number, label: Label, score: number,
 *   published_at: string | null, reply_to: string | null,
 * }} TopComment
 */
/** @typedef {"hour" | "day" | "week" | "month" | "year"} Bucket */
/**
 * @typedef {{
 *   video: { id: string, title?: string | null },
 *   model: { name: string, version: string },
 *   counts: Counts,
 *   like_weighted?: { negative: number, neutral: number, positive: number, total: number, mean: number },
 *   score: Score,
 *   bucket: Bucket,
 *   undated: number,
 *   trend: TrendStep[],
 *   words: { all: Word[], negative: Word[], neutral: Word[], positive: Word[] },
 *   top_comments: { negative: TopComment[], positive: TopComment[], controversial: TopComment[] },
 *   languages: Record<string, number>,
 * }} Analysis
 */

/**
 * What the backend says of one comment; an older one leaves out probabilities.
 *
 * @typedef {{
 *   id: string, label: Label, score: number, language: string, truncated: boolean,
 *   probabilities?: Record<Label, number>,
 * }} Prediction
 */
/**
 * What a stored analysis and a new one have in common; without words where texts aren't stored.
 *
 * @typedef {Omit<Analysis, "top_comments" | "words" | "video"> & {
 *   video: { id: string, title?: string | null, channel?: string | null }, words: Analysis["words"] | null,
 *   top_comments?: Analysis["top_comments"], predictions: Prediction[],
 * }} Answer
 */

/** @type {readonly Label[]} */
export const LABELS = ["negative", "neutral", "positive"];
