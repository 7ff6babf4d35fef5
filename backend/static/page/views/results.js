// An open analysis, or two, as the cards of the page. Knows which cards there are and what can be taken away.

import { element } from "../../extension/ui/element.js";
import { picture } from "../api.js";
import { csvOf, fileName, jsonOf, save } from "../download.js";
import { button, workButton } from "./card.js";
import { commentsCard } from "./comments.js";
import { compareCard } from "./compare.js";
import { languagesCard } from "./languages.js";
import { moodCard } from "./mood.js";
import { momentWords, timeCard, visitsCard } from "./time.js";
import { wordsCard } from "./words.js";

/** @typedef {import("../opened.js").Opened} Opened */
/** @typedef {{ compare: () => void, again: () => void, drop: (index: number) => void }} Actions */

const WIDEST = 620;
const AROUND = 66;

/** How wide a drawing in a card of this page can be; half of it where two are side by side. */
function room() {
  const across = document.documentElement.clientWidth;
  const column = across >= 960 ? Math.min(across, 1160) * 0.58 : across - 32;
  return Math.round(Math.max(280, Math.min(WIDEST, column - AROUND)));
}

/**
 * @param {Opened} opened
 * @param {"counts" | "trend" | "wordcloud"} chart
 * @param {string} [words]
 */
function pngButton({ name, analysis }, chart, words) {
  const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const what = words && words !== "all" ? `${chart}-${words}` : chart;
  return workButton("PNG", `Download ${what} as PNG`, async () => {
    save(await picture(chart, analysis, { theme, title: name, words }), `${fileName(name)}-${what}.png`);
  });
}

/** @param {string} name @param {string} text @param {string} type */
const saveText = (name, text, type) => save(new Blob([text], { type: `${type};charset=utf-8` }), name);

/**
 * @param {Opened} opened
 * @param {Actions} actions
 * @param {boolean} alone
 */
function head(opened, { compare, again }, alone) {
  const { name, analysis, comments, analysedAt, remarks } = opened;
  const file = fileName(name);
  return element(
    "div",
    { class: "results-head" },
    element(
      "div",
      { class: "head" },
      element("p", { class: "title", dir: "auto" }, name),
      analysis.video.channel && element("p", { class: "muted channel", dir: "auto" }, analysis.video.channel),
      analysedAt && element("p", { class: "muted" }, `Analysed ${momentWords(analysedAt)}`),
    ),
    element(
      "div",
      { class: "actions" },
      alone && button("Compare with …", compare),
      button("CSV", () => saveText(`${file}.csv`, csvOf(comments), "text/csv")),
      button("JSON", () => saveText(`${file}.json`, jsonOf(opened), "application/json")),
      alone && button("New analysis", again),
    ),
    remarks.length > 0 &&
      element(
        "details",
        { class: "notice", open: remarks.length < 4, "data-remarks": "" },
        element("summary", {}, remarks.length === 1 ? "A remark on these comments" : `${remarks.length} remarks on these comments`),
        element("ul", {}, ...remarks.map((remark) => element("li", {}, remark))),
      ),
  );
}

/**
 * @param {Opened} opened
 * @returns {HTMLElement}
 */
function cards(opened) {
  const width = room();
  const { analysis, visits, name } = opened;
  return element(
    "div",
    { class: "cards" },
    element("div", { class: "left" }, moodCard(analysis, pngButton(opened, "counts")), languagesCard(analysis)),
    timeCard(analysis, pngButton(opened, "trend"), width),
    visits.length > 1 && visitsCard(visits, width),
    wordsCard(analysis, (kind) => pngButton(opened, "wordcloud", kind), width),
    commentsCard(opened, (chosen) => saveText(`${fileName(name)}-chosen.csv`, csvOf(chosen), "text/csv")),
  );
}

/**
 * @param {HTMLElement} place
 * @param {Opened[]} opened one or two
 * @param {Actions} actions
 */
export function showResults(place, opened, actions) {
  if (opened.length === 1) {
    place.replaceChildren(head(opened[0], actions, true), cards(opened[0]));
    return;
  }
  const below = element("div", {});
  const switches = opened.map((one, index) => {
    const made = button(`${index + 1}: ${one.name}`, () => choose(index), "small switch");
    made.dir = "auto";
    return made;
  });
  /** @param {number} index */
  function choose(index) {
    switches.forEach((made, other) => made.setAttribute("aria-pressed", String(other === index)));
    below.replaceChildren(head(opened[index], actions, false), cards(opened[index]));
  }
  const over = element(
    "div",
    { class: "actions" },
    button("Stop comparing", () => actions.drop(1)),
    button("New analysis", actions.again),
  );
  place.replaceChildren(
    compareCard(opened[0], opened[1], over),
    element("div", { class: "switches", role: "group", "aria-label": "Which one is shown below" }, ...switches),
    below,
  );
  choose(0);
}
