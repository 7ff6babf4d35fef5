// What Undertone adds to YouTube's page: a sign beside each comment and a bar above them. Knows the switch, and when to
// look at the page again; leaves nothing behind when it is switched off. What is added, others know.

import { sift } from "../analysis/threads.js";
import { isLocale } from "../ui/locales.js";
import { speak } from "../ui/language.js";
import { ask, isOrphan } from "../worker/ask.js";
import { concernsComments, continuationOf, placesOf } from "../youtube/page.js";
import { Bar } from "./bar.js";
import { Labels } from "./labels.js";
import { mark, removeMarks } from "./marks.js";
import { Sieve } from "./sieve.js";

/** @typedef {import("../analysis/feeling.js").Feeling} Feeling */
/** @typedef {import("../youtube/page.js").Placed & { feeling: Feeling | null }} Shown */
/** @typedef {import("./session.js").PageSession} PageSession */

const SOON_MS = 300;

export class Additions {
  #session;
  #labels = new Labels(() => this.refresh());
  #sieve = new Sieve();
  /** @type {Bar | null} */
  #bar = null;
  /** The threads that the bar stands above. @type {Element | null} */
  #list = null;
  /** Calls off the next look at the page. @type {(() => void) | null} */
  #due = null;
  /** @type {MutationObserver | null} null while nothing is to be added */
  #observer = null;

  /** @param {() => PageSession | null} session of the video that the page shows */
  constructor(session) {
    this.#session = session;
  }

  /** Does what the settings say, from now on. */
  async start() {
    chrome.storage.onChanged.addListener((changes, area) => {
      if (area !== "sync") return;
      if (changes.marks) this.#switch(changes.marks.newValue !== false);
      if (changes.interfaceLanguage) void this.#speak(changes.interfaceLanguage.newValue);
    });
    const { marks } = await ask("settings", {});
    this.#switch(marks);
  }

  /** Labels or comments may have come. */
  refresh() {
    if (this.#observer) this.#due ??= this.#later(() => this.#draw());
  }

  /** Another video is shown, or none: what was asked for the last one is over. */
  moved() {
    this.#sieve.clear();
    this.#bar?.remove();
    this.#bar = null;
    this.#list = null;
    this.refresh();
  }

  /** What is filtered away is gone before it is seen. @param {() => void} work */
  #later(work) {
    if (this.#bar?.isFiltering && !document.hidden) {
      const frame = requestAnimationFrame(work);
      return () => cancelAnimationFrame(frame);
    }
    const timer = setTimeout(work, SOON_MS);
    return () => clearTimeout(timer);
  }

  /** @param {boolean} on */
  #switch(on) {
    if (on === (this.#observer !== null)) return;
    this.#observer?.disconnect();
    this.#due?.();
    this.#due = null;
    this.#observer = on ? new MutationObserver((records) => this.#notice(records)) : null;
    this.#observer?.observe(document.body, { childList: true, subtree: true });
    if (!on) removeMarks();
    this.moved();
  }

  /** @param {MutationRecord[]} records */
  #notice(records) {
    if (!this.#due && records.some(concernsComments)) this.refresh();
  }

  /** @param {unknown} choice */
  async #speak(choice) {
    await speak(isLocale(choice) ? choice : "");
    removeMarks();
    this.moved();
  }

  #draw() {
    this.#due?.();
    this.#due = null;
    if (isOrphan()) return this.#switch(false);
    const session = this.#session();
    if (!session) return;
    /** @type {Shown[]} */
    const comments = [];
    for (const comment of placesOf(document, session.videoId)) {
      const feeling = this.#labels.of(session, comment.id);
      mark(comment.place, feeling);
      comments.push({ ...comment, feeling });
    }
    const unlabelled = comments.filter(({ text, feeling }) => text !== "" && feeling === null);
    this.#drawBar(session, comments, unlabelled.length);
    void this.#labels.askFor(unlabelled);
  }

  /**
   * @param {PageSession} session
   * @param {Shown[]} comments
   * @param {number} unlabelled
   */
  #drawBar(session, comments, unlabelled) {
    const threads = Map.groupBy(comments, ({ thread }) => thread);
    const lists = new Set([...threads.keys()].map((thread) => thread.parentElement));
    const list = [...lists].find((each) => each?.checkVisibility()) ?? [...lists][0];
    this.#list = list ?? null;
    if (!list) return;
    const bar = (this.#bar ??= new Bar({ changed: () => this.#ask(), goOn: () => this.#goOn() }));
    const here = [...threads].filter(([thread]) => thread.parentElement === list);
    const { fits, counts } = sift(here.map(([, said]) => said), bar.choice);
    // The reader scrolls through what is shown.
    const reading = session.facts.state === "reading" && session.facts.how === "page";
    const continuation = continuationOf(list);
    let held = false;
    if (bar.isFiltering && !reading) {
      held = this.#sieve.apply(here.map(([element], index) => ({ element, fits: fits[index] })), continuation);
    } else this.#sieve.clear();
    bar.stand(list);
    const shown = fits.filter(Boolean).length;
    const away = this.#labels.away;
    bar.show({ counts, shown, total: here.length, unlabelled, away, reading, held, more: continuation !== null });
  }

  /** A person wants something else, or more of it. */
  #ask() {
    this.#sieve.goOn();
    this.#draw();
  }

  /** YouTube loads more once its end of the list is in view, where it need not be after it was hidden. */
  #goOn() {
    this.#ask();
    if (this.#list) continuationOf(this.#list)?.scrollIntoView({ block: "nearest" });
  }
}
