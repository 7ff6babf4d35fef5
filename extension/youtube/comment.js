// A comment as the page shows it, turned into a comment as the backend wants it. Knows both forms; knows
// neither the page's elements nor HTTP.

import { isEdited, publishedFrom } from "./dates.js";
import { countFrom, countInside } from "./likes.js";

/**
 * What a reader finds; likes, published and replies are the words shown there, empty where there are none.
 *
 * @typedef {{
 *   id: string, videoId: string, text: string, author: string, likes: string, published: string, replies: string,
 *   replyTo: string | null, level: number, pinned: boolean, hearted: boolean, byOwner: boolean,
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

/**
 * What a session keeps: the backend's fields and what else is worth showing. `position` counts the order of
 * reading; `replies` is what YouTube announces under this comment.
 *
 * @typedef {Comment & {
 *   position: number, level: number, byOwner: boolean, edited: boolean, likesShown: string,
 *   publishedShown: string, replies?: number,
 * }} ReadComment
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

/**
 * @param {FoundComment} found
 * @param {{ language: string, now: number }} page its language, and the time of reading in milliseconds
 * @param {number} position
 * @returns {ReadComment}
 */
export function readComment(found, page, position) {
  const replies = countInside(found.replies, page.language);
  return {
    ...commentFrom(found, page),
    position,
    level: found.level,
    byOwner: found.byOwner,
    edited: isEdited(found.published),
    likesShown: found.likes,
    publishedShown: found.published,
    ...(replies !== null && { replies }),
  };
}

/**
 * @param {Comment} comment perhaps with more fields, which a strict backend would refuse
 * @returns {Comment}
 */
export const sentComment = ({
  id,
  text,
  author,
  likes,
  published_at,
  published_at_width,
  reply_to,
  pinned,
  hearted,
}) => ({ id, text, author, likes, published_at, published_at_width, reply_to, pinned, hearted });
