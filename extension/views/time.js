// The feeling over time: of the comments by when they were written, beside the video's age then, and of a video by
// when it was analysed.

import { FEELINGS } from "../analysis/feeling.js";
import { course } from "../analysis/tally.js";
import { commentsIn, trend, trendable } from "../charts/trend.js";
import { element } from "../ui/element.js";
import { ageWords, bucketDate, moment as momentWords, number, score } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { card, feelingName } from "./card.js";
import { fitted } from "./fitted.js";

/** @typedef {import("../analysis/tally.js").Step} Step */
/** @typedef {import("./opened.js").Opened} Opened */
/** @typedef {import("./opened.js").Visit} Visit */
/**
 * What the drawing is of; age is "" where it isn't known how old the video was.
 *
 * @typedef {{ steps: Step[], when: (step: Step) => string, age: (step: Step) => string, name: string }} Course
 */

/** @param {Step[]} steps */
const feelingsIn = (steps) => FEELINGS.filter((feeling) => feeling !== "other" || steps.some(({ other }) => other > 0));

/** @param {Step} step */
const interval = ({ low, high }) => (low === null || high === null ? "" : ` (${score(low)} … ${score(high)})`);

/** @param {Course} course */
const titlesOf = ({ steps, when, age }) =>
  steps.map((step) =>
    [
      [when(step), age(step)].filter(Boolean).join(" · "),
      ...feelingsIn(steps).map((feeling) => `${feelingName(feeling)}: ${number(step[feeling])}`),
      step.mean === null ? "" : `${text("meanScore")}: ${score(step.mean)}${interval(step)}`,
    ]
      .filter(Boolean)
      .join("\n"),
  );

/**
 * @param {Course} course
 * @param {number} width
 */
function drawing(course, width) {
  const { steps, when, age, name } = course;
  const filled = steps.filter((step) => step.mean !== null);
  const [first, last] = [filled[0], filled[filled.length - 1]].map((step) =>
    text("trendStep", when(step), score(Number(step.mean))),
  );
  const end = (/** @type {Step} */ step) =>
    element("span", {}, when(step), age(step) && element("span", { class: "age" }, age(step)));
  return [
    trend(steps, { name: text("trendName", name, first, last), titles: titlesOf(course), width }),
    element("p", { class: "axis muted", "aria-hidden": "true" }, end(steps[0]), end(steps[steps.length - 1])),
  ];
}

/** @param {Course} course */
function table({ steps, when, age }) {
  const filled = steps.filter((step) => commentsIn(step) > 0);
  const feelings = feelingsIn(steps);
  const aged = filled.some((step) => age(step));
  const heads = [text("when"), ...(aged ? [text("videoAge")] : []), ...feelings.map(feelingName), text("meanScore")];
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads.map((title) => element("th", { scope: "col" }, title)))),
    element(
      "tbody",
      {},
      ...filled.map((step) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, when(step)),
          aged && element("td", {}, age(step)),
          ...feelings.map((feeling) => element("td", {}, number(step[feeling]))),
          element("td", {}, step.mean === null ? "" : score(step.mean)),
        ),
      ),
    ),
  );
}

/**
 * A drawing with its numbers below, in a card.
 *
 * @param {{ id: string, title: string, legend: string, action: Node | null }} words
 * @returns {{ view: HTMLElement, update: (course: Course | null, ...remarks: string[]) => void }} null: too little to draw
 */
export function courseCard({ id, title, legend, action }) {
  /** @type {Course | null} */
  let shown = null;
  const { place, redraw } = fitted((width) => (shown ? drawing(shown, width) : []));
  const numbers = element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": title });
  const drawn = element(
    "div",
    {},
    element("p", { class: "muted legend-line" }, legend),
    place,
    element("details", { class: "numbers" }, element("summary", {}, text("showNumbers")), numbers),
  );
  const below = element("div", { class: "muted remarks" });
  return {
    view: card(id, title, action, drawn, below),
    update(course, ...remarks) {
      shown = course;
      drawn.hidden = course === null;
      if (course) numbers.replaceChildren(table(course));
      redraw();
      below.replaceChildren(...remarks.filter(Boolean).map((line) => element("p", {}, line)));
    },
  };
}

/**
 * @param {Node | null} action
 * @returns {{ view: HTMLElement, update: (opened: Opened) => void }}
 */
export function timeCard(action) {
  const name = text("trendTitle");
  const { view, update } = courseCard({ id: "time", title: name, legend: text("trendLegend"), action });
  return {
    view,
    update({ analysis: { trend: chosen, bucket, video }, comments }) {
      const steps = course(comments, chosen ?? []);
      const filled = steps.filter((step) => commentsIn(step) > 0);
      const undated = comments.filter(({ published_at: written }) => written === null).length;
      const when = (/** @type {Step} */ step) => bucketDate(step.start, bucket);
      const age = (/** @type {Step} */ step) =>
        video.published_at ? text("videoWas", ageWords(video.published_at, step.start)) : "";
      const left = undated > 0 ? plural("undated", undated, number(undated)) : "";
      if (trendable(steps)) return update({ steps, when, age, name: text("trendNameComments") }, left);
      return update(null, filled.length ? text("trendOneStep", when(filled[0])) : text("trendNone"), left);
    },
  };
}

/**
 * @param {Visit[]} visits oldest first, at least two
 */
export function visitsCard(visits) {
  const { view, update } = courseCard({
    id: "visits",
    title: text("visitsTitle"),
    legend: plural("visitsLegend", visits.length, number(visits.length)),
    action: null,
  });
  const steps = visits.map(({ analysed_at: start, counts, score: mean }) => ({ start, ...counts, other: 0, ...mean }));
  update({ steps, when: ({ start }) => momentWords(start), age: () => "", name: text("trendNameVisits") });
  return view;
}
