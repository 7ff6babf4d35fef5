// One comment as the popup quotes it. Everything in it was written by a stranger: it is shown as text, its
// direction can't leave its box, its length is clipped.

import { element, shape } from "../ui/element.js";
import { number, shortNumber } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { commentAddress } from "../youtube/address.js";

/** @typedef {import("../backend/answer.js").TopComment} TopComment */
/** @typedef {import("../youtube/comment.js").FoundComment} FoundComment */

const THUMB = "M5 7v6H2.8V7z M5 7l3-5c1.2 0 1.8.9 1.5 2.1L9 6.5h3.2c.9 0 1.4.8 1.2 1.6l-1 3.7c-.2.7-.7 1.2-1.5 1.2H5";

/** @param {number} likes */
const likesMark = (likes) =>
  element(
    "span",
    { class: "likes", title: plural("likes", likes, number(likes)) },
    shape("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }, shape("path", { d: THUMB })),
    element("span", { "aria-hidden": "true" }, shortNumber(likes)),
    element("span", { class: "unseen" }, plural("likes", likes, number(likes))),
  );

/**
 * @param {TopComment} comment
 * @param {FoundComment | undefined} found as the page shows it
 * @param {string} videoId
 */
export function quote(comment, found, videoId) {
  return element(
    "li",
    { class: `quote edge-${comment.label}`, "data-comment": comment.id },
    element(
      "p",
      { class: "quote-head" },
      element("bdi", { class: "author" }, comment.author ?? text("someone")),
      found?.byOwner && element("span", { class: "badge" }, text("creator")),
      found?.pinned && element("span", { class: "badge" }, text("pinned")),
      found?.hearted && element("span", { class: "badge", title: text("hearted") }, "♥"),
      found?.published && element("bdi", { class: "muted date" }, found.published),
    ),
    element("p", { class: "quote-text", dir: "auto" }, comment.text),
    element(
      "p",
      { class: "quote-foot" },
      likesMark(comment.likes),
      element(
        "a",
        { href: commentAddress(videoId, comment.id), target: "_blank", rel: "noreferrer" },
        text("openComment"),
      ),
    ),
  );
}
