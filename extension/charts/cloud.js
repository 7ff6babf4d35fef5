// Draws a word cloud. Knows fonts, and how a word's mean score becomes a colour; the places come from
// cloud_layout.js.

import { calm } from "../ui/calm_text.js";
import { picture, shape } from "../ui/element.js";
import { cloudLayout } from "./cloud_layout.js";

/** @typedef {import("../backend/answer.js").Word} Word */

const WIDTH = 334;
const HEIGHT = 190;
const LONGEST_TERM = 22;
const FELT = 0.15;
const WEIGHT = 600;

/** @param {number} mean */
const tone = (mean) => (mean > FELT ? "positive" : mean < -FELT ? "negative" : "neutral");

/** @returns {(term: string, size: number) => { width: number, height: number }} */
function measuring() {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) throw new Error("this browser can't measure text");
  const family = getComputedStyle(document.body).fontFamily;
  return (term, size) => {
    pen.font = `${WEIGHT} ${size}px ${family}`;
    const { width } = pen.measureText(term);
    return { width, height: size * 1.12 };
  };
}

/**
 * @param {Word[]} words
 * @param {{
 *   name: string, title: (word: Word) => string, width?: number, height?: number, choose?: (word: Word) => void,
 * }} say with `choose`, each word is a button
 */
export function cloud(words, { name, title, width = WIDTH, height = HEIGHT, choose }) {
  const calmWords = words.map((word) => ({ ...word, term: calm(word.term, LONGEST_TERM), whole: word }));
  const placed = cloudLayout(calmWords, { width, height }, measuring());
  const drawn = placed.map(({ word, size, x, y }) =>
    shape(
      "text",
      {
        x: x.toFixed(1),
        y: y.toFixed(1),
        "font-size": size.toFixed(1),
        "font-weight": WEIGHT,
        class: `cloud-word ink-${tone(word.mean)}`,
      },
      word.term,
      shape("title", {}, title(word)),
    ),
  );
  const made = picture({ width, height, name, class: "cloud" }, ...drawn);
  if (choose) {
    made.setAttribute("role", "group");
    makeButtons(
      drawn.map((drawing, index) => ({
        drawing,
        name: title(placed[index].word),
        press: () => choose(placed[index].word.whole),
      })),
    );
  }
  return made;
}

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * One of them is in the tab order; arrow keys go on to the others, from the weightiest down.
 *
 * @param {{ drawing: SVGElement, name: string, press: () => void }[]} words
 */
function makeButtons(words) {
  words.forEach(({ drawing, name, press }, index) => {
    drawing.setAttribute("role", "button");
    drawing.setAttribute("aria-label", name);
    drawing.setAttribute("tabindex", index === 0 ? "0" : "-1");
    drawing.addEventListener("click", press);
    drawing.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        press();
      }
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      const next = words[(index + step + words.length) % words.length].drawing;
      drawing.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });
}
