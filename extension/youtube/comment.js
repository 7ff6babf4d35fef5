// A comment as the page shows it, turned into a comment as the backend wants it. Knows both forms; knows
// neither the page's elements nor HTTP.

import { publishedFrom } from "./dates.js";
import { countFrom } from "./likes.js";

/**
 * What the collector finds on the page; likes and published are the words shown there.
 *
 * @typedef {{
 *   id: string, videoId: string, text: string, author: string, likes: string, published: string,
 *   replyTo: string | null, pinned: boolean, hearted: boolean, byOwner: boolean,
 * }} FoundComment
 */

/**
 * What the backend takes.
 *
 * @typedef {{
 *   id: string, text: string, author?: string, likes?: number, published_at?: string,
 *   published_at_width?: number, reply_to?: string, pinned?: true, hearted?: true,
 * }} Comment
 */

/** @typedef {{ id: string, title?: string, channel?: string, published_at?: string }} Video */

const LONGEST_NAME = 300;

/**
 * JSON may carry NUL and half surrogate pairs, the backend refuses them.
 *
 * @param {string} text
 */
export function sendable(text) {
  return text.replaceAll("\0", "").toWellFormed();
}

/** @param {string} name of a person, a channel or a video */
export function sendableName(name) {
  return sendable(name.slice(0, LONGEST_NAME));
}

/**
 * @param {FoundComment} found
 * @param {{ language: string, now: number }} page its language, and the time of reading in milliseconds
 * @returns {Comment} without the fields that the page doesn't show or that weren't understood
 */
export function commentFrom(found, { language, now }) {
  /** @type {Comment} */
  const comment = { id: sendable(found.id), text: sendable(found.text) };
  const author = sendableName(found.author);
  const likes = countFrom(found.likes, language);
  const published = publishedFrom(found.published, language, now);
  if (author) comment.author = author;
  if (likes !== null) comment.likes = likes;
  if (published) Object.assign(comment, published);
  if (found.replyTo) comment.reply_to = sendable(found.replyTo);
  if (found.pinned) comment.pinned = true;
  if (found.hearted) comment.hearted = true;
  return comment;
}
