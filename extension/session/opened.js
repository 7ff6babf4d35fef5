// A session as the views show it: the comments that have a label, with what a person made of it. Comments that
// didn't change stay the same objects, so that what is known of them needn't be found again.

import { labelledComment } from "../views/opened.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("../views/opened.js").Opened} Opened */
/** @typedef {import("../views/opened.js").LabelledComment} LabelledComment */

/**
 * @param {Session} session
 * @param {Opened | null} [before] of the same session
 * @returns {Opened | null} null before the first analysis
 */
export function openedFrom({ video, comments, labels, corrections, analysis }, before = null) {
  if (!analysis) return null;
  const known = new Map(before?.comments.map((comment) => [comment.id, comment]));
  /** @type {LabelledComment[]} */
  const labelled = [];
  for (const comment of comments) {
    const prediction = labels[comment.id];
    if (!prediction) continue;
    const corrected = corrections[comment.id] ?? null;
    const same = known.get(comment.id);
    const stays = same && same.label === prediction.label && same.score === prediction.score && same.corrected === corrected;
    labelled.push(stays ? same : labelledComment(comment, prediction, corrected));
  }
  return {
    name: video.title || video.id,
    analysis: { ...analysis, video },
    comments: labelled,
    visits: [],
    analysedAt: null,
    remarks: [],
  };
}
