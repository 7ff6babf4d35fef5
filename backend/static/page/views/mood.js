// How many comments are glad, neutral and cross, and how glad they are on the whole.

import { LABELS } from "../../extension/backend/answer.js";
import { donut } from "../../extension/charts/donut.js";
import { range } from "../../extension/charts/range.js";
import { tooFew, verdict } from "../../extension/popup/verdict.js";
import { element, shape } from "../../extension/ui/element.js";
import { number, percent, score } from "../../extension/ui/format.js";
import { card, LABEL_WORDS, sign } from "./card.js";

/** @typedef {import("../opened.js").Opened} Opened */

/** @type {Record<string, string>} */
const VERDICTS = {
  verdictVeryPositive: "Very positive",
  verdictPositive: "Mostly positive",
  verdictMixed: "Mixed feelings",
  verdictDivided: "Divided",
  verdictNeutral: "Mostly neutral",
  verdictNegative: "Mostly negative",
  verdictVeryNegative: "Very negative",
};

/** @param {Opened["analysis"]} analysis */
export const verdictOf = ({ counts, score: mean }) => VERDICTS[verdict(counts, mean)];

/**
 * @param {Opened["analysis"]} analysis
 * @param {Node} action
 */
export function moodCard(analysis, action) {
  const { counts, score: mean, like_weighted: weighted } = analysis;
  const parts = [...LABELS].reverse().map((label) => ({
    name: label,
    value: counts[label],
    share: percent(counts[label] / Math.max(1, counts.total)),
    title: `${LABEL_WORDS[label]}: ${number(counts[label])} (${percent(counts[label] / Math.max(1, counts.total))})`,
  }));
  const interval = `${score(mean.low)} to ${score(mean.high)}, 95 % sure`;
  return card(
    "mood",
    verdictOf(analysis),
    action,
    tooFew(counts) && element("p", { class: "muted caution" }, "So few comments say little about everyone."),
    element(
      "div",
      { class: "mood-row" },
      donut(parts, {
        name: `Comments by feeling. ${parts.map((part) => part.title).join(", ")}.`,
        centre: number(counts.total),
        caption: counts.total === 1 ? "comment" : "comments",
      }),
      element(
        "ul",
        { class: "legend" },
        ...parts.map((part) =>
          element(
            "li",
            { "data-label-count": part.name },
            sign(part.name),
            element("span", { class: "legend-name" }, LABEL_WORDS[part.name]),
            element("span", { class: "legend-share" }, part.share),
            element("span", { class: "legend-count" }, number(part.value)),
          ),
        ),
      ),
    ),
    element(
      "div",
      { class: "score" },
      element(
        "p",
        { class: "score-line" },
        element("span", {}, "Mean score"),
        element("strong", { "data-score": "" }, score(mean.mean)),
        element("span", { class: "muted" }, interval),
      ),
      range(mean, {
        name: `Mean score ${score(mean.mean)} on a scale from −1 to +1, ${interval}.`,
        likeWeighted: weighted?.mean,
      }),
      element(
        "p",
        { class: "scale muted", "aria-hidden": "true" },
        element("span", {}, "−1 Negative"),
        element("span", {}, "0"),
        element("span", {}, "Positive +1"),
      ),
      weighted &&
        element(
          "p",
          { class: "muted likes-line" },
          shape(
            "svg",
            { viewBox: "0 0 10 8", width: 10, height: 8, "aria-hidden": "true" },
            shape("path", { d: "M5 0l5 8H0z", class: "range-likes" }),
          ),
          `Weighted by likes ${score(weighted.mean)}`,
        ),
    ),
  );
}
