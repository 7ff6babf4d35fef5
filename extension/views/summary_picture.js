// The summary of an analysis as a picture to share. Knows a canvas; colours are the page's own.

import { FEELINGS } from "../analysis/feeling.js";
import { calm } from "../ui/calm_text.js";
import { number, percent, score } from "../ui/format.js";
import { text } from "../ui/messages.js";
import { feelingName } from "./card.js";
import { verdictOf } from "./mood.js";

/** @typedef {import("../analysis/tally.js").Tally} Tally */
/** @typedef {import("./opened.js").Opened} Opened */

const WIDTH = 1200;
const HEIGHT = 630;
const EDGE = 64;
const RING = { x: 1200 - 64 - 150, y: 292, outer: 150, inner: 104 };
const LONGEST_TITLE = 120;
const MOST_WORDS = 6;
const FALLBACK = "system-ui, sans-serif";

/** @param {string} name of a colour of the theme */
function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} words
 * @param {number} width
 * @param {number} most lines
 * @returns {string[]}
 */
export function wrapped(pen, words, width, most) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const piece of words.split(/(?<=\s)/u).flatMap((word) => pieces(pen, word, width))) {
    if (line && pen.measureText((line + piece).trimEnd()).width > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1].slice(0, -1)}…`];
}

/**
 * A word that is wider than the line is broken.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {string} word
 * @param {number} width
 */
function pieces(pen, word, width) {
  if (pen.measureText(word).width <= width) return [word];
  const found = [""];
  for (const letter of word) {
    if (pen.measureText(found[found.length - 1] + letter).width > width) found.push("");
    found[found.length - 1] += letter;
  }
  return found;
}

/** @param {CanvasRenderingContext2D} pen @param {Tally} tally */
function drawRing(pen, { counts }) {
  const { x, y, outer, inner } = RING;
  let from = -Math.PI / 2;
  for (const feeling of FEELINGS) {
    const to = from + (counts[feeling] / Math.max(1, counts.total)) * 2 * Math.PI;
    pen.beginPath();
    pen.arc(x, y, outer, from, to);
    pen.arc(x, y, inner, to, from, true);
    pen.closePath();
    pen.fillStyle = colour(feeling);
    pen.fill();
    from = to;
  }
  pen.textAlign = "center";
  pen.fillStyle = colour("ink");
  pen.font = font(700, 56);
  pen.fillText(number(counts.total), x, y + 12);
  pen.fillStyle = colour("muted");
  pen.font = font(400, 24);
  pen.fillText(text("commentsTitle").toLocaleLowerCase(), x, y + 50);
  pen.textAlign = "left";
}

/** @param {number} weight @param {number} size */
const font = (weight, size) => `${weight} ${size}px "Inter", "Noto Color Emoji", ${FALLBACK}`;

/** @param {CanvasRenderingContext2D} pen @param {Tally} tally @param {number} top */
function drawShares(pen, { counts }, top) {
  const rows = FEELINGS.filter((feeling) => feeling !== "other" || counts.other > 0);
  rows.forEach((feeling, index) => {
    const y = top + index * 48;
    pen.fillStyle = colour(feeling);
    pen.beginPath();
    pen.roundRect(EDGE, y - 21, 26, 26, 7);
    pen.fill();
    pen.fillStyle = colour("ink");
    pen.font = font(700, 28);
    pen.fillText(percent(counts[feeling] / Math.max(1, counts.total)), EDGE + 44, y + 2);
    pen.font = font(400, 28);
    pen.fillText(`${feelingName(feeling)} `, EDGE + 134, y + 2);
    const { width } = pen.measureText(`${feelingName(feeling)}  `);
    pen.fillStyle = colour("muted");
    pen.fillText(number(counts[feeling]), EDGE + 134 + width, y + 2);
  });
}

/**
 * @param {Opened} opened
 * @param {Tally} tally
 * @param {string} coverage what of the comments was read, in words
 * @returns {Promise<Blob>} a PNG of 1200 by 630 pixels
 */
export async function summaryPicture({ name, analysis }, tally, coverage) {
  // A canvas draws with the font that stands in where the page's own isn't loaded yet.
  await Promise.all([400, 600, 700].map((weight) => document.fonts.load(font(weight, 28))));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser can't draw a picture");
  pen.fillStyle = colour("card");
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = colour("accent");
  pen.fillRect(0, 0, WIDTH, 10);

  const room = RING.x - RING.outer - EDGE - 56;
  pen.fillStyle = colour("muted");
  pen.font = font(600, 30);
  let y = 84;
  for (const line of wrapped(pen, calm(name, LONGEST_TITLE), room, 2)) {
    pen.fillText(line, EDGE, y);
    y += 40;
  }
  pen.fillStyle = colour("ink");
  pen.font = font(700, 62);
  pen.fillText(wrapped(pen, verdictOf(tally), room, 1)[0], EDGE, y + 40);
  if (tally.score) {
    pen.font = font(400, 26);
    pen.fillStyle = colour("muted");
    const { mean, low, high } = tally.score;
    pen.fillText(`${text("meanScore")} ${score(mean)} (${score(low)} … ${score(high)})`, EDGE, y + 88);
  }
  drawShares(pen, tally, y + 154);
  drawRing(pen, tally);
  drawFoot(pen, analysis, coverage);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture couldn't be made"))), "image/png"),
  );
}

/** @param {CanvasRenderingContext2D} pen @param {Opened["analysis"]} analysis @param {string} coverage */
function drawFoot(pen, { model, words }, coverage) {
  const said = (words?.all ?? []).slice(0, MOST_WORDS).map(({ term }) => calm(term, 22)).join(" · ");
  pen.font = font(600, 26);
  pen.fillStyle = colour("ink");
  pen.fillText(wrapped(pen, said, WIDTH - 2 * EDGE, 1)[0], EDGE, HEIGHT - 96);
  pen.font = font(400, 22);
  pen.fillStyle = colour("muted");
  pen.fillText(text("pictureFoot", coverage, `${model.name} ${model.version}`), EDGE, HEIGHT - 48);
}
