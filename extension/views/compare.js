// Two analyses side by side: shares, means, whether they really differ, and the words that set each apart.

import { FEELINGS } from "../analysis/feeling.js";
import { difference } from "../analysis/interval.js";
import { range } from "../charts/range.js";
import { element } from "../ui/element.js";
import { number, percent, score } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { card, feelingName, sign } from "./card.js";

/** @typedef {import("../analysis/tally.js").Numbers} Numbers */
/** @typedef {import("../analysis/tally.js").Tally} Tally */
/** @typedef {import("../backend/answer.js").Score} Score */
/** @typedef {import("./opened.js").Opened} Opened */
/**
 * What is compared; words of each kind, the ones that stand out most first.
 *
 * @typedef {{
 *   name: string, note: string, counts: Numbers, score: Score | null,
 *   words: { positive: { term: string }[], negative: { term: string }[] } | null,
 * }} Side
 */

const WORDS = 12;

/**
 * @param {Opened} opened
 * @param {Tally} tally
 * @returns {Side}
 */
export const sideOf = ({ name, analysis }, { counts, score: mean }) => ({
  name,
  note: plural("commentsNumber", counts.total, number(counts.total)),
  counts,
  score: mean,
  words: analysis.words,
});

/**
 * @param {Side} a
 * @param {Side} b
 */
export function verdictOnTwo(a, b) {
  if (!a.score || !b.score) return text("compareUnknown");
  const { by, low, high, sure } = difference(a.score, b.score);
  if (!sure) return text("compareChance");
  return text(by > 0 ? "compareMorePositive" : "compareMoreNegative", score(by), score(low), score(high));
}

/**
 * @param {Side} side
 * @param {string} place
 */
function column({ name, note, counts, score: mean, words }, place) {
  const feelings = FEELINGS.filter((feeling) => feeling !== "other" || counts.other > 0);
  const share = (/** @type {keyof Numbers} */ feeling) => percent(counts[feeling] / Math.max(1, counts.total));
  const told = feelings.map((feeling) => `${feelingName(feeling)} ${share(feeling)}`).join(", ");
  const bar = element("div", { class: "shares", role: "img", "aria-label": told });
  for (const feeling of feelings) {
    const part = element("span", { class: `share share-${feeling}` });
    part.style.flexGrow = String(counts[feeling]);
    bar.append(part);
  }
  return element(
    "div",
    { class: "side", "data-side": place },
    element("h3", {}, element("span", { class: "badge" }, place), " ", element("bdi", {}, name)),
    element("p", { class: "muted" }, note),
    bar,
    element(
      "ul",
      { class: "share-legend" },
      ...feelings.map((feeling) =>
        element("li", {}, sign(feeling), ` ${share(feeling)} `, element("span", { class: "muted" }, feelingName(feeling))),
      ),
    ),
    ...(mean ? meanLines(mean) : []),
    ...wordLists(words),
  );
}

/** @param {Score} mean */
function meanLines(mean) {
  const interval = text("interval", score(mean.low), score(mean.high));
  return [
    element(
      "p",
      { class: "score-line" },
      text("meanScore"),
      element("strong", {}, score(mean.mean)),
      element("span", { class: "muted" }, interval),
    ),
    range(mean, { name: text("rangeName", score(mean.mean), interval) }),
  ];
}

/** @param {Side["words"]} words */
const wordLists = (words) =>
  /** @type {const} */ (["positive", "negative"]).map((label) =>
    element(
      "p",
      { class: "top-words" },
      element("span", { class: "muted" }, `${text(label === "positive" ? "positiveWords" : "negativeWords")} `),
      words?.[label].length
        ? element("bdi", {}, words[label].slice(0, WORDS).map(({ term }) => term).join(", "))
        : text("noneStandOut"),
    ),
  );

/**
 * @param {Side} a
 * @param {Side} b
 * @returns {Node[]}
 */
export const compared = (a, b) => [
  element("p", { class: "compare-verdict", "data-compared": "" }, verdictOnTwo(a, b)),
  element("div", { class: "sides" }, column(a, "1"), column(b, "2")),
];

/**
 * @param {Side} a
 * @param {Side} b
 * @param {Node} action
 */
export const compareCard = (a, b, action) => card("compare", text("comparedTitle"), action, ...compared(a, b));
