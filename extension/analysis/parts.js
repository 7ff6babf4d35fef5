// More comments than one request may hold: how they are shared out, and how the answers become one. A thread
// stays together, and every part spans the whole time, so that the parts' steps of time agree. Knows the shape of
// an analysis; knows no HTTP.

import { LABELS } from "../backend/answer.js";
import { meanInterval } from "./interval.js";

/** @typedef {import("../backend/answer.js").TrendStep} TrendStep */
/** @typedef {import("../backend/answer.js").Word} Word */
/** @typedef {import("../backend/answer.js").Bucket} Bucket */
/** @typedef {import("../youtube/comment.js").Comment} Comment */
/** @typedef {import("../views/opened.js").Answer} Answer */

/** @type {Bucket[]} */
const BUCKETS = ["hour", "day", "week", "month", "year"];
/** What the rest of a request takes: video, options, brackets. */
const SPARE_BYTES = 16_384;
const KINDS = /** @type {const} */ (["all", "negative", "neutral", "positive"]);

const encoder = new TextEncoder();

/**
 * @param {Comment[]} comments
 * @param {{ comments: number, bytes: number }} most that a request may hold
 * @returns {Comment[][]}
 */
export function shareOut(comments, most) {
  const sizes = new Map(comments.map((comment) => [comment, encoder.encode(JSON.stringify(comment)).length + 1]));
  const bytes = Array.from(sizes.values()).reduce((sum, size) => sum + size, 0);
  const room = most.bytes - SPARE_BYTES;
  const least = Math.max(Math.ceil(comments.length / most.comments), Math.ceil(bytes / room));
  for (let count = least; count <= comments.length; count += 1) {
    const parts = dealt(comments, count);
    const fits = parts.every(
      (part) => part.length <= most.comments && part.reduce((sum, comment) => sum + (sizes.get(comment) ?? 0), 0) <= room,
    );
    if (fits) return parts.filter((part) => part.length > 0);
  }
  return comments.map((comment) => [comment]);
}

/**
 * @param {Comment[]} comments
 * @param {number} count
 */
function dealt(comments, count) {
  /** @type {Comment[][]} */
  const parts = Array.from({ length: count }, () => []);
  /** @type {Map<string, Comment[]>} */
  const threads = new Map();
  for (const comment of comments) {
    const root = comment.reply_to ?? comment.id;
    threads.set(root, [...(threads.get(root) ?? []), comment]);
  }
  for (const thread of threads.values()) {
    parts.reduce((least, part) => (part.length < least.length ? part : least)).push(...thread);
  }
  return parts;
}

/**
 * @param {Answer[]} answers of the parts; an older backend leaves some of each out
 * @param {Comment[]} comments all, in the order in which predictions are wanted
 * @param {{ words: number }} most words of each kind
 * @returns {Answer}
 */
export function joined(answers, comments, most) {
  if (answers.length === 1) return answers[0];
  const predictions = new Map(answers.flatMap((answer) => answer.predictions).map((found) => [found.id, found]));
  const inOrder = comments.map(({ id }) => /** @type {Answer["predictions"][number]} */ (predictions.get(id)));
  const sum = (/** @type {(answer: Answer) => number} */ of) => answers.reduce((total, answer) => total + of(answer), 0);
  const counts = { negative: 0, neutral: 0, positive: 0, total: comments.length };
  for (const label of LABELS) counts[label] = sum((answer) => answer.counts[label]);
  const bucket = BUCKETS[Math.max(...answers.map((answer) => BUCKETS.indexOf(answer.bucket)))];
  return {
    ...answers[0],
    counts,
    like_weighted: joinedWeights(answers),
    score: meanInterval(inOrder.map(({ score }) => score)),
    bucket,
    trend: joinedTrend(answers, bucket),
    undated: sum((answer) => answer.undated ?? 0),
    words: joinedWords(answers, most.words),
    languages: joinedLanguages(answers),
    predictions: inOrder,
  };
}

