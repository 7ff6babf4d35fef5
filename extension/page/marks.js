// A small sign of its feeling beside each comment that YouTube shows. Takes the session's labels where it has them and
// asks for the others as they appear, a few at a time; while the backend is away there are just no signs. Leaves
// nothing behind when it is switched off.

import { feelingOf } from "../analysis/feeling.js";
import { sign } from "../ui/sign.js";
import { ask, Orphaned } from "../worker/ask.js";
import { sendable } from "../youtube/comment.js";
import { placesOf } from "../youtube/page.js";

/** @typedef {import("../analysis/feeling.js").Feeling} Feeling */
/** @typedef {import("../analysis/feeling.js").Judged} Judged */
/** @typedef {import("./session.js").PageSession} PageSession */

const MARK = "undertone-mark";
const SOON_MS = 300;
const MOST_AT_ONCE = 100;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 600_000;

/** @type {Record<Feeling, string>} */
const NAMES = { negative: "negative", neutral: "neutral", positive: "positive", other: "otherLanguages" };

const LOOK = `
  :host { display: inline-block; margin-inline-start: 6px; vertical-align: -2px; line-height: 0; }
  svg { width: 13px; height: 13px; }
  .fill-negative { fill: #dd5f1e; }
  .fill-neutral { fill: #8f95a5; }
  .fill-positive { fill: #1f7fd0; }
  .fill-other { fill: #8d7fae; }
  .sign-stroke { fill: none; stroke: #fff; stroke-linecap: round; stroke-width: 1.7; }
  :host-context(html[dark]) .fill-negative { fill: #ff9257; }
  :host-context(html[dark]) .fill-positive { fill: #5ab4f5; }
  :host-context(html[dark]) .sign-stroke { stroke: #0f0f0f; }
`;

// A sheet that is adopted is none that the page's policy could forbid.
const look = new CSSStyleSheet();
look.replaceSync(LOOK);

/** @param {Feeling} feeling */
function markOf(feeling) {
  const mark = document.createElement(MARK);
  const words = chrome.i18n.getMessage(NAMES[feeling]);
  mark.dataset.feeling = feeling;
  mark.title = `Undertone: ${words}`;
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", words);
  const root = mark.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [look];
  root.append(sign(feeling));
  return mark;
}

/** @param {Element} place @param {Feeling | null} feeling null takes the sign away */
function show(place, feeling) {
  const shown = /** @type {HTMLElement | null} */ (place.querySelector(`:scope > ${MARK}`));
  if (feeling === (shown?.dataset.feeling ?? null)) return;
  shown?.remove();
  if (feeling) place.append(markOf(feeling));
}

export class Marks {
  #session;
  /** @type {Map<string, Judged>} */
  #known = new Map();
  #video = "";
  #asking = false;
  #pause = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  /** @type {MutationObserver | null} null while there are to be no signs */
  #observer = null;

  /** @param {() => PageSession | null} session of the video that the page shows */
  constructor(session) {
    this.#session = session;
  }

  /** Does what the settings say, from now on. */
  async start() {
    chrome.storage.onChanged.addListener((changes, area) => {
      if (area === "sync" && changes.marks) this.#switch(changes.marks.newValue !== false);
    });
    const { marks } = await ask("settings", {});
    this.#switch(marks);
  }

  /** Labels or comments may have come. */
  refresh() {
    if (this.#observer) this.#due ??= setTimeout(() => this.#draw(), SOON_MS);
  }

  /** @param {boolean} on */
  #switch(on) {
    if (on === (this.#observer !== null)) return;
    this.#observer?.disconnect();
    clearTimeout(this.#due);
    this.#due = undefined;
    this.#observer = on ? new MutationObserver(() => this.refresh()) : null;
    this.#observer?.observe(document.body, { childList: true, subtree: true });
    if (on) this.refresh();
    else for (const mark of document.querySelectorAll(MARK)) mark.remove();
  }

  #draw() {
    this.#due = undefined;
    const session = this.#session();
    if (!session) return;
    if (session.videoId !== this.#video) this.#known.clear();
    this.#video = session.videoId;
    /** @type {Map<string, string>} */
    const unknown = new Map();
    for (const { id, text, place } of placesOf(document, session.videoId)) {
      const judged = session.labels[id] ?? this.#known.get(id);
      const corrected = session.facts.corrections[id];
      show(place, judged ? feelingOf({ ...judged, corrected }) : null);
      if (!judged && text) unknown.set(id, sendable(text));
    }
    if (unknown.size > 0) void this.#ask([...unknown].slice(0, MOST_AT_ONCE));
  }

  /** One question at a time; after a failure none for a while. @param {[string, string][]} comments */
  async #ask(comments) {
    if (this.#asking) return;
    this.#asking = true;
    const video = this.#video;
    let wait = SOON_MS;
    try {
      const found = await ask("predict", { comments: comments.map(([id, text]) => ({ id, text })) });
      if (video === this.#video) for (const judged of found) this.#known.set(judged.id, judged);
      this.#pause = 0;
    } catch (error) {
      if (error instanceof Orphaned) return this.#switch(false);
      this.#pause = wait = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * this.#pause));
    } finally {
      // Until then nobody asks.
      setTimeout(() => {
        this.#asking = false;
        this.refresh();
      }, wait);
    }
    return this.refresh();
  }
}
