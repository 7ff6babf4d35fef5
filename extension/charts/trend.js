// The feeling over time: above, the mean with its interval; below, how many comments of each label. Knows
// geometry; dates and words come from outside.

import { LABELS } from "../backend/answer.js";
import { picture, shape } from "../ui/element.js";

/** @typedef {import("../backend/answer.js").TrendStep & { other?: number }} TrendStep */
/** @typedef {TrendStep & { mean: number, low: number, high: number }} FilledStep */

const WIDTH = 334;
const SCALE_WIDTH = 20;
const MEAN_TOP = 6;
const MEAN_HEIGHT = 76;
const BARS_TOP = 92;
const BARS_HEIGHT = 52;
const HEIGHT = BARS_TOP + BARS_HEIGHT + 1;
const WIDEST_BAR = 28;
const PARTS = /** @type {const} */ ([...LABELS, "other"]);

/** @param {TrendStep} step */
export const commentsIn = (step) => step.negative + step.neutral + step.positive + (step.other ?? 0);

/** Whether there is a line to draw. @param {TrendStep[]} steps */
export const trendable = (steps) => steps.filter(({ mean }) => mean !== null).length > 1;

/** @param {number} score in [-1, 1] */
export const meanY = (score) => MEAN_TOP + ((1 - score) / 2) * MEAN_HEIGHT;

/** @param {number} score */
const scaleLabel = (score) => (score > 0 ? `+${score}` : String(score).replace("-", "−"));

/**
 * Runs of steps that have comments: the line isn't drawn through a time when nobody wrote.
 *
 * @param {TrendStep[]} steps
 * @returns {{ step: FilledStep, index: number }[][]}
 */
export function runs(steps) {
  /** @type {{ step: FilledStep, index: number }[][]} */
  const found = [];
  let open = false;
  steps.forEach((step, index) => {
    if (step.mean === null || step.low === null || step.high === null) {
      open = false;
      return;
    }
    if (!open) found.push([]);
    open = true;
    found[found.length - 1].push({ step: /** @type {FilledStep} */ (step), index });
  });
  return found;
}

/**
 * @param {number} count of steps
 * @param {number} [width] of the whole picture
 * @returns {{ centre: (index: number) => number, slot: number, bar: number }} in pixels
 */
export function columns(count, width = WIDTH) {
  const slot = (width - SCALE_WIDTH) / count;
  return {
    slot,
    bar: Math.min(WIDEST_BAR, Math.max(1.5, slot * 0.72)),
    centre: (index) => SCALE_WIDTH + (index + 0.5) * slot,
  };
}

/**
 * @param {TrendStep[]} steps
 * @param {{ name: string, titles: string[], width?: number }} words one title for each step
 */
export function trend(steps, { name, titles, width = WIDTH }) {
  const { centre, slot, bar } = columns(steps.length, width);
  const most = Math.max(1, ...steps.map(commentsIn));
  const x = (/** @type {number} */ index) => centre(index).toFixed(2);
  const dot = Math.min(3.2, Math.max(1.6, slot / 4));

  const meanMarks = runs(steps).flatMap((run) => {
    const upper = run.map(({ step, index }) => `${x(index)},${meanY(step.high).toFixed(2)}`);
    const lower = run.map(({ step, index }) => `${x(index)},${meanY(step.low).toFixed(2)}`).reverse();
    const line = run.map(({ step, index }) => `${x(index)},${meanY(step.mean).toFixed(2)}`);
    const band =
      run.length > 1
        ? shape("polygon", { points: [...upper, ...lower].join(" "), class: "trend-band" })
        : shape("line", {
            x1: x(run[0].index),
            x2: x(run[0].index),
            y1: meanY(run[0].step.high),
            y2: meanY(run[0].step.low),
            class: "trend-whisker",
          });
    return [
      band,
      shape("polyline", { points: line.join(" "), class: "trend-line" }),
      ...run.map(({ step, index }) =>
        shape("circle", { cx: x(index), cy: meanY(step.mean).toFixed(2), r: dot, class: "trend-dot" }),
      ),
    ];
  });

  const bars = steps.flatMap((step, index) => {
    let y = BARS_TOP + BARS_HEIGHT;
    return PARTS.map((label) => {
      const height = ((step[label] ?? 0) / most) * BARS_HEIGHT;
      y -= height;
      return (
        height > 0 &&
        shape("rect", {
          x: (centre(index) - bar / 2).toFixed(2),
          y: y.toFixed(2),
          width: bar.toFixed(2),
          height: height.toFixed(2),
          class: `fill-${label} trend-bar`,
        })
      );
    });
  });

  const readouts = titles.map((title, index) =>
    shape(
      "rect",
      { x: SCALE_WIDTH + index * slot, y: 0, width: slot, height: HEIGHT, class: "trend-readout" },
      shape("title", {}, title),
    ),
  );

  return picture(
    { width, height: HEIGHT, name, class: "trend" },
    ...[1, 0, -1].flatMap((score) => [
      shape("text", { x: SCALE_WIDTH - 6, y: meanY(score), class: "trend-scale" }, scaleLabel(score)),
      shape("line", {
        x1: SCALE_WIDTH,
        x2: width,
        y1: meanY(score),
        y2: meanY(score),
        class: score === 0 ? "trend-zero" : "trend-edge",
      }),
    ]),
    ...bars,
    shape("line", {
      x1: SCALE_WIDTH,
      x2: width,
      y1: BARS_TOP + BARS_HEIGHT + 0.5,
      y2: BARS_TOP + BARS_HEIGHT + 0.5,
      class: "trend-base",
    }),
    ...meanMarks,
    ...readouts,
  );
}
