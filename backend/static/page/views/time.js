// The feeling over time: of the comments by when they were written, and of a video by when it was analysed.

import { LABELS } from "../../extension/backend/answer.js";
import { commentsIn, trend } from "../../extension/charts/trend.js";
import { element } from "../../extension/ui/element.js";
import { bucketDate, number, score } from "../../extension/ui/format.js";
import { card, LABEL_WORDS } from "./card.js";

/** @typedef {import("../../extension/backend/answer.js").TrendStep} TrendStep */
/** @typedef {import("../opened.js").Opened} Opened */
/** @typedef {import("../opened.js").Visit} Visit */
/** @typedef {(step: TrendStep) => string} When */

const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** @param {string} moment */
export const momentWords = (moment) => moments.format(new Date(moment));

/**
 * @param {TrendStep[]} steps
 * @param {{ when: When, width: number, name: string }} how
 */
function drawing(steps, { when, width, name }) {
  const filled = steps.filter((step) => step.mean !== null);
  const ends = [filled[0], filled[filled.length - 1]].map((step) => `${when(step)}: ${score(Number(step.mean))}`);
  const titles = steps.map((step) =>
    [
      when(step),
      ...LABELS.map((label) => `${LABEL_WORDS[label]}: ${number(step[label])}`),
      step.mean === null ? "" : `Mean score: ${score(step.mean)} (${score(Number(step.low))} … ${score(Number(step.high))})`,
    ]
      .filter(Boolean)
      .join("\n"),
  );
  return [
    element("p", { class: "muted legend-line" }, "Mean score (95 % interval) and comment counts"),
    trend(steps, { name: `${name}. ${ends.join("; ")}. The numbers are in the table below.`, titles, width }),
    element(
      "p",
      { class: "axis muted", "aria-hidden": "true" },
      element("span", {}, when(steps[0])),
      element("span", {}, when(steps[steps.length - 1])),
    ),
    numbers(filled, when, name),
  ];
}

/**
 * @param {TrendStep[]} steps
 * @param {When} when
 * @param {string} name
 */
const numbers = (steps, when, name) =>
  element(
    "details",
    { class: "numbers" },
    element("summary", {}, "Show the numbers"),
    element(
      "div",
      { class: "scroll", tabindex: 0, role: "group", "aria-label": name },
      element(
        "table",
        {},
        element(
          "thead",
          {},
          element("tr", {}, ...["When", ...LABELS.map((label) => LABEL_WORDS[label]), "Mean score"].map((title) => element("th", { scope: "col" }, title))),
        ),
        element(
          "tbody",
          {},
          ...steps.map((step) =>
            element(
              "tr",
              {},
              element("th", { scope: "row" }, when(step)),
              ...LABELS.map((label) => element("td", {}, number(step[label]))),
              element("td", {}, score(Number(step.mean))),
            ),
          ),
        ),
      ),
    ),
  );

/**
 * @param {Opened["analysis"]} analysis
 * @param {Node} action
 * @param {number} width of the drawing
 */
export function timeCard({ trend: steps, bucket, undated }, action, width) {
  const filled = steps.filter((step) => commentsIn(step) > 0);
  const when = (/** @type {TrendStep} */ step) => bucketDate(step.start, bucket);
  const left = undated > 0 && element("p", { class: "muted" }, `${number(undated)} ${undated === 1 ? "comment has" : "comments have"} no date and ${undated === 1 ? "is" : "are"} left out.`);
  if (filled.length < 2) {
    const why = filled.length ? `All dated comments are from ${when(filled[0])}.` : "No comment has a date.";
    return card("time", "Over time", null, element("p", { class: "muted" }, why), left);
  }
  return card("time", "Over time", action, ...drawing(steps, { when, width, name: "Mean score over time" }), left);
}

/**
 * @param {Visit[]} visits oldest first
 * @param {number} width
 */
export function visitsCard(visits, width) {
  const steps = visits.map(({ analysed_at: start, counts, score: mean }) => ({ start, ...counts, ...mean }));
  const when = (/** @type {TrendStep} */ step) => momentWords(step.start);
  return card(
    "visits",
    "Across visits",
    null,
    element("p", { class: "muted legend-line" }, `This video was analysed ${number(visits.length)} times.`),
    ...drawing(steps, { when, width, name: "Mean score at each visit" }),
  );
}
