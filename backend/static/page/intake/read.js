// A file or a paste, whatever it is, as comments and what is known of their video. Knows which format is tried when.

import { fieldsOf } from "./columns.js";
import { takeComments } from "./comments.js";
import { parseDelimited } from "./delimited.js";
import { readJson } from "./documents.js";
import { Unreadable } from "./unreadable.js";

/** @typedef {import("./comments.js").Taken} Taken */
/** @typedef {import("./comments.js").Record_} Record_ */
/** @typedef {import("./documents.js").VideoHint} VideoHint */
/** @typedef {Taken & { video: VideoHint }} Intake */

/** Some exporters write about the video above the table. */
const HEADER_WITHIN = 15;
export const EACH_LINE = "Each line is a comment";

/**
 * @param {string} text
 * @param {{ now: number, column?: string }} known column is the answer to `Unreadable.columns`
 * @returns {Intake}
 * @throws {Unreadable}
 */
export function read(text, { now, column }) {
  const plain = text.replace(/^\uFEFF/u, "");
  if (plain.trim() === "") throw new Unreadable("There is nothing in it.");
  if (plain.includes("\0")) throw new Unreadable("This is not a text file. Save it as CSV (UTF-8) or JSON.");
  const { records, video } = /^\s*[[{]/u.test(plain) ? readJson(plain) : { records: readTable(plain, column), video: {} };
  const taken = takeComments(records, now);
  if (taken.comments.length === 0) {
    throw new Unreadable("No comment in it has any text.");
  }
  return { ...taken, video: { ...videoIn(records), ...video } };
}

/**
 * @param {string} text
 * @param {string} [column]
 * @returns {Record_[]}
 */
function readTable(text, column) {
  if (column === EACH_LINE) return eachLine(text);
  const rows = parseTable(text);
  if (rows === null) return eachLine(text);
  const header = rows.slice(0, HEADER_WITHIN).find(({ cells }) => fieldsOf(cells).has("text"));
  if (!header && column === undefined) {
    if (isProse(rows)) return eachLine(text);
    throw new Unreadable("None of the columns is called “text” or “comment”. Which one holds the comments?", [
      ...rows[0].cells,
      EACH_LINE,
    ]);
  }
  const { row: headerRow, cells: names } = header ?? rows[0];
  const fields = fieldsOf(names);
  if (column !== undefined) fields.set("text", names.indexOf(column));
  return rows
    .filter(({ row }) => row > headerRow)
    .map(({ row, cells }) => {
      if (cells.length > names.length && cells.slice(names.length).some((cell) => cell.trim() !== "")) {
        throw new Unreadable(
          `Row ${row} has ${cells.length} columns, but row ${headerRow} names ${names.length}. Put quotes (") around a text that has the separator in it.`,
        );
      }
      return { row, values: Object.fromEntries(Array.from(fields, ([field, index]) => [field, cells[index] ?? ""])) };
    });
}

/**
 * @param {string} text
 * @returns {import("./delimited.js").Row[] | null} null where a lone quote shows that it is no table
 */
function parseTable(text) {
  try {
    return parseDelimited(text);
  } catch (error) {
    const [first] = text.split(/\r\n|[\r\n]/u, 1);
    if (error instanceof Unreadable && !fieldsOf(first.split(/[,;\t|]/u).map((name) => name.replaceAll('"', ""))).has("text")) {
      return null;
    }
    throw error;
  }
}

/**
 * A table has the same columns in each row, and no spaces after its commas.
 *
 * @param {import("./delimited.js").Row[]} rows
 */
function isProse(rows) {
  const widest = rows[0].cells.length;
  return (
    widest < 2 ||
    rows.length < 2 ||
    rows.some(({ cells }) => cells.length !== widest) ||
    rows.every(({ cells }) => cells.slice(1).every((cell) => cell.startsWith(" ")))
  );
}

/** @param {string} text */
const eachLine = (text) => text.split(/\r\n|[\r\n]/u).map((line, index) => ({ row: index + 1, values: { text: line } }));

/**
 * @param {Record_[]} records
 * @returns {VideoHint}
 */
function videoIn(records) {
  const { video_id: id, video_title: title } = records[0]?.values ?? {};
  return { ...(id ? { id: String(id) } : {}), ...(title ? { title: String(title) } : {}) };
}
