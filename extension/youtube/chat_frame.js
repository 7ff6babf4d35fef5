// Where things stand in YouTube's chat: the frame beside the video, its list, a message in it. Every selector of the
// chat is here. It reads and never changes the page; times stay in the page's own words.

import { wordsOf } from "./page.js";

/** @typedef {"live" | "replay"} ChatKind */
/** @typedef {{ kind: ChatKind, inside: Document }} Chat */
/**
 * role is YouTube's: owner, moderator, member, or "" for everybody else. time is what stands beside the message.
 *
 * @typedef {{ id: string, text: string, author: string, role: string, time: string }} FoundMessage
 */

const HOST = "ytd-live-chat-frame";
const FRAME = "iframe#chatframe";
const LIST = "yt-live-chat-item-list-renderer #items";
const INSTEAD_OF_LIST = "yt-live-chat-message-renderer";
/** What YouTube says of the chat: slow mode, members only. */
const SAYINGS = "yt-live-chat-restricted-participation-renderer #message, yt-live-chat-mode-change-message-renderer";
const SAYING_PARTS = "#text, #subtext";
const MESSAGES = new Set([
  "yt-live-chat-text-message-renderer",
  "yt-live-chat-paid-message-renderer",
  "yt-live-chat-paid-sticker-renderer",
  "yt-live-chat-membership-item-renderer",
]);
const PLAYER = "#movie_player video";
const ADVERTISES = "#movie_player.ad-showing";
/** @type {Record<string, ChatKind>} */
const KINDS = { "/live_chat": "live", "/live_chat_replay": "replay" };
export const DELETED = "is-deleted";

/** @param {Document} page @returns {Document | null} what is in the frame of the chat, whatever that is */
export const insideOf = (page) => /** @type {HTMLIFrameElement | null} */ (page.querySelector(FRAME))?.contentDocument ?? null;

/**
 * @param {Document} page
 * @returns {Chat | "closed" | null} closed where YouTube offers a chat that isn't opened; null where there is none
 */
export function chatOf(page) {
  const inside = insideOf(page);
  const kind = inside && KINDS[inside.location.pathname];
  if (kind) return { kind, inside };
  return page.querySelector(HOST)?.checkVisibility() ? "closed" : null;
}

/** @param {Document} inside @returns {Element | null} the list that messages come and go in */
export const listOf = (inside) => inside.querySelector(LIST);

/** @param {Document} inside @returns {boolean} whether YouTube shows words in the place of messages */
export const isOff = (inside) => listOf(inside) === null && inside.querySelector(INSTEAD_OF_LIST) !== null;

/** @param {Element | null | undefined} element */
const textOf = (element) => element?.textContent?.trim() ?? "";

/** @param {Document} inside @returns {string} YouTube's latest words on who may write and how fast, "" for none */
export function sayingOf(inside) {
  const last = [...inside.querySelectorAll(SAYINGS)].at(-1);
  const parts = [...(last?.querySelectorAll(SAYING_PARTS) ?? [])].map(textOf).filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : textOf(last);
}

/** One that a channel made has a name, which must not grow together with the word before it. @param {string} alt */
const emojiIn = (alt) => (/^[\w-]+$/u.test(alt) ? `:${alt}:` : alt);

/** @param {Node} node of the list */
export const isMessage = (node) => MESSAGES.has(/** @type {Element} */ (node).localName ?? "");

/**
 * @param {Element} element
 * @returns {FoundMessage | null} null while YouTube hasn't filled it, and where it was deleted
 */
export function messageIn(element) {
  if (!element.id || element.hasAttribute(DELETED)) return null;
  const words = element.querySelector("#message");
  return {
    id: element.id,
    text: words ? wordsOf(words, emojiIn).trim() : "",
    author: textOf(element.querySelector("#author-name")),
    role: element.getAttribute("author-type") ?? "",
    time: textOf(element.querySelector("#timestamp")),
  };
}

/** @param {Document} page @returns {HTMLVideoElement | null} */
export const playerOf = (page) => page.querySelector(PLAYER);

/** An advertisement plays in the same player. @param {Document} page */
export const advertises = (page) => page.querySelector(ADVERTISES) !== null;
