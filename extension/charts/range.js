// A mean between -1 and 1 with its interval, on a scale. Knows geometry; words come from outside.

import { picture, shape } from "../ui/element.js";

const WIDTH = 334;
const HEIGHT = 30;
const MIDDLE = 13;
const INSET = 7;

/** @param {number} value in [-1, 1] */
export const position = (value) =>
  INSET + ((Math.max(-1, Math.min(1, value)) + 1) / 2) * (WIDTH - 2 * INSET);

/**
 * @param {{ mean: number, low: number, high: number }} score
 * @param {{ name: string, likeWeighted?: number }} more the mean by likes gets a mark of its own
 */
export function range({ mean, low, high }, { name, likeWeighted }) {
  const tone = mean > 0.05 ? "positive" : mean < -0.05 ? "negative" : "neutral";
  const from = position(low);
  const to = position(high);
  return picture(
    { width: WIDTH, height: HEIGHT, name, class: "range" },
    shape("rect", { x: 0, y: MIDDLE - 4, width: WIDTH, height: 8, rx: 4, class: "range-track" }),
    shape("line", { x1: position(0), x2: position(0), y1: MIDDLE - 8, y2: MIDDLE + 8, class: "range-zero" }),
    shape("rect", {
      x: from - 3,
      y: MIDDLE - 6,
      width: Math.max(6, to - from + 6),
      height: 12,
      rx: 6,
      class: `range-interval fill-${tone}`,
    }),
    likeWeighted !== undefined &&
      shape("path", {
        d: `M ${position(likeWeighted)} ${MIDDLE + 8} l 4.5 8 h -9 Z`,
        class: "range-likes",
      }),
    shape("circle", { cx: position(mean), cy: MIDDLE, r: 6.5, class: `range-mean fill-${tone}` }),
  );
}
