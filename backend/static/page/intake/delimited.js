// CSV as programs really write it: commas, semicolons, tabs or bars, quotes with newlines inside, a byte order
// mark, Excel's "sep=" line. Knows cells; doesn't know what they mean.

import { Unreadable } from "./unreadable.js";

/** @typedef {{ row: number, cells: string[] }} Row row counts from 1, as a spreadsheet does */

const DELIMITERS = [",", ";", "\t", "|"];
const BREAK = /\r\n|[\r\n]/uy;

/**
 * @param {string} text
 * @returns {string} the delimiter that most of the first lines have equally often, outside quotes
 */
export function delimiterOf(text) {
  const sample = text.slice(0, 20_000).replace(/"(?:[^"]|"")*"/gu, "").split(/\r\n|[\r\n]/u, 15);
  const agreement = (/** @type {string} */ delimiter) => {
    const counts = sample.map((line) => line.split(delimiter).length - 1);
    return Math.max(...counts.map((count) => count * counts.filter((other) => other === count).length));
  };
  return DELIMITERS.reduce((best, delimiter) => (agreement(delimiter) > agreement(best) ? delimiter : best));
}

/**
 * @param {string} text
 * @param {string} [delimiter]
 * @returns {Row[]} without those that are empty
 * @throws {Unreadable} a quote is never closed
 */
export function parseDelimited(text, delimiter) {
  const hint = /^sep=(.)\s*?(?:\r\n|[\r\n])/u.exec(text);
  const by = delimiter ?? hint?.[1] ?? delimiterOf(text);
  /** @type {Row[]} */
  const rows = [];
  let at = hint ? hint[0].length : 0;
  for (let row = hint ? 2 : 1; at < text.length; row += 1) {
    const read = readRow(text, at, by, row);
    if (read.cells.some((cell) => cell.trim() !== "")) rows.push({ row, cells: read.cells });
    at = read.next;
  }
  return rows;
}

/**
 * @param {string} text
 * @param {number} start
 * @param {string} delimiter
 * @param {number} row
 * @returns {{ cells: string[], next: number }}
 */
function readRow(text, start, delimiter, row) {
  /** @type {string[]} */
  const cells = [];
  let at = start;
  for (;;) {
    let cell = "";
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end < 0) {
        throw new Unreadable(
          `Row ${row}: a quote (") that opens in column ${cells.length + 1} is never closed. Close it, or double it if it belongs to the text.`,
        );
      }
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    }
    const rest = endOfCell(text, at, delimiter);
    cells.push(cell + text.slice(at, rest));
    at = rest;
    if (text[at] === delimiter) {
      at += 1;
      continue;
    }
    BREAK.lastIndex = at;
    return { cells, next: at + (BREAK.exec(text)?.[0].length ?? 1) };
  }
}

/**
 * @param {string} text
 * @param {number} from
 * @returns {number} where the quote closes; -1 if it doesn't
 */
function closingQuote(text, from) {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return -1;
}

/**
 * @param {string} text
 * @param {number} from
 * @param {string} delimiter
 */
function endOfCell(text, from, delimiter) {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at += 1;
  return at;
}
