// An open analysis, or two, as the cards of the page. Knows which cards there are and what can be taken away.

import { element } from "../../extension/ui/element.js";
import { moment } from "../../extension/ui/format.js";
import { button, workButton } from "../../extension/views/card.js";
import { cards } from "../../extension/views/cards.js";
import { compareCard, sideOf } from "../../extension/views/compare.js";
import { csvOf, fileName, jsonOf, save, saveText } from "../../extension/views/take_away.js";
import { visitsCard } from "../../extension/views/time.js";
import { picture } from "../api.js";

/** @typedef {import("../../extension/analysis/tally.js").Tally} Tally */
/** @typedef {import("../../extension/views/opened.js").Opened} Opened */
/** @typedef {{ compare: () => void, again: () => void, drop: (index: number) => void }} Actions */

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
      analysedAt && element("p", { class: "muted" }, `Analysed ${moment(analysedAt)}`),
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
 * @returns {{ view: HTMLElement, tally: Tally }}
 */
function shown(opened) {
  const right = opened.visits.length > 1 ? [visitsCard(opened.visits)] : [];
  const { view, update } = cards({ right, picture: (chart, words) => pngButton(opened, chart, words) });
  return { view, tally: update(opened) };
}

/**
 * @param {HTMLElement} place
 * @param {Opened[]} opened one or two
 * @param {Actions} actions
 */
export function showResults(place, opened, actions) {
  if (opened.length === 1) {
    place.replaceChildren(head(opened[0], actions, true), shown(opened[0]).view);
    return;
  }
  const below = element("div", {});
  const both = opened.map((one) => ({ ...shown(one), opened: one }));
  const switches = opened.map((one, index) => {
    const made = button(`${index + 1}: ${one.name}`, () => choose(index), "small switch");
    made.dir = "auto";
    return made;
  });
  /** @param {number} index */
  function choose(index) {
    switches.forEach((made, other) => made.setAttribute("aria-pressed", String(other === index)));
    below.replaceChildren(head(opened[index], actions, false), both[index].view);
  }
  const over = element(
    "div",
    { class: "actions" },
    button("Stop comparing", () => actions.drop(1)),
    button("New analysis", actions.again),
  );
  place.replaceChildren(
    compareCard(sideOf(both[0].opened, both[0].tally), sideOf(both[1].opened, both[1].tally), over),
    element("div", { class: "switches", role: "group", "aria-label": "Which one is shown below" }, ...switches),
    below,
  );
  choose(0);
}
