// Follows the chat beside a video: what comes, what is taken back, when it starts over, when it is gone. It only
// watches what YouTube shows. Beside chat_frame.js, which knows the elements, this one knows time.

import { advertises, chatOf, DELETED, isMessage, isOff, listOf, messageIn, playerOf, sayingOf } from "./chat_frame.js";
import { minuteIn, offsetIn } from "./chat_time.js";

/** @typedef {import("./chat_frame.js").ChatKind} ChatKind */
/** @typedef {import("../analysis/chat_course.js").ChatMessage} ChatMessage */
/** @typedef {"open" | "closed" | "off" | "loading" | "none"} Room none: the page has no chat, or has it no more */
/**
 * @typedef {{
 *   came: (messages: ChatMessage[]) => void, takenBack: (ids: string[]) => void, startedOver: () => void,
 *   ended: () => void,
 * }} Listener
 */

const LOOK_MS = 500;
/** YouTube fills an element after it has put it into the list. */
const FILLED_MS = 100;

export class ChatReader {
  #listener;
  #isOther;
  /** @type {Element | null} */
  #list = null;
  /** @type {Set<Element>} */
  #fresh = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #watch = new MutationObserver((records) => this.#changed(records));
  #ends = new AbortController();

  /**
   * @param {(inside: Document) => boolean} isOther whether another video left it in the frame
   * @param {Listener} listener
   */
  constructor(isOther, listener) {
    this.#isOther = isOther;
    this.#listener = listener;
  }

  #chat() {
    const chat = chatOf(document);
    return chat !== null && chat !== "closed" && this.#isOther(chat.inside) ? null : chat;
  }

  /** @returns {ChatKind | null} */
  get kind() {
    const chat = this.#chat();
    return typeof chat === "object" ? (chat?.kind ?? null) : null;
  }

  /** @returns {Room} */
  get room() {
    const chat = this.#chat();
    if (chat === null || chat === "closed") return chat ?? "none";
    if (isOff(chat.inside)) return "off";
    return listOf(chat.inside) ? "open" : "loading";
  }

  /** YouTube's words on who may write, "" for none. */
  get saying() {
    const chat = this.#chat();
    return typeof chat === "object" && chat ? sayingOf(chat.inside) : "";
  }

  /** Where a replay is, in milliseconds; 0 where that isn't known: an advertisement has a time of its own. */
  get position() {
    const seconds = advertises(document) ? 0 : (playerOf(document)?.currentTime ?? 0);
    return Number.isFinite(seconds) ? seconds * 1_000 : 0;
  }

  start() {
    const timer = setInterval(() => this.#look(), LOOK_MS);
    const { signal } = this.#ends;
    signal.addEventListener("abort", () => clearInterval(timer));
    // A live stream that is over ends in the player; its chat just stands still.
    document.addEventListener("ended", (event) => this.#over(event), { capture: true, signal });
    this.#look();
  }

  stop() {
    this.#ends.abort();
    this.#watch.disconnect();
    clearTimeout(this.#due);
    this.#fresh.clear();
  }

  /** @param {Event} event */
  #over({ target }) {
    if (this.kind === "live" && target === playerOf(document) && !advertises(document)) this.#listener.ended();
  }

  /** YouTube puts another list, or another page, into the frame when it likes. */
  #look() {
    const chat = this.#chat();
    const list = chat && chat !== "closed" ? listOf(chat.inside) : null;
    if (list === this.#list) return;
    const before = this.#list;
    this.#watch.disconnect();
    this.#list = list;
    this.#fresh.clear();
    if (before) this.#listener.startedOver();
    if (!list) return;
    this.#watch.observe(list, { childList: true });
    this.#watch.observe(/** @type {Node} */ (list.parentNode), { attributes: true, attributeFilter: [DELETED], subtree: true });
    this.#read([...list.children].filter(isMessage), true);
  }

  /** @param {MutationRecord[]} records */
  #changed(records) {
    const list = this.#list;
    /** @type {string[]} */
    const gone = [];
    /** @type {Set<Node>} */
    const added = new Set();
    let removed = false;
    for (const { type, target, addedNodes, removedNodes, previousSibling } of records) {
      const element = /** @type {Element} */ (target);
      if (type === "attributes" && element.hasAttribute(DELETED)) gone.push(element.id);
      for (const node of addedNodes) {
        added.add(node);
        if (isMessage(node)) this.#fresh.add(/** @type {Element} */ (node));
      }
      removed ||= removedNodes.length > 0;
      // The list drops its oldest to stay short; what goes from its middle was taken back.
      if (!previousSibling || previousSibling.parentNode !== list || !followsMessage(previousSibling)) continue;
      for (const node of removedNodes) if (isMessage(node)) gone.push(/** @type {Element} */ (node).id);
    }
    // A live chat may bring more at once than its list holds.
    if (removed && list && this.kind === "replay" && !hasOthers(list, added)) {
      for (const element of this.#fresh) if (element.parentNode !== list) this.#fresh.delete(element);
      this.#listener.startedOver();
    } else if (gone.length > 0) {
      for (const element of this.#fresh) if (gone.includes(element.id)) this.#fresh.delete(element);
      this.#listener.takenBack(gone.filter(Boolean));
    }
    if (this.#fresh.size > 0) this.#due ??= setTimeout(() => this.#readFresh(), FILLED_MS);
  }

  #readFresh() {
    this.#due = undefined;
    const fresh = [...this.#fresh];
    this.#fresh.clear();
    this.#read(fresh, false);
  }

  /** @param {Element[]} elements @param {boolean} before whether they were there before anybody looked */
  #read(elements, before) {
    const { kind, position } = this;
    const found = elements.map(messageIn).filter((message) => message !== null);
    const times = found.map(({ time }) => time);
    const at = kind === "replay" ? times.map((time) => offsetIn(time) ?? position) : momentsOf(times, Date.now(), before);
    if (found.length > 0) this.#listener.came(found.map(({ time: _, ...message }, index) => ({ ...message, at: at[index] })));
  }
}

/** Whether anything is left that isn't new: else the list was emptied. @param {Element} list @param {Set<Node>} added */
const hasOthers = (list, added) => [...list.children].some((each) => !added.has(each));

/** @param {Node} node of the list @returns {boolean} whether it is a message, or one stands before it */
function followsMessage(node) {
  for (let each = /** @type {Node | null} */ (node); each; each = each.previousSibling) if (isMessage(each)) return true;
  return false;
}

/**
 * @param {string[]} times in order, as they stand beside messages of a live chat
 * @param {number} now
 * @param {boolean} spread over their minutes; what has only just come was written at the end of its minute
 */
function momentsOf(times, now, spread) {
  return times.map((time, index) => {
    const { from, until } = minuteIn(time, now);
    if (!spread) return until;
    const first = times.indexOf(time);
    const count = times.lastIndexOf(time) - first + 1;
    return from + ((index - first + 1) / count) * (until - from);
  });
}
