// Which comments are shown, and in what order. Knows what a person may ask for; knows nothing of how it is asked.

import { feelingOf, scoreOf } from "./feeling.js";
import { folded, holding } from "./terms.js";

/** @typedef {import("../views/opened.js").LabelledComment} LabelledComment */
/**
 * @typedef {{
 *   feelings: Set<string>, words: string, word: string, likes: number, from: string, until: string, replies: string,
 *   language: string, order: string,
 * }} Filter words are found anywhere, word only by itself; from and until are days; "" is any
 */

/** Comes after every date. */
const LAST = "9999";
/** With less probability than this on either side, a comment is not torn between the two. The server's number. */
const TORN = 0.2;

/** How sure of itself, and shared by how many: what the server ranks top comments by. @param {LabelledComment} comment */
const loudness = (comment) => Math.abs(scoreOf(comment)) * (1 + Math.log1p(comment.likes));

/** The probability of its label. @param {LabelledComment} comment */
export const confidence = ({ corrected, probabilities, label, score }) =>
  corrected ? 1 : (probabilities?.[label] ?? Math.abs(score));

/** @param {LabelledComment} comment */
const moment = ({ published_at: written }) => written ?? "";

/** @typedef {(a: LabelledComment, b: LabelledComment) => number} Order */
/** @typedef {(comments: LabelledComment[]) => Order} OrderOf */

/** Each by its name; "given" is as they came. @type {Record<string, OrderOf>} */
export const ORDERS = {
  "standing-out": () => (a, b) => loudness(b) - loudness(a),
  likes: () => (a, b) => b.likes - a.likes,
  newest: () => (a, b) => moment(b).localeCompare(moment(a)),
  oldest: () => (a, b) => (a.published_at ?? LAST).localeCompare(b.published_at ?? LAST),
  positive: () => (a, b) => scoreOf(b) - scoreOf(a),
  negative: () => (a, b) => scoreOf(a) - scoreOf(b),
  surest: () => (a, b) => confidence(b) - confidence(a),
  unsure: () => (a, b) => confidence(a) - confidence(b),
  divided: (comments) => {
    const heat = heats(comments);
    return (a, b) => (heat.get(b) ?? 0) - (heat.get(a) ?? 0);
  },
  given: () => () => 0,
};

/**
 * How much a comment divides people, as the server ranks it (backend/analysis/top_comments.py): first those whose
 * direct replies disagree, then liked ones that are torn themselves.
 *
 * @param {LabelledComment[]} comments
 * @returns {Map<LabelledComment, number>}
 */
export function heats(comments) {
  /** @type {Map<string, LabelledComment[]>} */
  const replies = new Map();
  for (const comment of comments) {
    if (comment.reply_to && comment.reply_to !== comment.id) {
      replies.set(comment.reply_to, [...(replies.get(comment.reply_to) ?? []), comment]);
    }
  }
  /** @type {Map<LabelledComment, number>} */
  const heat = new Map();
  for (const comment of comments) {
    const answers = (comment.id && replies.get(comment.id)) || [];
    const felt = new Set(answers.map(feelingOf));
    if (felt.has("negative") && felt.has("positive")) {
      // Above every torn one, whose heat is at most half its loudness.
      heat.set(comment, 100 + deviation(answers.map(scoreOf)) * (1 + Math.log(answers.length)));
      continue;
    }
    const sides = Math.min(comment.probabilities?.negative ?? 0, comment.probabilities?.positive ?? 0);
    if (comment.likes > 0 && sides >= TORN && feelingOf(comment) !== "other") {
      heat.set(comment, sides * (1 + Math.log1p(comment.likes)));
    }
  }
  return heat;
}

/** @param {number[]} values */
function deviation(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** @type {WeakMap<LabelledComment, string>} */
const searchable = new WeakMap();

/** @param {LabelledComment} comment */
function writtenIn(comment) {
  const known = searchable.get(comment);
  if (known !== undefined) return known;
  const written = folded(`${comment.text ?? ""}\n${comment.author ?? ""}`);
  searchable.set(comment, written);
  return written;
}

/** The day of a moment where the person is, as a date field has it. @param {string} moment */
function localDay(moment) {
  const date = new Date(moment);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** @type {Record<string, (comment: LabelledComment, answered: Set<string | null>) => boolean>} */
const REPLIES = {
  "": () => true,
  comments: ({ reply_to: parent }) => parent === null,
  answered: ({ id }, answered) => answered.has(id),
  replies: ({ reply_to: parent }) => parent !== null,
};

/**
 * @param {LabelledComment[]} comments
 * @param {Filter} filter
 * @returns {LabelledComment[]}
 */
export function chosen(comments, filter) {
  const wanted = folded(filter.words).split(/\s+/u).filter(Boolean);
  const holds = filter.word ? holding(filter.word) : null;
  const answered = new Set(filter.replies === "answered" ? comments.map(({ reply_to: parent }) => parent) : []);
  const found = comments.filter((comment) => {
    const day = comment.published_at && (filter.from || filter.until) ? localDay(comment.published_at) : "";
    return (
      filter.feelings.has(feelingOf(comment)) &&
      comment.likes >= filter.likes &&
      (!filter.language || comment.language === filter.language) &&
      (!filter.from || (day !== "" && day >= filter.from)) &&
      (!filter.until || (day !== "" && day <= filter.until)) &&
      (REPLIES[filter.replies] ?? REPLIES[""])(comment, answered) &&
      wanted.every((word) => writtenIn(comment).includes(word)) &&
      (!holds || holds(writtenIn(comment)))
    );
  });
  return found.sort((ORDERS[filter.order] ?? ORDERS.given)(comments));
}
