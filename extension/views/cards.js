// The cards of an open analysis, and how one leads to another. They are made once; new numbers go into them, so that
// scroll, focus, filters and open tables stay as they are.

import { tally } from "../analysis/tally.js";
import { element } from "../ui/element.js";
import { commentsCard } from "./comments.js";
import { languagesCard } from "./languages.js";
import { moodCard } from "./mood.js";
import { csvOf, fileName, saveText } from "./take_away.js";
import { timeCard } from "./time.js";
import { wordsCard } from "./words.js";

/** @typedef {import("./opened.js").Opened} Opened */
/** @typedef {import("../analysis/tally.js").Tally} Tally */
/** @typedef {"counts" | "trend" | "wordcloud"} Chart */

/**
 * @param {{
 *   compact?: boolean, correct?: import("./quote.js").Correct,
 *   picture?: (chart: Chart, words?: string) => Node, left?: Node[], right?: Node[],
 * }} how compact is one column; picture makes a button for a chart's picture; left and right are further cards
 * @returns {{ view: HTMLElement, update: (opened: Opened) => Tally }}
 */
export function cards({ compact = false, correct, picture, left = [], right = [] }) {
  let name = "";
  const mood = moodCard(picture?.("counts") ?? null);
  const languages = languagesCard();
  const time = timeCard(picture?.("trend") ?? null);
  const words = wordsCard(
    (kind) => picture?.("wordcloud", kind) ?? null,
    (word, kind) => comments.showWord(word, kind),
  );
  const comments = commentsCard({
    compact,
    correct,
    download: (chosen) => saveText(`${fileName(name)}-chosen.csv`, csvOf(chosen), "text/csv"),
  });
  const column = (/** @type {Node[]} */ ...views) => element("div", { class: "column" }, ...views);
  const view = compact
    ? element("div", { class: "cards compact" }, ...left, mood.view, time.view, words.view, ...right, comments.view)
    : element(
        "div",
        { class: "cards" },
        column(mood.view, languages.view, ...left),
        column(time.view, ...right, words.view),
        comments.view,
      );
  return {
    view,
    update(opened) {
      name = opened.name;
      const counted = tally(opened.comments);
      mood.update(counted);
      languages.update(opened.comments);
      time.update(opened);
      words.update(opened);
      comments.update(opened);
      return counted;
    },
  };
}
