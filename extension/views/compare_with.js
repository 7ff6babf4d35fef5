// What is open, beside a visit that a person picks: an earlier one of the same video, or another video.

import { element } from "../ui/element.js";
import { moment, number, score } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { card } from "./card.js";
import { compared } from "./compare.js";

/** @typedef {import("../session/visits.js").KeptVisit} KeptVisit */
/** @typedef {import("./compare.js").Side} Side */

/** @param {KeptVisit} visit @param {string} name @returns {Side} */
const sideOfVisit = (visit, name) => ({
  name,
  note: [plural("commentsNumber", visit.counts.total, number(visit.counts.total)), moment(visit.at)].join(" · "),
  counts: visit.counts,
  score: visit.score,
  words: visit.words,
});

/** @param {KeptVisit} visit */
const nameOf = ({ title, videoId }) => title || videoId;

/**
 * @param {KeptVisit} visit
 * @param {string} name
 */
const option = (visit, name) =>
  element("option", { value: visit.key }, visit.score ? `${name} (${score(visit.score.mean)})` : name);

/**
 * @param {{ earlier: KeptVisit[], others: KeptVisit[] }} visits newest first
 * @returns {{ view: HTMLElement, update: (open: Side) => void }}
 */
export function compareWithCard({ earlier, others }) {
  const all = new Map([...earlier, ...others].map((visit) => [visit.key, visit]));
  const select = element(
    "select",
    { "aria-label": text("compareWith") },
    element("option", { value: "" }, text("compareWith")),
    earlier.length > 0 &&
      element("optgroup", { label: text("earlierVisits") }, ...earlier.map((visit) => option(visit, moment(visit.at)))),
    others.length > 0 &&
      element("optgroup", { label: text("otherVideos") }, ...others.map((visit) => option(visit, nameOf(visit)))),
  );
  const place = element("div", {});
  /** @type {Side | null} */
  let shown = null;
  function draw() {
    const visit = all.get(select.value);
    if (!visit || !shown) return place.replaceChildren(element("p", { class: "muted" }, text("compareHint")));
    const name = earlier.includes(visit) ? text("visitOf", moment(visit.at)) : nameOf(visit);
    return place.replaceChildren(...compared(sideOfVisit(visit, name), { ...shown, name: text("nowNamed", shown.name) }));
  }
  select.addEventListener("change", draw);
  return {
    view: card("compare", text("compareTitle"), select, place),
    update(open) {
      shown = open;
      draw();
    },
  };
}
