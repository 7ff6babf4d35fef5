// How many comments are glad, neutral and cross, each counted once or weighing its likes, and how glad they are on
// the whole. Comments in languages that the model doesn't know are a part of their own.

import { FEELINGS } from "../analysis/feeling.js";
import { donut } from "../charts/donut.js";
import { range } from "../charts/range.js";
import { element, shape } from "../ui/element.js";
import { number, percent, score, shortNumber } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { card, feelingName, sign, switches } from "./card.js";
import { tooFew, verdict } from "./verdict.js";

/** @typedef {import("../analysis/tally.js").Tally} Tally */
/** @typedef {import("../analysis/tally.js").Numbers} Numbers */
/** @typedef {import("../backend/answer.js").Score} Score */

/** @param {Tally} tally */
export const verdictOf = ({ counts, score: mean }) => text(verdict(counts, mean));

/** Those that are there, best first. @param {Numbers} numbers */
const present = (numbers) => FEELINGS.filter((feeling) => feeling !== "other" || numbers.other > 0);

/**
 * @param {Numbers} numbers
 * @param {{ write: (count: number) => string, caption: string, name: string }} how
 */
export function ring(numbers, { write, caption, name }) {
  const share = (/** @type {number} */ count) => percent(count / Math.max(1, numbers.total));
  const parts = present(numbers).map((feeling) => ({
    name: feeling,
    value: numbers[feeling],
    title: text("labelShare", feelingName(feeling), write(numbers[feeling]), share(numbers[feeling])),
  }));
  return element(
    "div",
    { class: "mood-row" },
    donut(parts, { name: text(name, parts.map((part) => part.title).join(", ")), centre: write(numbers.total), caption }),
    element(
      "ul",
      { class: "legend" },
      ...parts.map(({ name: feeling, value }) =>
        element(
          "li",
          { "data-label-count": feeling },
          sign(feeling),
          element("span", { class: "legend-name" }, feelingName(feeling)),
          element("span", { class: "legend-share" }, share(value)),
          element("span", { class: "legend-count" }, write(value)),
        ),
      ),
    ),
  );
}

/**
 * @param {Score} mean
 * @param {number | null} weighted
 */
export function meanBlock(mean, weighted) {
  const interval = text("interval", score(mean.low), score(mean.high));
  return element(
    "div",
    { class: "score" },
    element(
      "p",
      { class: "score-line" },
      element("span", {}, text("meanScore")),
      element("strong", { "data-score": "" }, score(mean.mean)),
      element("span", { class: "muted", "data-interval": "" }, interval),
    ),
    range(mean, { name: text("rangeName", score(mean.mean), interval), likeWeighted: weighted ?? undefined }),
    element(
      "p",
      { class: "scale muted", "aria-hidden": "true" },
      element("span", {}, `−1 ${text("negative")}`),
      element("span", {}, "0"),
      element("span", {}, `${text("positive")} +1`),
    ),
    weighted !== null &&
      element(
        "p",
        { class: "muted likes-line" },
        shape(
          "svg",
          { viewBox: "0 0 10 8", width: 10, height: 8, "aria-hidden": "true" },
          shape("path", { d: "M5 0l5 8H0z", class: "range-likes" }),
        ),
        text("likeWeighted", score(weighted)),
      ),
  );
}

/** @param {Tally} tally */
function remarks({ counts }) {
  return [
    tooFew(counts) && counts.total > counts.other && text("tooFew"),
    counts.other > 0 &&
      plural("otherLanguagesLine", counts.other, number(counts.other), percent(counts.other / counts.total)),
  ]
    .filter((line) => typeof line === "string")
    .map((line) => element("p", { class: "muted remark" }, line));
}

/**
 * @param {Node | null} action
 * @returns {{ view: HTMLElement, update: (tally: Tally) => void }}
 */
export function moodCard(action) {
  const place = element("div", {});
  let byLikes = false;
  /** @type {Tally | null} */
  let shown = null;
  const view = card(
    "mood",
    "",
    action,
    switches(text("countBy"), [["once", text("countOnce")], ["likes", text("countLikes")]], (how) => {
      byLikes = how === "likes";
      draw();
    }),
    place,
  );
  const title = /** @type {HTMLElement} */ (view.querySelector("h2"));

  function draw() {
    if (!shown) return;
    const { counts, weighted, score: mean } = shown;
    place.replaceChildren(
      byLikes
        ? ring(weighted, { write: shortNumber, caption: text("commentsAndLikes"), name: "donutLikesName" })
        : ring(counts, { write: number, caption: plural("commentsWord", counts.total), name: "donutName" }),
      ...remarks(shown),
      ...(mean ? [meanBlock(mean, weighted.mean)] : []),
    );
  }
  return {
    view,
    update(tally) {
      shown = tally;
      title.textContent = verdictOf(tally);
      draw();
    },
  };
}
