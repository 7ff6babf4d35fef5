// From what a file says of comments to comments as the API takes them. What can't be used is said, row by row;
// a comment is never lost because its date is odd. Knows the API's limits of a comment.

import { sendable, sendableName } from "../../extension/youtube/comment.js";
import { firstPart, isAmbiguousDate, isYes, likesFrom, momentFrom } from "./values.js";

/** @typedef {import("../../extension/youtube/comment.js").Comment} Comment */
/** @typedef {import("./columns.js").Field} Field */
/** @typedef {{ row: number, values: Partial<Record<Field, unknown>> }} Record_ */
/** @typedef {{ row: number, message: string }} Note */
/** @typedef {{ comments: Comment[], notes: Note[], empty: number, repeated: number }} Taken */

const LONGEST_ID = 200;
const LONGEST_SHOWN = 30;

/** @param {unknown} value as a note quotes it */
function quoted(value) {
  const text = String(value).replace(/\s+/gu, " ").trim();
  return `“${text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1)}…` : text}”`;
}

/** @param {unknown} value */
const isGiven = (value) => value !== undefined && value !== null && String(value).trim() !== "";

/** @param {unknown} value */
const idFrom = (value) => (isGiven(value) ? sendable(String(value).trim()).slice(0, LONGEST_ID).toWellFormed() : "");

/**
 * @param {Record_[]} records
 * @param {number} now milliseconds since 1970
 * @returns {Taken}
 */
export function takeComments(records, now) {
  const first = firstPart(records.map(({ values }) => values.published_at));
  /** @type {Taken} */
  const taken = { comments: [], notes: [], empty: 0, repeated: 0 };
  /** @type {Map<string, string>} */
  const textOf = new Map();
  for (const { row, values } of records) {
    const text = sendable(withoutGuard(String(values.text ?? "")));
    if (text.trim() === "") {
      taken.empty += 1;
      continue;
    }
    const given = idFrom(values.id);
    if (given && textOf.get(given) === text) {
      taken.repeated += 1;
      continue;
    }
    const id = unused(given || `row-${row}`, textOf);
    if (given && id !== given) taken.notes.push({ row, message: `its id was used before, by another text; it became ${id}` });
    textOf.set(id, text);
    taken.comments.push({ id, text, ...details(row, values, { now, first }, taken.notes) });
  }
  return taken;
}

/**
 * @param {number} row
 * @param {Record_["values"]} values
 * @param {{ now: number, first: import("./values.js").First }} known
 * @param {Note[]} notes
 */
function details(row, values, known, notes) {
  /** @type {Partial<Comment>} */
  const found = {};
  if (isGiven(values.author)) found.author = sendableName(withoutGuard(String(values.author).trim()));
  const likes = likesFrom(values.likes);
  if (likes === null) notes.push({ row, message: `${quoted(values.likes)} is not a number of likes; kept without likes` });
  else if (likes > 0) found.likes = likes;
  if (isGiven(values.published_at)) {
    const moment = momentFrom(values.published_at, known);
    const width = Number(values.published_at_width);
    if (moment) Object.assign(found, moment, width > 0 && { published_at_width: width });
    else notes.push({ row, message: `${quoted(values.published_at)} ${whyNoDate(values.published_at, known)}; kept without a date` });
  }
  const parent = idFrom(values.reply_to);
  if (parent && parent !== "root") found.reply_to = parent;
  if (isYes(values.pinned)) found.pinned = true;
  if (isYes(values.hearted)) found.hearted = true;
  return found;
}

/**
 * @param {unknown} value
 * @param {{ first: import("./values.js").First }} known
 */
function whyNoDate(value, { first }) {
  return first === null && isAmbiguousDate(value)
    ? "may begin with the day or with the month (write 2024-03-31)"
    : "is not a date that a comment can have";
}

/**
 * @param {string} id
 * @param {Map<string, unknown>} used
 */
function unused(id, used) {
  let free = id;
  for (let n = 2; used.has(free); n += 1) free = `${id.slice(0, LONGEST_ID - 8)}-${n}`;
  return free;
}

/** Undo what a download does to text that a spreadsheet would take for a formula. @param {string} text */
const withoutGuard = (text) => (/^'[=+\-@\t\r]/u.test(text) ? text.slice(1) : text);
