// What a person takes away: comments as CSV, everything as JSON, a chart as PNG. Knows formats; text that a
// spreadsheet would run as a formula is disarmed.

/** @typedef {import("./opened.js").LabelledComment} LabelledComment */
/** @typedef {import("./opened.js").Opened} Opened */

/** @type {(keyof LabelledComment)[]} */
const COLUMNS = [
  "id", "text", "author", "likes", "published_at", "published_at_width", "reply_to", "pinned", "hearted", "label", "score",
  "language",
];
const WRITTEN_BY_STRANGERS = new Set(["text", "author"]);
const FORMULA = /^[=+\-@\t\r]/u;

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
  `\uFEFF${[COLUMNS, ...comments.map((comment) => COLUMNS.map((name) => cell(name, comment[name])))]
    .map((cells) => cells.join(","))
    .join("\r\n")}\r\n`;

/** @param {Opened} opened */
export const jsonOf = ({ analysis, comments, analysedAt }) =>
  JSON.stringify({ ...analysis, ...(analysedAt ? { analysed_at: analysedAt } : {}), comments }, null, 2);

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
