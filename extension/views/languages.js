// Which languages people write in, and which of them the model knows.

import { isKnownLanguage } from "../analysis/feeling.js";
import { element } from "../ui/element.js";
import { languageName, number, percent } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { card } from "./card.js";

/** @typedef {import("./opened.js").LabelledComment} LabelledComment */

const MOST = 6;

/**
 * @param {LabelledComment[]} comments
 * @returns {[string, number][]} code and number of comments, the most first; "" where it isn't told
 */
export function languagesOf(comments) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const { language } of comments) found.set(language ?? "", (found.get(language ?? "") ?? 0) + 1);
  return [...found].sort(([, a], [, b]) => b - a);
}

/** @param {string} code */
export const nameOf = (code) => (code === "und" || code === "" ? text("undetermined") : languageName(code));

/**
 * @param {string} name
 * @param {number} count
 * @param {number} total
 * @param {boolean} known
 */
const row = (name, count, total, known) =>
  element(
    "li",
    { title: plural("wordTitle", count, name, number(count)) },
    element("span", {}, name),
    element("meter", { min: 0, max: total, value: count, class: known ? "" : "unknown", "aria-label": name }),
    element("span", { class: "muted" }, percent(count / Math.max(1, total))),
  );

/** @returns {{ view: HTMLElement, update: (comments: LabelledComment[]) => void }} */
export function languagesCard() {
  const list = element("ul", {});
  const note = element("p", { class: "muted remark" }, text("modelLanguages"));
  return {
    view: card("languages", text("languagesTitle"), null, list, note),
    update(comments) {
      const found = languagesOf(comments);
      const rest = found.slice(MOST);
      const others = rest.reduce((sum, [, count]) => sum + count, 0);
      list.replaceChildren(
        ...found.slice(0, MOST).map(([code, count]) => row(nameOf(code), count, comments.length, isKnownLanguage(code || null))),
        ...(others ? [row(plural("moreLanguages", rest.length, number(rest.length)), others, comments.length, false)] : []),
      );
    },
  };
}
