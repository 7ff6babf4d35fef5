// Tabs for keyboard, mouse and screen reader: arrow keys, Home and End move between them, one is in the tab
// order. Doesn't know what its panels hold; they are made when first looked at.

import { element } from "./element.js";

/** @typedef {{ id: string, label: string, class?: string, content: () => Node }} Tab */

/** @type {Record<string, (index: number, count: number) => number>} */
const STEPS = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * @param {string} name of the whole, for screen readers
 * @param {Tab[]} tabs
 * @returns {HTMLElement}
 */
export function tabs(name, tabs) {
  const buttons = tabs.map((tab) =>
    element(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${tab.id}`,
        class: `tab ${tab.class ?? ""}`,
        "aria-controls": `panel-${tab.id}`,
      },
      tab.label,
    ),
  );
  const panels = tabs.map((tab) =>
    element("div", {
      role: "tabpanel",
      id: `panel-${tab.id}`,
      class: "panel",
      tabindex: 0,
      "aria-labelledby": `tab-${tab.id}`,
    }),
  );

  /** @param {number} chosen */
  function select(chosen) {
    buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
    if (!panels[chosen].hasChildNodes()) panels[chosen].append(tabs[chosen].content());
  }

  buttons.forEach((button, index) => {
    button.addEventListener("click", () => select(index));
    button.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      const next = step(index, buttons.length);
      select(next);
      buttons[next].focus();
    });
  });
  select(0);
  return element(
    "div",
    { class: "tabs" },
    element("div", { role: "tablist", class: "tablist", "aria-label": name }, ...buttons),
    ...panels,
  );
}
