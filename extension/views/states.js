// What is shown instead of results: one card for each state a reading can be in. Knows words and buttons; doesn't
// know what leads to a state.

import { startCommand } from "../backend/address.js";
import { element, shape } from "../ui/element.js";
import { number } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { problemTitle } from "../ui/problem_words.js";
import { whereItRuns } from "../ui/whereabouts.js";
import { button } from "./card.js";
import { reportButton } from "./honesty.js";
import { expected, progressWords } from "./progress.js";

/** @typedef {import("../backend/problem.js").Problem} Problem */
/** @typedef {import("../session/types.js").Session} Session */
/** @typedef {import("../ui/element.js").Child} Child */

/** Strokes on a field of 24 by 24. */
const SYMBOLS = {
  video: "M4 6.5h16v11H4z M10.5 9.5v5l4-2.5z",
  off: "M5 5h14v10h-8l-4 4v-4H5z M4 3l16 18",
  empty: "M5 5h14v10h-8l-4 4v-4H5z M9 10h6",
  plug: "M9 3v5 M15 3v5 M6.5 8h11v3a5.5 5.5 0 0 1-11 0z M12 16.5V21",
  key: "M14.5 9.5m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0 M11 12.5L4 19.5 M6.5 17l2 2",
  warning: "M12 4l9 16H3z M12 10v4.5 M12 17.2v.3",
};

/**
 * @param {keyof typeof SYMBOLS} name
 * @returns {SVGSVGElement}
 */
const symbol = (name) =>
  shape(
    "svg",
    { viewBox: "0 0 24 24", width: 40, height: 40, class: "symbol", "aria-hidden": "true" },
    shape("path", { d: SYMBOLS[name] }),
  );

const settingsButton = () =>
  button(text("openSettings"), () => void chrome.runtime.openOptionsPage(), "quiet");

/**
 * @param {{ state: string, sign: keyof typeof SYMBOLS, title: string, tone?: string }} card
 * @param {...Child} content
 */
const card = ({ state, sign, title, tone = "" }, ...content) =>
  element(
    "section",
    { class: `state ${tone}`, "data-state": state },
    symbol(sign),
    element("h2", {}, title),
    ...content,
  );

/** @param {...Child} buttons */
const actions = (...buttons) => element("div", { class: "actions" }, ...buttons);

export const notVideo = () =>
  card(
    { state: "not-video", sign: "video", title: text("notVideoTitle") },
    element("p", {}, text("notVideoBody")),
  );

export const commentsOff = () =>
  card(
    { state: "comments-off", sign: "off", title: text("commentsOffTitle") },
    element("p", {}, text("commentsOffBody")),
  );

export const chatOff = () =>
  card({ state: "chat-off", sign: "off", title: text("chatOffTitle") }, element("p", {}, text("chatOffBody")));

export const chatClosed = () =>
  card({ state: "chat-closed", sign: "empty", title: text("chatClosedTitle") }, element("p", {}, text("chatClosedBody")));

export const tabGone = () =>
  card({ state: "tab-gone", sign: "video", title: text("tabGoneTitle") }, element("p", {}, text("tabGoneBody")));

/**
 * @param {number | null} announced by YouTube
 * @param {() => void} again
 * @param {() => string} report
 */
export const noneFound = (announced, again, report) =>
  card(
    {
      state: "none-found",
      sign: "empty",
      title: announced ? plural("noneFoundOfTitle", announced, number(announced)) : text("noneFoundTitle"),
    },
    element("p", {}, announced ? text("noneFoundOf") : text("noneFoundBody")),
    actions(button(text("readAgain"), again, "primary"), announced ? reportButton(report) : null),
    announced ? element("p", { class: "muted small-print" }, text("reportHolds")) : null,
  );

/**
 * @param {string | null} trouble
 * @param {() => void} again
 * @param {() => string} report
 */
export const readingFailed = (trouble, again, report) =>
  card(
    { state: "error", sign: "warning", title: text("readingFailedTitle"), tone: "bad" },
    element("p", {}, text("readingFailedBody")),
    trouble && element("p", { class: "said", dir: "auto" }, trouble),
    actions(button(text("readAgain"), again, "primary"), reportButton(report)),
    element("p", { class: "muted small-print" }, text("reportHolds")),
  );

