// Two analyses side by side: shares, means, whether they really differ, and the words that set each apart.

import { LABELS } from "../../extension/backend/answer.js";
import { range } from "../../extension/charts/range.js";
import { element } from "../../extension/ui/element.js";
import { number, percent, score } from "../../extension/ui/format.js";
import { difference } from "../../extension/analysis/interval.js";
import { card, LABEL_WORDS, sign } from "./card.js";

/** @typedef {import("../opened.js").Opened} Opened */
/** @typedef {import("../opened.js").Label} Label */

const WORDS = 12;
const BEST_FIRST = [...LABELS].reverse();

/**
 * @param {Opened} a
 * @param {Opened} b
 */
export function verdictOnTwo(a, b) {
  const { by, low, high, sure } = difference(a.analysis.score, b.analysis.score);
  if (!sure) return "No difference that chance couldn’t make";
  const more = by > 0 ? "more positive" : "more negative";
  return `The second is ${more}: ${score(by)} (${score(low)} to ${score(high)}, 95 % sure)`;
}

/**
 * @param {Opened} opened
 * @param {string} place
 */
function side({ name, analysis }, place) {
  const { counts, score: mean } = analysis;
  const share = (/** @type {Label} */ label) => counts[label] / Math.max(1, counts.total);
  const shares = BEST_FIRST.map((label) => `${LABEL_WORDS[label]} ${percent(share(label))}`).join(", ");
  const bar = element("div", { class: "shares", role: "img", "aria-label": shares });
  for (const label of BEST_FIRST) {
    const part = element("span", { class: `share share-${label}` });
    part.style.flexGrow = String(counts[label]);
    bar.append(part);
  }
  return element(
    "div",
    { class: "side", "data-side": place },
    element("h3", {}, element("span", { class: "badge" }, place), " ", element("bdi", {}, name)),
    element("p", { class: "muted" }, `${number(counts.total)} comments`),
    bar,
    element(
      "ul",
      { class: "share-legend" },
      ...BEST_FIRST.map((label) => element("li", {}, sign(label), ` ${percent(share(label))} `, element("span", { class: "muted" }, LABEL_WORDS[label]))),
    ),
    element("p", { class: "score-line" }, "Mean score", element("strong", {}, score(mean.mean)), element("span", { class: "muted" }, `${score(mean.low)} to ${score(mean.high)}`)),
    range(mean, { name: `Mean score ${score(mean.mean)}, ${score(mean.low)} to ${score(mean.high)}.` }),
    ...wordLists(analysis),
  );
}

/** @param {Opened["analysis"]} analysis */
const wordLists = ({ words }) =>
  /** @type {const} */ (["positive", "negative"]).map((label) =>
    element(
      "p",
      { class: "top-words" },
      element("span", { class: "muted" }, `${LABEL_WORDS[label]} words: `),
      words?.[label].length
        ? words[label].slice(0, WORDS).map(({ term }) => term).join(", ")
        : "none stand out",
    ),
  );

/**
 * @param {Opened} a
 * @param {Opened} b
 * @param {Node} action
 */
export const compareCard = (a, b, action) =>
  card(
    "compare",
    "Compared",
    action,
    element("p", { class: "compare-verdict", "data-compared": "" }, verdictOnTwo(a, b)),
    element("div", { class: "sides" }, side(a, "1"), side(b, "2")),
  );
