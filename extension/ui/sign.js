// The sign of a feeling, the same wherever one is shown. Knows shapes; its colours are those of the place.

import { shape } from "./element.js";

/** @typedef {import("../analysis/feeling.js").Feeling} Feeling */

/** Signs, so that colour is never the only difference. @type {Record<Feeling, string>} */
const SIGNS = {
  negative: "M3 6h6",
  neutral: "M6 6m-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0",
  positive: "M3 6h6 M6 3v6",
  other: "M3.5 8.5l5-5",
};

/** @param {Feeling} feeling */
export const sign = (feeling) =>
  shape(
    "svg",
    { viewBox: "0 0 12 12", width: 16, height: 16, class: `sign fill-${feeling}`, "aria-hidden": "true" },
    shape("rect", { width: 12, height: 12, rx: 3.5 }),
    shape("path", { d: SIGNS[feeling], class: "sign-stroke" }),
  );
