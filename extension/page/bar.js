// The bar above the comments in YouTube's page: what a person asks for, and what is said of it. Knows its own elements
// and words; which threads fit and where it stands, others know.

import { FEELINGS } from "../analysis/feeling.js";
import { element, shape } from "../ui/element.js";
import { number } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { sign } from "../ui/sign.js";
import { barLook } from "./look.js";
import { FEELING_WORDS } from "./marks.js";

/** @typedef {import("../analysis/threads.js").Choice} Choice */
/** @typedef {import("../analysis/threads.js").Counts} Counts */
/**
 * @typedef {{
 *   counts: Counts, shown: number, total: number, unlabelled: number, away: boolean, reading: boolean, held: boolean,
 *   more: boolean,
 * }} State reading: all are shown until they are read; held: no more come by themselves; more: YouTube has more
 */

const BAR = "undertone-bar";
/** Typing is not announced letter by letter. */
const SAID_AFTER_MS = 600;
/** YouTube takes keys for its own, such as "f" for a full screen. */
const KEYS = ["keydown", "keypress", "keyup"];

const MAGNIFIER = "M10.5 4.5a6 6 0 1 0 0 12a6 6 0 1 0 0 -12M15 15l5 5";

/** @type {readonly Choice["feeling"][]} */
const CHOICES = ["all", ...FEELINGS];

/** @param {Node} node @param {string} words */
function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

const magnifier = () =>
  shape("svg", { viewBox: "0 0 24 24", class: "magnifier", "aria-hidden": "true" }, shape("path", { d: MAGNIFIER }));

export class Bar {
  /** @type {Choice} */
  choice = { feeling: "all", words: "" };
  #host = document.createElement(BAR);
  #changed;
  /** @type {Map<Choice["feeling"], { button: HTMLButtonElement, count: HTMLElement }>} */
  #buttons = new Map();
  #search = element("input", {
    ...{ type: "search", autocomplete: "off", spellcheck: "false", dir: "auto" },
    ...{ placeholder: text("textOrAuthor"), "aria-label": text("filterComments") },
    input: () => this.#choose({ words: this.#search.value }),
  });
  #state = element("p");
  #announced = element("p", { class: "unseen", role: "status" });
  #more;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #announcing;

  /** @param {{ changed: () => void, goOn: () => void }} told goOn: more are to be loaded */
  constructor({ changed, goOn }) {
    this.#changed = changed;
    this.#more = element("button", { type: "button", click: goOn }, text("showMore"));
    for (const name of KEYS) this.#host.addEventListener(name, (event) => event.stopPropagation());
    const root = this.#host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [barLook];
    root.append(
      element(
        "div",
        { class: "row", role: "search", "aria-label": `Undertone: ${text("filterComments")}` },
        element("div", { class: "feelings", role: "group", "aria-label": text("feeling") }, ...CHOICES.map(this.#button)),
        element("label", { class: "search" }, magnifier(), this.#search),
      ),
      element("div", { class: "state row" }, this.#state, this.#more),
      this.#announced,
    );
  }

  get isFiltering() {
    return this.choice.feeling !== "all" || this.choice.words.trim() !== "";
  }

  /** @param {Element} list of threads */
  stand(list) {
    if (list.previousSibling !== this.#host) list.before(this.#host);
  }

  remove() {
    clearTimeout(this.#announcing);
    this.#host.remove();
  }

  /** @param {State} state */
  show(state) {
    for (const [feeling, { button, count }] of this.#buttons) {
      say(count, number(state.counts[feeling]));
      const pressed = String(feeling === this.choice.feeling);
      if (button.ariaPressed !== pressed) button.ariaPressed = pressed;
      if (feeling === "other") button.hidden = state.counts.other === 0 && this.choice.feeling !== "other";
    }
    say(this.#state, this.#wordsOf(state).join(" · "));
    this.#more.hidden = !state.held;
  }

  /** @param {State} state */
  #wordsOf({ shown, total, unlabelled, away, reading, held, more }) {
    const counted = this.isFiltering
      ? plural("shownOf", total, number(shown), number(total))
      : plural("shownAll", total, number(total));
    return [
      counted,
      more && !held && text("barMoreToCome"),
      held && text("barHeld"),
      reading && this.isFiltering && text("barReading"),
      unlabelled > 0 && (away ? text("backendElsewhereTitle") : plural("barUnlabelled", unlabelled, number(unlabelled))),
    ].filter((words) => words !== false);
  }

  #button = (/** @type {Choice["feeling"]} */ feeling) => {
    const count = element("span", { class: "count" });
    const name = element("span", { class: "name" }, text(feeling === "all" ? "all" : FEELING_WORDS[feeling]));
    const button = element(
      "button",
      { type: "button", "data-feeling": feeling, title: `Undertone: ${name.textContent}`, click: () => this.#choose({ feeling }) },
      feeling !== "all" && sign(feeling),
      name,
      count,
    );
    this.#buttons.set(feeling, { button, count });
    return button;
  };

  /** @param {Partial<Choice>} asked */
  #choose(asked) {
    // Pressed once more, a button lets go.
    const again = asked.feeling !== undefined && asked.feeling === this.choice.feeling;
    this.choice = { ...this.choice, ...asked, ...(again && { feeling: "all" }) };
    this.#changed();
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => say(this.#announced, this.#state.textContent), SAID_AFTER_MS);
  }
}
