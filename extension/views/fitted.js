// A place for a drawing that is drawn anew whenever its width becomes another. Doesn't know what is drawn.

import { element } from "../ui/element.js";

const NARROWEST = 240;
const WIDEST = 760;
/** Less isn't worth a new drawing; the old one is stretched. */
const NOTICEABLE = 6;

/**
 * @param {(width: number) => Node[]} draw
 * @returns {{ place: HTMLElement, redraw: () => void }} nothing is drawn while the place isn't seen
 */
export function fitted(draw) {
  const place = element("div", { class: "fitted" });
  let width = 0;
  const redraw = () => {
    if (width) place.replaceChildren(...draw(width));
  };
  new ResizeObserver(([{ contentRect }]) => {
    const now = contentRect.width && Math.round(Math.max(NARROWEST, Math.min(WIDEST, contentRect.width)));
    if (!now || Math.abs(now - width) < NOTICEABLE) return;
    width = now;
    redraw();
  }).observe(place);
  return { place, redraw };
}
