// The mood of a chat over its last minutes, in cards that follow it: how far the reading is, the gauge, the course,
// what is said. They are made once; new numbers go into them. Knows a chat's facts; doesn't know how they came to be.

import { trendable } from "../charts/trend.js";
import { element } from "../ui/element.js";
import { clockTime, minutes, number, percent, videoTime } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { card, switches } from "./card.js";
import { chatSaid } from "./chat_said.js";
import { chatStrip } from "./chat_strip.js";
import { honesty } from "./honesty.js";
import { meanBlock, ring } from "./mood.js";
import { courseCard } from "./time.js";
import { tooFew, verdict } from "./verdict.js";

/** @typedef {import("../session/types.js").Chat} Chat */
/** @typedef {import("../analysis/chat_course.js").Window} Window */
/** @typedef {{ stop: () => void, start: () => void, report: () => string }} Actions start also asks the backend again */

const FIRST_WINDOW = 5;

/** How a chat's times are written. @param {Chat} chat @returns {(at: number) => string} */
export const timeIn = ({ kind }) => (kind === "replay" ? videoTime : clockTime);

/** @param {Window} window */
function moodOf({ counts, score, perMinute, seen }) {
  const rate = perMinute === null ? null : Math.round(perMinute);
  const remarks = [
    tooFew(counts) && counts.total > counts.other && text("chatTooFew"),
    counts.other > 0 && plural("chatOtherLanguages", counts.other, number(counts.other), percent(counts.other / counts.total)),
  ].filter((line) => typeof line === "string");
  return [
    counts.total > 0
      ? ring(counts, { write: number, caption: plural("messagesWord", counts.total), name: "donutMessagesName" })
      : element("p", { class: "muted none" }, text(seen > 0 ? "chatUnread" : "chatSilent")),
    rate !== null && element("p", { class: "muted remark", "data-rate": "" }, plural("chatPerMinute", rate, number(rate))),
    ...remarks.map((line) => element("p", { class: "muted remark" }, line)),
    score && meanBlock(score, null),
  ].filter((node) => node instanceof Node);
}

function moodCard() {
  let chosen = FIRST_WINDOW;
  /** @type {Window[]} */
  let shown = [];
  const place = element("div", {});
  const order = [FIRST_WINDOW, 1, 15];
  const choice = switches(
    text("chatWindows"),
    order.map((count) => [String(count), minutes(count)]),
    (count) => {
      chosen = Number(count);
      draw();
    },
  );
  // The middle one is chosen first, and stands in the middle.
  choice.insertBefore(choice.children[1], choice.children[0]);
  const view = card("mood chat-mood", "", null, choice, place);
  const title = /** @type {HTMLElement} */ (view.querySelector("h2"));
  function draw() {
    const window = shown.find((each) => each.minutes === chosen);
    if (!window) return;
    title.textContent = text(verdict(window.counts, window.score));
    place.replaceChildren(...moodOf(window));
  }
  return {
    view,
    /** @param {Window[]} windows */
    update(windows) {
      shown = windows;
      draw();
    },
    words: () => title.textContent ?? "",
  };
}

/**
 * @param {Actions} actions
 * @param {{ compact: boolean, address: string }} how
 */
export function chatView(actions, { compact, address }) {
  const strip = chatStrip(actions);
  const title = element("p", { class: "title", dir: "auto" });
  const mood = moodCard();
  const course = courseCard({ id: "chat-time", title: text("chatTimeTitle"), legend: text("chatTrendLegend"), action: null });
  const said = chatSaid();
  const foot = honesty(address, actions.report);
  const column = (/** @type {Node[]} */ ...views) => element("div", { class: "column" }, ...views);
  const cards = compact
    ? element("div", { class: "cards compact" }, mood.view, course.view, said.view)
    : element("div", { class: "cards" }, column(mood.view), column(course.view), said.view);
  const view = element(
    "div",
    { class: compact ? "results chat" : "results wide chat", "data-state": "chat" },
    element("div", { class: "results-head" }, element("div", { class: "head" }, title)),
    strip.view,
    cards,
    element("p", { class: "muted small-print" }, text("chatShown")),
    foot.view,
  );
  return {
    view,
    words: mood.words,
    /** @param {Chat} chat */
    update(chat) {
      const time = timeIn(chat);
      title.textContent = chat.title;
      strip.update(chat);
      mood.update(chat.windows);
      said.update(chat);
      const when = (/** @type {import("../analysis/tally.js").Step} */ step) => time(Number(step.start));
      const drawn = trendable(chat.steps) ? { steps: chat.steps, when, age: () => "", name: text("trendNameComments") } : null;
      course.update(drawn, drawn ? "" : text("chatTrendSoon"));
    },
    /** @param {{ name: string, version: string }} model */
    tellModel: (model) => foot.update(model),
  };
}
