// What every card is made of: a heading, what can be taken away from it, its content.

import { element } from "../ui/element.js";
import { text } from "../ui/messages.js";

export { sign } from "../ui/sign.js";

/** @typedef {import("../ui/element.js").Child} Child */
/** @typedef {import("../analysis/feeling.js").Feeling} Feeling */

const DONE_MS = 2_500;

/** @type {Record<Feeling, string>} */
const NAMES = { negative: "negative", neutral: "neutral", positive: "positive", other: "otherLanguages" };

/** @param {Feeling} feeling */
export const feelingName = (feeling) => text(NAMES[feeling]);

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
