// The popup from opening to answer: which tab, is the backend there, read, analyse, show. Knows the order of
// things and what may go wrong in it; how each looks is elsewhere.

import { analyse, checkReady } from "../backend/client.js";
import { BackendProblem } from "../backend/problem.js";
import { analyzeRequest } from "../backend/request.js";
import { element } from "../ui/element.js";
import { number } from "../ui/format.js";
import { fillWords, plural, text } from "../ui/messages.js";
import { loadSettings } from "../ui/settings.js";
import { commentFrom } from "../youtube/comment.js";
import { countInside } from "../youtube/likes.js";
import * as cards from "./cards.js";
import { coverage } from "./coverage.js";
import { Moved, read, watchedTab } from "./reading.js";
import { results } from "./results.js";

/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("../ui/settings.js").Settings} Settings */

const ANNOUNCE_EVERY_MS = 3_000;

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const status = /** @type {HTMLElement} */ (document.getElementById("status"));

/** @type {AbortController} */
let current = new AbortController();
let announcedAt = 0;

/** @param {HTMLElement} view */
function show(view) {
  const hadFocus = main.contains(document.activeElement);
  main.replaceChildren(view);
  main.setAttribute("aria-busy", String(view.classList.contains("busy")));
  scrollTo(0, 0);
  if (hadFocus) main.focus();
}

/** @param {string} words for screen readers */
function announce(words) {
  status.textContent = words;
  announcedAt = Date.now();
}

/** @param {HTMLElement} view a card that needs nothing but to be read out */
function showCard(view) {
  show(view);
  announce(view.querySelector("h2")?.textContent ?? "");
}

function timezone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone && zone !== "Etc/Unknown" ? zone : "UTC";
}

/**
 * @param {Reading} reading
 * @param {Settings} settings
 */
function headOf({ video, found, announced, language, reason }, { openReplies }) {
  const expected = countInside(announced, language);
  const read = found.size;
  const { partial, why } = coverage({ read, announced: expected, reason, repliesOpened: openReplies });
  const count =
    expected !== null && expected > read
      ? plural("readOf", expected, number(read), number(expected))
      : plural("readAll", read, number(read));
  return element(
    "div",
    { class: "head" },
    video.title && element("p", { class: "title", dir: "auto" }, video.title),
    video.channel && element("p", { class: "muted channel", dir: "auto" }, video.channel),
    element(
      "div",
      { class: partial ? "coverage partial" : "coverage", "data-partial": partial ? reason : null },
      element(
        "p",
        {},
        element("strong", { "data-coverage": "" }, count),
        why && element("span", {}, text(why)),
      ),
      cards.button(text("readAgain"), () => void start(), "small"),
    ),
  );
}

/**
 * @param {{ id: number, videoId: string }} tab
 * @param {Settings} settings
 * @param {AbortSignal} signal
 * @returns {Promise<Reading>}
 */
async function collect(tab, settings, signal) {
  const { limit, openReplies } = settings;
  const { view, update } = cards.collecting(() => reading.stop());
  const reading = await read(
    tab,
    { limit, openReplies },
    {
      progress(count, announced, language) {
        if (signal.aborted) return;
        const expected = Math.min(limit, countInside(announced, language) ?? limit);
        update(count, expected);
        if (Date.now() - announcedAt > ANNOUNCE_EVERY_MS) {
          announce(plural("collectingOf", expected, number(count), number(expected)));
        }
      },
      moved: () => !signal.aborted && void start(),
    },
  );
  signal.addEventListener("abort", () => reading.leave(), { once: true });
  signal.throwIfAborted();
  show(view);
  announce(text("collectingTitle"));
  return reading.finished;
}

/**
 * @param {Reading} reading
 * @param {Settings} settings
 * @param {AbortSignal} signal
 */
async function answer(reading, settings, signal) {
  const { video, language, found, reason } = reading;
  const now = Date.now();
  const comments = Array.from(found.values(), (comment) => commentFrom(comment, { language, now }));
  const request = analyzeRequest(video, comments, timezone());
  if (reason === "off") return showCard(cards.commentsOff());
  if (request.comments.length === 0) {
    return showCard(
      reason === "cancelled"
        ? cards.stoppedEarly(start)
        : cards.noneFound(countInside(reading.announced, language), start),
    );
  }
  show(cards.analysing(request.comments.length, settings.address));
  announce(text("analysingTitle"));
  const analysis = await analyse(settings, request, signal);
  show(results(analysis, found, settings.address, headOf(reading, settings)));
  return announce(text("resultsReady", main.querySelector("h2")?.textContent ?? ""));
}

async function start() {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  show(cards.starting());
  const settings = await loadSettings();
  try {
    const tab = await watchedTab();
    if (!tab?.videoId) return showCard(cards.notVideo());
    await checkReady(settings, signal);
    const reading = await collect({ id: tab.id, videoId: tab.videoId }, settings, signal);
    return await answer(reading, settings, signal);
  } catch (error) {
    if (signal.aborted || error instanceof Moved) return undefined;
    if (error instanceof BackendProblem) {
      return showCard(cards.backendProblem(error, settings.address, start));
    }
    return showCard(cards.unexpected(error, start));
  }
}

fillWords(document);
document
  .getElementById("settings")
  ?.addEventListener("click", () => void chrome.runtime.openOptionsPage());
void start();
