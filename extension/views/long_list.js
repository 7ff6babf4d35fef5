// A list that may hold ten thousand entries: only those near what is seen are built, more as a person goes down.
// Doesn't know what an entry is.

import { element } from "../ui/element.js";
import { text } from "../ui/messages.js";
import { button } from "./card.js";

/**
 * @template T
 * @typedef {{ view: HTMLElement, update: (item: T) => void }} Entry
 */

const A_BATCH = 50;
/** How far below the window the next ones are built. */
const AHEAD = "600px";

/**
 * @template T
 * @param {(item: T) => Entry<T>} make
 * @param {(item: T) => unknown} keyOf
 */
export function longList(make, keyOf) {
  const list = element("ol", { class: "quotes" });
  const none = element("p", { class: "muted none", hidden: true }, text("noneLikeThat"));
  const more = button(text("showMore"), () => append());
  const below = element("div", { class: "more" }, more);
  /** @type {T[]} */
  let items = [];
  /** @type {Map<unknown, Entry<T>>} */
  let built = new Map();

  function append() {
    const next = items.slice(built.size, built.size + A_BATCH);
    for (const item of next) {
      const entry = make(item);
      built.set(keyOf(item), entry);
      list.append(entry.view);
    }
    below.hidden = built.size >= items.length;
  }

  new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (isIntersecting && !below.hidden) append();
    },
    { rootMargin: AHEAD },
  ).observe(below);

  return {
    view: element("div", { class: "long-list" }, list, none, below),
    /** @param {T[]} found from the first on */
    show(found) {
      items = found;
      built = new Map();
      list.replaceChildren();
      none.hidden = found.length > 0;
      append();
    },
    /** What is built stays where it is and shows its item as it is now. @param {Iterable<T>} now */
    refresh(now) {
      for (const item of now) built.get(keyOf(item))?.update(item);
    },
    /** The same ones in the same order, as they are now. @param {T[]} now */
    follow(now) {
      items = now;
    },
    /** @returns {boolean} whether a person is in the middle of it */
    inUse: () => list.contains(document.activeElement) || list.getBoundingClientRect().top < 0,
  };
}
