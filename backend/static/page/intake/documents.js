// JSON that holds comments: a list of texts or objects, one object a line, yt-dlp's info.json, pages of YouTube's
// API, a request or a download of Undertone. Knows shapes; doesn't know values.

import { fieldsOf } from "./columns.js";
import { Unreadable } from "./unreadable.js";

/** @typedef {import("./comments.js").Record_} Record_ */
/** @typedef {{ id?: string, title?: string, channel?: string }} VideoHint */
/** @typedef {Record<string, unknown>} Thing */

/**
 * @param {unknown} value
 * @returns {value is Thing}
 */
const isThing = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} value */
const textOr = (value) => (typeof value === "string" && value ? value : undefined);

/**
 * @param {string} text
 * @returns {{ records: Record_[], video: VideoHint }}
 * @throws {Unreadable}
 */
export function readJson(text) {
  const document = parse(text);
  const list = listIn(document);
  if (!list) {
    throw new Unreadable(
      "This JSON holds no list of comments. A list of texts will do, or of objects with a “text”, or an object with such a list under “comments”.",
    );
  }
  const records = list.flatMap(unfolded).map((entry, index) => ({ row: index + 1, values: valuesOf(entry, index + 1) }));
  return { records, video: videoIn(document) };
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (lines.length > 1 && lines[0].trim().endsWith("}")) return lines.map(parseLine);
    throw new Unreadable(`This is not valid JSON: ${placed(error, text)}`);
  }
}

/**
 * @param {string} line
 * @param {number} index
 */
function parseLine(line, index) {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Unreadable(`Line ${index + 1} is not valid JSON: ${placed(error, line)}`);
  }
}

/**
 * @param {unknown} error of JSON.parse
 * @param {string} text
 */
function placed(error, text) {
  const said = error instanceof Error ? error.message : String(error);
  const position = /position (\d+)/u.exec(said);
  if (!position) return `${said.replace(/, (?:\.\.\.)?"/u, " near “").replace(/"(?:\.\.\.)? is not valid JSON$/u, "”")}.`;
  const before = text.slice(0, Number(position[1])).split("\n");
  return `${said.split(" in JSON")[0]} in line ${before.length}, column ${before[before.length - 1].length + 1}.`;
}

/**
 * @param {unknown} document
 * @returns {unknown[] | null}
 */
function listIn(document) {
  if (Array.isArray(document)) {
    const pages = document.every((page) => isThing(page) && Array.isArray(page.items));
    return pages && document.length ? document.flatMap((page) => page.items) : document;
  }
  if (!isThing(document)) return null;
  return [document.comments, document.items, document.data].find(Array.isArray) ?? null;
}

/**
 * An entry of YouTube's API, and one of a download of Undertone, holds a thread: the comment and its replies.
 *
 * @param {unknown} entry
 * @returns {unknown[]}
 */
function unfolded(entry) {
  if (isThing(entry) && Array.isArray(entry.replies)) return [entry, ...entry.replies.flatMap(unfolded)];
  if (!isThing(entry) || !isThing(entry.snippet)) return [entry];
  const { topLevelComment } = entry.snippet;
  const replies = isThing(entry.replies) && Array.isArray(entry.replies.comments) ? entry.replies.comments : [];
  const comments = isThing(topLevelComment) ? [topLevelComment, ...replies] : [entry];
  return comments.filter(isThing).map(({ id, snippet }) => ({ id, ...(isThing(snippet) ? snippet : {}) }));
}

/**
 * @param {unknown} entry
 * @param {number} place
 * @returns {Record_["values"]}
 */
function valuesOf(entry, place) {
  if (typeof entry === "string") return { text: entry };
  if (!isThing(entry)) {
    throw new Unreadable(`Entry ${place} is neither a text nor an object: ${JSON.stringify(entry)?.slice(0, 40)}.`);
  }
  const names = Object.keys(entry);
  const fields = fieldsOf(names);
  if (!fields.has("text")) {
    throw new Unreadable(
      `Entry ${place} has no text. It has ${names.slice(0, 12).join(", ") || "nothing"}; call the one that holds the comment “text”.`,
    );
  }
  return Object.fromEntries(Array.from(fields, ([field, index]) => [field, entry[names[index]]]));
}

/**
 * @param {unknown} document
 * @returns {VideoHint}
 */
function videoIn(document) {
  if (!isThing(document)) return {};
  const { id, title, channel } = isThing(document.video) ? document.video : document;
  const known = Object.entries({ id, title, channel }).filter(([, value]) => textOr(value) !== undefined);
  return Object.fromEntries(known);
}
