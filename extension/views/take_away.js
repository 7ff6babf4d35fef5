// What a person takes away: comments as CSV, everything as JSON with its threads, words to share. Knows formats;
// text that a spreadsheet would run as a formula is disarmed.

import { FEELINGS } from "../analysis/feeling.js";
import { tally } from "../analysis/tally.js";
import { number, percent, score } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { videoAddress } from "../youtube/address.js";
import { feelingName } from "./card.js";

/** @typedef {import("./opened.js").LabelledComment} LabelledComment */
/** @typedef {import("./opened.js").Opened} Opened */
/** @typedef {LabelledComment & { replies: Threaded[] }} Threaded */

/** @type {(keyof LabelledComment)[]} */
const COLUMNS = [
  "id", "text", "author", "likes", "published_at", "published_at_width", "reply_to", "level", "pinned", "hearted",
  "byOwner", "edited", "label", "corrected", "score", "language",
];
/** Names in a file are written as the API's. @type {Partial<Record<keyof LabelledComment, string>>} */
const WRITTEN = { byOwner: "by_owner" };
const WRITTEN_BY_STRANGERS = new Set(["text", "author"]);
const FORMULA = /^[=+\-@\t\r]/u;
const YOUTUBE_ID = /^[\w-]{11}$/u;

/**
 * @param {keyof LabelledComment} name
 * @param {unknown} value
 */
function cell(name, value) {
  const text = String(value ?? "");
  const safe = WRITTEN_BY_STRANGERS.has(name) && FORMULA.test(text) ? `'${text}` : text;
  return /[",;\n\r]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * @param {LabelledComment[]} comments
 * @returns {string} with a byte order mark, without which Excel takes UTF-8 for something else
 */
export const csvOf = (comments) =>
  `\uFEFF${[
    COLUMNS.map((name) => WRITTEN[name] ?? name),
    ...comments.map((comment) => COLUMNS.map((name) => cell(name, comment[name]))),
  ]
    .map((cells) => cells.join(","))
    .join("\r\n")}\r\n`;

/**
 * @param {LabelledComment[]} comments
 * @returns {Threaded[]} each reply within what it answers; one whose parent wasn't read stands by itself
 */
export function threads(comments) {
  const all = comments.map((comment) => ({ ...comment, replies: /** @type {Threaded[]} */ ([]) }));
  const byId = new Map(all.map((comment) => [comment.id, comment]));
  return all.filter((comment) => {
    const parent = comment.reply_to === null ? undefined : byId.get(comment.reply_to);
    if (!parent || answers(parent, comment, byId)) return true;
    parent.replies.push(comment);
    return false;
  });
}

/**
 * Whether `comment` is `other` or an answer to it, however far up, so that no ring of replies is lost.
 *
 * @param {Threaded} comment
 * @param {Threaded} other
 * @param {Map<string | null, Threaded>} byId
 */
function answers(comment, other, byId) {
  const seen = new Set();
  /** @type {Threaded | undefined} */
  let above = comment;
  while (above && !seen.has(above)) {
    if (above === other) return true;
    seen.add(above);
    above = above.reply_to === null ? undefined : byId.get(above.reply_to);
  }
  return false;
}

/** @param {Opened} opened */
export const jsonOf = ({ analysis, comments, analysedAt }) =>
  JSON.stringify(
    {
      ...analysis,
      ...(analysedAt ? { analysed_at: analysedAt } : {}),
      counted: tally(comments),
      comments: threads(comments),
    },
    (name, value) => (name === "replies" && value.length === 0 ? undefined : value),
    2,
  );

/**
 * @param {Opened} opened
 * @param {{ read: number, announced: number | null }} coverage
 */
export function shareText({ name, analysis, comments }, { read, announced }) {
  const { counts, score: mean } = tally(comments);
  const shares = FEELINGS.filter((feeling) => counts[feeling] > 0)
    .map((feeling) => `${percent(counts[feeling] / counts.total)} ${feelingName(feeling).toLocaleLowerCase()}`)
    .join(", ");
  const { id } = analysis.video;
  return [
    text("shareTitle", name),
    `${shares}${mean ? ` · ${text("meanScore")} ${score(mean.mean)}` : ""}`,
    announced !== null && announced > read
      ? plural("readOf", announced, number(read), number(announced))
      : plural("readAll", read, number(read)),
    text("shareBy", `${analysis.model.name} ${analysis.model.version}`),
    YOUTUBE_ID.test(id) && videoAddress(id),
  ]
    .filter(Boolean)
    .join("\n");
}

/** @param {string} name */
export const fileName = (name) =>
  name.normalize("NFKD").replace(/\p{M}+/gu, "").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/gu, "").slice(0, 60).toLowerCase() || "undertone";

/**
 * @param {Blob} content
 * @param {string} name of the file
 */
export function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser reads the blob after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {string} name @param {string} content @param {string} type */
export const saveText = (name, content, type) =>
  save(new Blob([content], { type: `${type};charset=utf-8` }), name);
