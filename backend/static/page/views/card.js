// What every card of the page is made of: a heading, what can be taken away from it, its content.

import { element, shape } from "../../extension/ui/element.js";

/** @typedef {import("../../extension/ui/element.js").Child} Child */
/** @typedef {import("../opened.js").Label} Label */

/** Signs, so that colour is never the only difference. @type {Record<Label, string>} */
const SIGNS = {
  negative: "M3 6h6",
  neutral: "M6 6m-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0",
  positive: "M3 6h6 M6 3v6",
};
/** @type {Record<Label, string>} */
export const LABEL_WORDS = { negative: "Negative", neutral: "Neutral", positive: "Positive" };

/** @param {Label} label */
export const sign = (label) =>
  shape(
    "svg",
    { viewBox: "0 0 12 12", width: 16, height: 16, class: `sign fill-${label}`, "aria-hidden": "true" },
    shape("rect", { width: 12, height: 12, rx: 3.5 }),
    shape("path", { d: SIGNS[label], class: "sign-stroke" }),
  );

/**
 * @param {string} label
 * @param {(this: HTMLButtonElement, event: Event) => void} action
 * @param {string} [style]
 */
export const button = (label, action, style = "small") =>
  element("button", { type: "button", class: `button ${style}`, click: /** @type {EventListener} */ (action) }, label);

/**
 * A button that is off while its work goes on, and says so if that fails.
 *
 * @param {string} label
 * @param {string} name for screen readers
 * @param {() => Promise<void>} work
 */
export function workButton(label, name, work) {
  const made = button(label, async () => {
    made.disabled = true;
    made.classList.remove("failed");
    try {
      await work();
      made.textContent = label;
    } catch (error) {
      made.textContent = "Failed: try again";
      made.title = error instanceof Error ? error.message : String(error);
      made.classList.add("failed");
    }
    made.disabled = false;
  });
  made.setAttribute("aria-label", name);
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
