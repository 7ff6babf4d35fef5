// The words that people use, all and by feeling, as clouds.

import { cloud } from "../../extension/charts/cloud.js";
import { element } from "../../extension/ui/element.js";
import { number } from "../../extension/ui/format.js";
import { tabs } from "../../extension/ui/tabs.js";
import { card } from "./card.js";

/** @typedef {import("../../extension/backend/answer.js").Word} Word */
/** @typedef {import("../opened.js").Opened} Opened */
/** @typedef {"all" | "positive" | "neutral" | "negative"} Kind */

/** @type {[Kind, string][]} */
const KINDS = [
  ["all", "All"],
  ["positive", "Positive"],
  ["neutral", "Neutral"],
  ["negative", "Negative"],
];

/** @param {Word} word */
const wordTitle = ({ term, count }) => `${term}: ${number(count)} ${count === 1 ? "comment" : "comments"}`;

/**
 * @param {Opened["analysis"]} analysis
 * @param {(kind: Kind) => Node} action
 * @param {number} width
 */
export function wordsCard({ words }, action, width) {
  if (!words) return card("words", "Words", null, element("p", { class: "muted none" }, "The texts of this analysis are not stored, so there are no words."));
  const panel = (/** @type {Kind} */ kind) => {
    if (words[kind].length === 0) return element("p", { class: "muted none" }, "No words stand out here.");
    const name = `Words by how much they stand out: ${words[kind].map(wordTitle).join(", ")}.`;
    const drawn = cloud(words[kind], { name, title: wordTitle, width, height: Math.round(Math.max(200, Math.min(320, width * 0.5))) });
    return element("div", { class: "cloud-panel" }, drawn, action(kind));
  };
  return card(
    "words",
    "Words",
    null,
    tabs("Words", KINDS.map(([kind, label]) => ({ id: `words-${kind}`, label, content: () => panel(kind) }))),
  );
}
