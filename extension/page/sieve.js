// Hides threads of the page, and holds back YouTube's loading of more where hardly any fits, which would otherwise go on
// to the last comment of the video. Takes nothing out of the page and leaves nothing in it. Knows not what fits.

const HIDDEN = "data-undertone-hidden";
/** After so many threads in a row of which none fits, more are loaded only when a person wants them. */
const PATIENCE = 200;

const look = new CSSStyleSheet();
look.replaceSync(`[${HIDDEN}] { display: none !important; }`);

export class Sieve {
  /** @type {Set<Element>} */
  #hidden = new Set();
  /** How many fitted when there last was one more, and of how many. */
  #progress = { fitting: 0, of: 0 };
  #impatient = false;

  /**
   * @param {{ element: Element, fits: boolean }[]} threads
   * @param {Element | null} continuation what YouTube replaces by more of them once it is in view
   * @returns {boolean} whether the loading is held back
   */
  apply(threads, continuation) {
    const fitting = threads.filter(({ fits }) => fits).length;
    const { fitting: before, of } = this.#progress;
    if (this.#impatient || fitting > before || threads.length < of) this.#progress = { fitting, of: threads.length };
    this.#impatient = false;
    const held = continuation !== null && threads.length - this.#progress.of >= PATIENCE;
    const hidden = threads.filter(({ fits }) => !fits).map(({ element }) => element);
    this.#hide(new Set(held ? [...hidden, continuation] : hidden));
    return held;
  }

  /** Something else is looked for, or a person wants more. */
  goOn() {
    this.#impatient = true;
  }

  clear() {
    this.#hide(new Set());
    this.#impatient = true;
  }

  /** @param {Set<Element>} hidden YouTube may use an element again for another comment, so the former are shown */
  #hide(hidden) {
    for (const element of this.#hidden) if (!hidden.has(element)) element.removeAttribute(HIDDEN);
    for (const element of hidden) element.setAttribute(HIDDEN, "");
    this.#hidden = hidden;
    const others = document.adoptedStyleSheets.filter((each) => each !== look);
    const adopted = others.length < document.adoptedStyleSheets.length;
    if (adopted !== hidden.size > 0) document.adoptedStyleSheets = hidden.size > 0 ? [...others, look] : others;
  }
}
