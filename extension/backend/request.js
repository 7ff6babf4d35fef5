// The body of an analysis request. Knows the contract's fields and its limit of comments; knows no HTTP.

import { sendableName, sentComment } from "../youtube/comment.js";

/** @typedef {import("../youtube/comment.js").Comment} Comment */
/** @typedef {import("../youtube/comment.js").Video} Video */
/**
 * @typedef {{
 *   video: Video, comments: Comment[], options: { timezone: string, top: number, words: number },
 * }} AnalyzeRequest
 */

export const MOST_COMMENTS = 5_000;

const TOP_COMMENTS = 5;
export const WORDS = 60;

/**
 * @param {Video} video perhaps with more fields, which a strict backend would refuse
 * @param {Iterable<Comment>} comments each id once; those without words are left out
 * @param {string} timezone IANA name
 * @returns {AnalyzeRequest}
 */
export function analyzeRequest(video, comments, timezone) {
  const { id, title, channel, published_at } = video;
  return {
    video: {
      id,
      ...(published_at && { published_at }),
      ...(title && { title: sendableName(title) }),
      ...(channel && { channel: sendableName(channel) }),
    },
    comments: Array.from(comments)
      .filter((comment) => comment.text !== "")
      .slice(0, MOST_COMMENTS)
      .map(sentComment),
    options: { timezone, top: TOP_COMMENTS, words: WORDS },
  };
}
