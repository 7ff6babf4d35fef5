// Counts as a ring. Knows geometry; colours come from the stylesheet by the names of the parts.

import { picture, shape } from "../ui/element.js";

const SIZE = 136;
const OUTER = 66;
const INNER = 46;
const GAP = 0.035;

/**
 * Angles of the ring's parts, clockwise from the top.
 *
 * @param {number[]} values
 * @returns {{ from: number, to: number }[]} radians, a part of nothing spans nothing
 */
export function angles(values) {
  const total = values.reduce((sum, value) => sum + value, 0);
  const filled = values.filter((value) => value > 0).length;
  const gap = filled > 1 ? GAP : 0;
  let from = 0;
  return values.map((value) => {
    const to = from + (total ? (value / total) * 2 * Math.PI : 0);
    const middle = (from + to) / 2;
    const part = { from: Math.min(from + gap / 2, middle), to: Math.max(to - gap / 2, middle) };
    from = to;
    return part;
  });
}

/**
 * @param {{ from: number, to: number }} part
 * @returns {string} the outline as SVG path data
 */
export function outline({ from, to }) {
  // A full circle has the same start and end, which draws nothing.
  const end = Math.min(to, from + 2 * Math.PI - 1e-4);
  const large = end - from > Math.PI ? 1 : 0;
  /** @type {(radius: number, angle: number) => string} */
  const point = (radius, angle) =>
    `${(SIZE / 2 + radius * Math.sin(angle)).toFixed(3)} ${(SIZE / 2 - radius * Math.cos(angle)).toFixed(3)}`;
  return [
    `M ${point(OUTER, from)}`,
    `A ${OUTER} ${OUTER} 0 ${large} 1 ${point(OUTER, end)}`,
    `L ${point(INNER, end)}`,
    `A ${INNER} ${INNER} 0 ${large} 0 ${point(INNER, from)}`,
    "Z",
  ].join(" ");
}

const HATCH = "donut-hatch";

/** Fills what isn't counted as any feeling, so that nobody takes it for neutral. */
const hatch = () =>
  shape(
    "pattern",
    { id: HATCH, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    shape("rect", { width: 5, height: 5, class: "hatch-ground" }),
    shape("rect", { width: 2, height: 5, class: "fill-other" }),
  );

/**
 * @param {{ name: string, value: number, title: string }[]} parts
 * @param {{ name: string, centre: string, caption: string }} words
 */
export function donut(parts, { name, centre, caption }) {
  const spans = angles(parts.map((part) => part.value));
  return picture(
    { width: SIZE, height: SIZE, name, class: "donut" },
    parts.some((part) => part.name === "other" && part.value > 0) && shape("defs", {}, hatch()),
    ...parts.map(
      (part, index) =>
        part.value > 0 &&
        shape(
          "path",
          part.name === "other"
            ? { d: outline(spans[index]), fill: `url(#${HATCH})` }
            : { d: outline(spans[index]), class: `fill-${part.name}` },
          shape("title", {}, part.title),
        ),
    ),
    shape("text", { x: SIZE / 2, y: SIZE / 2 + 3, class: "donut-centre" }, centre),
    shape("text", { x: SIZE / 2, y: SIZE / 2 + 20, class: "donut-caption" }, caption),
  );
}
