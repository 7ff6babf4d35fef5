// Which threads a filter shows, and how many each of its buttons would. A thread is shown whole where it or one of its
// replies fits, so that an answer keeps what it answers. Knows neither the page nor where labels come from.

import { FEELINGS } from "./feeling.js";
import { folded } from "./terms.js";

/** @typedef {import("./feeling.js").Feeling} Feeling */
/** @typedef {{ text: string, author: string, feeling: Feeling | null }} Said a comment; null while it has no label */
/** @typedef {{ feeling: Feeling | "all", words: string }} Choice words are found anywhere in a comment or its author */
/** @typedef {Record<Feeling | "all", number>} Counts of threads; one can be in several */

/**
 * @param {Said[][]} threads
 * @param {Choice} choice
 * @returns {{ fits: boolean[], counts: Counts }} counts are of the threads that hold the words
 */
export function sift(threads, { feeling, words }) {
  const wanted = folded(words).split(/\s+/u).filter(Boolean);
  const counts = { all: 0, positive: 0, neutral: 0, negative: 0, other: 0 };
  const fits = threads.map((comments) => {
    const holding = wanted.length > 0 ? comments.filter((comment) => holds(comment, wanted)) : comments;
    if (holding.length === 0) return false;
    const felt = new Set(holding.map((comment) => comment.feeling));
    counts.all += 1;
    for (const each of FEELINGS) if (felt.has(each)) counts[each] += 1;
    return feeling === "all" || felt.has(feeling);
  });
  return { fits, counts };
}

/** @param {Said} comment @param {string[]} wanted */
function holds({ text, author }, wanted) {
  const written = folded(`${text}\n${author}`);
  return wanted.every((word) => written.includes(word));
}
