// What every card is made of: a heading, what can be taken away from it, its content.

import { element, shape } from "../ui/element.js";
import { text } from "../ui/messages.js";

/** @typedef {import("../ui/element.js").Child} Child */
/** @typedef {import("../analysis/feeling.js").Feeling} Feeling */

/** Signs, so that colour is never the only difference. @type {Record<Feeling, string>} */
const SIGNS = {
  negative: "M3 6h6",
  neutral: "M6 6m-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0",
  positive: "M3 6h6 M6 3v6",
  other: "M3.5 8.5l5-5",
};

const DONE_MS = 2_500;

/** @type {Record<Feeling, string>} */
const NAMES = { negative: "negative", neutral: "neutral", positive: "positive", other: "otherLanguages" };

/** @param {Feeling} feeling */
export const feelingName = (feeling) => text(NAMES[feeling]);

/** @param {Feeling} feeling */
export const sign = (feeling) =>
  shape(
    "svg",
    { viewBox: "0 0 12 12", width: 16, height: 16, class: `sign fill-${feeling}`, "aria-hidden": "true" },
    shape("rect", { width: 12, height: 12, rx: 3.5 }),
    shape("path", { d: SIGNS[feeling], class: "sign-stroke" }),
  );

/**
 * @param {string} label
 * @param {(this: HTMLButtonElement, event: Event) => void} action
 * @param {string} [style]
 */
export const button = (label, action, style = "small") =>
  element("button", { type: "button", class: `button ${style}`, click: /** @type {EventListener} */ (action) }, label);

/**
 * A button that is off while its work goes on, and says what came of it.
 *
 * @param {string} label
 * @param {string} name for screen readers, "" where the label says it all
 * @param {() => Promise<void>} work
 * @param {string} [done] what it says for a moment when the work is done
 */
export function workButton(label, name, work, done = label) {
  const made = button(label, async () => {
    const focused = document.activeElement === made;
    made.disabled = true;
    made.classList.remove("failed");
    made.title = "";
    try {
      await work();
      made.textContent = done;
      if (done !== label) setTimeout(() => (made.textContent = label), DONE_MS);
    } catch (error) {
      made.textContent = text("failedTryAgain");
      made.title = error instanceof Error ? error.message : String(error);
      made.classList.add("failed");
    }
    made.disabled = false;
    // A button that is off loses the focus.
    if (focused && document.activeElement === document.body) made.focus();
  });
  if (name) made.setAttribute("aria-label", name);
  return made;
}

/**
 * @param {string} id
 * @param {string} title
 * @param {Child} action
 * @param {...Child} content
 */
export const card = (id, title, action, ...content) =>
  element(
    "section",
    { class: `card ${id}`, "aria-labelledby": `${id}-title` },
    element("div", { class: "card-head" }, element("h2", { id: `${id}-title` }, title), action),
    ...content,
  );

/**
 * A choice of a few, of which one holds.
 *
 * @template {string} V
 * @param {string} name of the whole, for screen readers
 * @param {[V, string][]} choices
 * @param {(value: V) => void} choose
 */
export function switches(name, choices, choose) {
  const buttons = choices.map(([value, label]) => button(label, () => select(value), "switch"));
  /** @param {V} value */
  function select(value) {
    buttons.forEach((made, index) => made.setAttribute("aria-pressed", String(choices[index][0] === value)));
    choose(value);
  }
  buttons.forEach((made, index) => made.setAttribute("aria-pressed", String(index === 0)));
  return element("div", { class: "switches", role: "group", "aria-label": name }, ...buttons);
}
