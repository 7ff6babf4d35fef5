// Which languages people write in. Knows what a code is called where the person is.

import { element } from "../../extension/ui/element.js";
import { number, percent } from "../../extension/ui/format.js";
import { card } from "./card.js";

/** @typedef {import("../opened.js").Opened} Opened */

const MOST = 6;
const names = new Intl.DisplayNames(undefined, { type: "language", fallback: "code" });

/** @param {string} code */
export const languageName = (code) => (code === "und" ? "Undetermined" : (names.of(code) ?? code));

/** @param {Opened["analysis"]} analysis */
export function languagesCard({ languages, counts }) {
  const found = Object.entries(languages).sort(([, a], [, b]) => b - a);
  const others = found.slice(MOST).reduce((sum, [, count]) => sum + count, 0);
  const rows = found.slice(0, MOST).map(([code, count]) => /** @type {[string, number]} */ ([languageName(code), count]));
  if (others > 0) rows.push([`${number(found.length - MOST)} others`, others]);
  return card(
    "languages",
    "Languages",
    null,
    element(
      "ul",
      {},
      ...rows.map(([name, count]) =>
        element(
          "li",
          { title: `${number(count)} comments` },
          element("span", {}, name),
          element("meter", { min: 0, max: counts.total, value: count, "aria-label": name }),
          element("span", { class: "muted" }, percent(count / Math.max(1, counts.total))),
        ),
      ),
    ),
  );
}
