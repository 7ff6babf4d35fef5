// What is to be known of the numbers: which model made them, where, what it can't do; and how to tell that something
// was not read. Knows words only.

import { element } from "../ui/element.js";
import { text } from "../ui/messages.js";
import { whereItRuns } from "../ui/whereabouts.js";
import { workButton } from "./card.js";

/**
 * @param {() => string} report
 * @returns {HTMLElement}
 */
export const reportButton = (report) =>
  workButton(text("copyReport"), "", () => navigator.clipboard.writeText(report()), text("copied"));

/**
 * @param {string} address of the backend
 * @param {() => string} report
 * @returns {{ view: HTMLElement, update: (model: { name: string, version: string }) => void }}
 */
export function honesty(address, report) {
  const model = element("p", { "data-model": "" });
  return {
    view: element(
      "footer",
      { class: "muted honesty" },
      element("p", {}, text("honesty")),
      model,
      element("p", { class: "report-line" }, element("span", {}, text("reportHint")), reportButton(report)),
    ),
    update({ name, version }) {
      model.textContent = text("modelLine", `${name} ${version}`, whereItRuns(address));
    },
  };
}