/** @param {() => void} again */
export const stoppedEarly = (again) =>
  card(
    { state: "stopped", sign: "empty", title: text("stoppedTitle") },
    element("p", {}, text("stoppedBody")),
    actions(button(text("readAgain"), again, "primary")),
  );

/** @param {string} words to type in a terminal */
function command(words) {
  const copy = button(text("copy"), () => void copyWords(), "small");
  async function copyWords() {
    await navigator.clipboard.writeText(words);
    copy.textContent = text("copied");
  }
  return element("div", { class: "command" }, element("code", {}, words), copy);
}

/**
 * @param {string} address that was tried
 * @param {() => void} again
 */
function backendDown(address, again) {
  const start = startCommand(address);
  return card(
    {
      state: "backend-down",
      sign: "plug",
      title: start ? text("backendDownTitle") : text("backendElsewhereTitle"),
    },
    element("p", {}, start ? text("backendDownBody") : text("backendElsewhereBody")),
    start && command(start),
    element("p", { class: "muted" }, text("backendDownTried"), " ", element("code", {}, address)),
    actions(button(text("tryAgain"), again, "primary"), settingsButton()),
  );
}

/**
 * @param {Problem} problem
 * @param {string} address that was tried
 * @param {() => void} again
 */
export function backendProblem(problem, address, again) {
  if (problem.kind === "unreachable") return backendDown(address, again);
  const said = [[problem.title, problem.detail].filter(Boolean).join(": "), ...(problem.faults ?? [])].join("\n").trim();
  return card(
    {
      state: problem.kind === "token" ? "token" : "error",
      sign: problem.kind === "token" ? "key" : "warning",
      title: text(problemTitle(problem)),
      tone: "bad",
    },
    element("p", {}, text(`${problemTitle(problem)}Body`)),
    said && element("p", { class: "said", dir: "auto" }, said),
    element(
      "p",
      { class: "muted" },
      [address, problem.status && `HTTP ${problem.status}`, problem.requestId].filter(Boolean).join(" · "),
    ),
    actions(button(text("tryAgain"), again, "primary"), settingsButton()),
  );
}

/**
 * @param {unknown} error that nobody expected
 * @param {() => void} again
 */
export const unexpected = (error, again) =>
  card(
    { state: "error", sign: "warning", title: text("unexpectedTitle"), tone: "bad" },
    element("p", {}, text("unexpectedBody")),
    element("p", { class: "said", dir: "auto" }, error instanceof Error ? error.message : String(error)),
    actions(button(text("tryAgain"), again, "primary")),
  );

export const starting = () =>
  element(
    "section",
    { class: "state busy", "data-state": "starting" },
    element("progress", { "aria-label": text("starting") }),
    element("p", { class: "muted" }, text("starting")),
  );

/**
 * @param {number} read
 * @param {string} address of the backend
 */
export const analysing = (read, address) =>
  element(
    "section",
    { class: "state busy", "data-state": "analysing" },
    element("p", { class: "big" }, number(read)),
    element("h2", {}, text("analysingTitle")),
    element("progress", { "aria-label": text("analysingTitle") }),
    element("p", { class: "muted" }, text("analysingBody", whereItRuns(address))),
  );

/**
 * @param {() => void} stop
 * @returns {{ view: HTMLElement, update: (session: Session) => void }}
 */
export function collecting(stop) {
  const count = element("p", { class: "big" }, number(0));
  const bar = element("progress", { "aria-label": text("collectingTitle") });
  const line = element("p", { class: "muted" }, text("collectingStart"));
  const view = element(
    "section",
    { class: "state busy", "data-state": "collecting" },
    count,
    element("h2", {}, text("collectingTitle")),
    bar,
    line,
    actions(button(text("stopReading"), stop, "quiet")),
  );
  return {
    view,
    update(session) {
      const all = expected(session);
      count.textContent = number(session.read);
      if (session.read === 0 || !all) return;
      bar.max = all;
      bar.value = Math.min(session.read, all);
      line.textContent = progressWords(session);
    },
  };
}