/** @param {Answer[]} answers */
function joinedWeights(answers) {
  const weights = { negative: 0, neutral: 0, positive: 0, total: 0, mean: 0 };
  for (const { like_weighted: one } of answers) {
    if (!one) return undefined;
    for (const key of /** @type {const} */ ([...LABELS, "total"])) weights[key] += one[key];
    weights.mean += one.mean * one.total;
  }
  return { ...weights, mean: weights.mean / weights.total };
}

/**
 * Steps of the same start are one; a finer step belongs to the coarser one that it lies in.
 *
 * @param {Answer[]} answers
 * @param {Bucket} bucket
 * @returns {TrendStep[]}
 */
function joinedTrend(answers, bucket) {
  /** @type {Map<number, string>} */
  const starts = new Map();
  for (const answer of answers.filter((one) => one.bucket === bucket)) {
    for (const { start } of answer.trend ?? []) starts.set(Date.parse(start), start);
  }
  const order = [...starts.keys()].sort((a, b) => a - b);
  /** @type {Map<number, TrendStep[]>} */
  const inside = new Map(order.map((moment) => [moment, []]));
  for (const step of answers.flatMap((answer) => answer.trend ?? [])) {
    const moment = order.findLast((start) => start <= Date.parse(step.start)) ?? order[0];
    inside.get(moment)?.push(step);
  }
  return order.map((moment) => joinedStep(starts.get(moment) ?? "", inside.get(moment) ?? []));
}

/**
 * @param {string} start
 * @param {TrendStep[]} steps
 * @returns {TrendStep}
 */
function joinedStep(start, steps) {
  const number = (/** @type {TrendStep} */ step) => step.negative + step.neutral + step.positive;
  /** @type {TrendStep} */
  const one = { start, negative: 0, neutral: 0, positive: 0, mean: null, low: null, high: null };
  for (const label of LABELS) one[label] = steps.reduce((sum, step) => sum + step[label], 0);
  const all = number(one);
  if (all === 0) return one;
  const share = (/** @type {TrendStep} */ step) => number(step) / all;
  const mean = steps.reduce((sum, step) => sum + share(step) * (step.mean ?? 0), 0);
  const half = Math.hypot(...steps.map((step) => (share(step) * ((step.high ?? 0) - (step.low ?? 0))) / 2));
  return { ...one, mean, low: Math.max(-1, mean - half), high: Math.min(1, mean + half) };
}

/**
 * Counts add up. How much a word stands out is a standard score in each part, and of independent ones the sum
 * over the root of their number is one again.
 *
 * @param {Answer[]} answers
 * @param {number} most
 */
function joinedWords(answers, most) {
  const words = { all: [], negative: [], neutral: [], positive: [] };
  return Object.assign(
    words,
    Object.fromEntries(
      KINDS.map((kind) => {
        /** @type {Map<string, Word>} */
        const found = new Map();
        for (const word of answers.flatMap((answer) => answer.words?.[kind] ?? [])) {
          const known = found.get(word.term) ?? { term: word.term, count: 0, weight: 0, mean: 0 };
          const count = known.count + word.count;
          const weight = known.weight + word.weight / (kind === "all" ? 1 : Math.sqrt(answers.length));
          const mean = (known.mean * known.count + word.mean * word.count) / count;
          found.set(word.term, { term: word.term, count, weight, mean });
        }
        const ranked = [...found.values()].sort((a, b) => b.weight - a.weight || b.count - a.count);
        return [kind, ranked.slice(0, most)];
      }),
    ),
  );
}

/** @param {Answer[]} answers */
function joinedLanguages(answers) {
  /** @type {Record<string, number>} */
  const languages = {};
  for (const [language, count] of answers.flatMap((answer) => Object.entries(answer.languages ?? {}))) {
    languages[language] = (languages[language] ?? 0) + count;
  }
  return languages;
}
