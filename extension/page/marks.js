// A small sign of its feeling beside a comment that YouTube shows. Knows how it looks and is told; when it is shown and
// what the feeling is, others know.

import { sign } from "../ui/sign.js";
import { text } from "../ui/messages.js";
import { markLook } from "./look.js";

/** @typedef {import("../analysis/feeling.js").Feeling} Feeling */

const MARK = "undertone-mark";

/** @type {Record<Feeling, string>} */
export const FEELING_WORDS = {
  negative: "negative",
  neutral: "neutral",
  positive: "positive",
  other: "otherLanguages",
};

/** @param {Feeling} feeling */
function markOf(feeling) {
  const mark = document.createElement(MARK);
  const words = text(FEELING_WORDS[feeling]);
  mark.dataset.feeling = feeling;
  mark.title = `Undertone: ${words}`;
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", words);
  const root = mark.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [markLook];
  root.append(sign(feeling));
  return mark;
}

/** @param {Element} place @param {Feeling | null} feeling null takes the sign away */
export function mark(place, feeling) {
  const shown = /** @type {HTMLElement | null} */ (place.querySelector(`:scope > ${MARK}`));
  if (feeling === (shown?.dataset.feeling ?? null)) return;
  shown?.remove();
  if (feeling) place.append(markOf(feeling));
}

export function removeMarks() {
  for (const shown of document.querySelectorAll(MARK)) shown.remove();
}
