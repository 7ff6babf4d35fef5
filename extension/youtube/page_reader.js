// Reads comments off the watch page: what is loaded, scrolling for more, opening replies, and puts the page back
// as it was. Beside page.js, which knows the page's elements, this one knows time: when to scroll, how long to
// wait, when to stop.

import * as page from "./page.js";
import { videoIdIn } from "./address.js";
import { pause } from "./pause.js";

/** @typedef {import("./comment.js").FoundComment} FoundComment */
/** @typedef {import("./reading.js").Batch} Batch */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("./reading.js").Task} Task */

const POLL_MS = 120;
const FIRST_COMMENTS_MS = 15_000;
const MORE_COMMENTS_MS = 12_000;
const REPLIES_MS = 6_000;
const NUDGE_MS = 2_500;
const NUDGE_PX = 300;
const BETWEEN_REPLIES_MS = 150;
const FAILED_REPLIES_IN_A_ROW = 3;
const SETTLED_POLLS = 4;
const SURE_POLLS = 8;

/**
 * @param {Task} task
 * @returns {Reading}
 */
export const readPage = (task) => new PageReading(task).run();

/** One reading of one video's comments. */
class PageReading {
  #scroll = { left: scrollX, top: scrollY };
  /** @type {Set<Element>} */
  #openedThreads = new Set();
  /** @type {string} */
  #videoId;
  /** @type {Task} */
  #task;

  /** @param {Task} task */
  constructor(task) {
    this.#task = task;
    this.#videoId = task.videoId;
  }

  /** @returns {Reading} */
  async *run() {
    try {
      const state = await this.#firstComments();
      if (state === "off") return "off";
      if (state !== "shown") {
        yield this.#batch([]);
        return "end";
      }
      const reason = yield* this.#threads();
      if (reason !== "end" || !this.#task.openReplies) return reason;
      return yield* this.#replies();
    } finally {
      if (this.#isShown()) this.#putBack();
    }
  }

  #isShown() {
    return videoIdIn(location.href) === this.#videoId;
  }

  /** What another video left behind goes away within a moment, so the absence of comments has to last. */
  async #firstComments() {
    let state = page.commentsState(document, this.#videoId);
    let pollsWithout = 0;
    for (let waited = 0; state !== "shown" && waited < FIRST_COMMENTS_MS; waited += POLL_MS) {
      pollsWithout = state === "loading" ? 0 : pollsWithout + 1;
      if (pollsWithout >= SURE_POLLS) break;
      page.sectionOf(document)?.scrollIntoView({ behavior: "instant" });
      await this.#pause(POLL_MS);
      state = page.commentsState(document, this.#videoId);
    }
    return state;
  }

  /** @returns {Reading} */
  async *#threads() {
    let waited = 0;
    let pollsWithoutMore = 0;
    while (waited < MORE_COMMENTS_MS) {
      const found = this.#newComments();
      if (found.length > 0) {
        waited = 0;
        yield this.#batch(found);
      }
      const more = page.continuation(document);
      pollsWithoutMore = more ? 0 : pollsWithoutMore + 1;
      if (pollsWithoutMore >= SETTLED_POLLS) return "end";
      if (waited > 0 && waited % NUDGE_MS < POLL_MS) scrollBy({ top: -NUDGE_PX, behavior: "instant" });
      else more?.scrollIntoView({ block: "center", behavior: "instant" });
      await this.#pause(POLL_MS);
      waited += POLL_MS;
    }
    return "stalled";
  }

  /** @returns {Reading} */
  async *#replies() {
    /** @type {WeakSet<HTMLElement>} */
    const tried = new WeakSet();
    let failed = 0;
    for (;;) {
      const button = page.moreRepliesButtons(document).find((each) => !tried.has(each));
      if (!button) return "end";
      tried.add(button);
      const found = await this.#openReplies(button);
      if (found && found.length > 0) yield this.#batch(found);
      failed = found ? 0 : failed + 1;
      if (failed >= FAILED_REPLIES_IN_A_ROW) return "stalled";
    }
  }

  /**
   * @param {HTMLElement} button
   * @returns {Promise<FoundComment[] | null>} what came, nothing where it had come before; null where it didn't
   */
  async #openReplies(button) {
    button.scrollIntoView({ block: "center", behavior: "instant" });
    const thread = page.threadOf(button);
    if (thread) this.#openedThreads.add(thread);
    button.click();
    let pollsWithoutMore = 0;
    for (let waited = 0; waited < REPLIES_MS; waited += POLL_MS) {
      await this.#pause(POLL_MS);
      const found = this.#newComments();
      if (found.length > 0) {
        await this.#pause(BETWEEN_REPLIES_MS);
        return found;
      }
      pollsWithoutMore = page.repliesToCome(button, thread) ? 0 : pollsWithoutMore + 1;
      if (pollsWithoutMore >= SETTLED_POLLS) return [];
    }
    return null;
  }

  #newComments() {
    const found = page.comments(document, this.#videoId, (id) => !this.#task.isRead(id));
    return [...new Map(found.map((comment) => [comment.id, comment])).values()];
  }

  /**
   * @param {FoundComment[]} comments
   * @returns {Batch}
   */
  #batch(comments) {
    return {
      comments,
      announced: page.announced(document),
      video: page.video(document, this.#videoId),
    };
  }

  /** @param {number} milliseconds */
  async #pause(milliseconds) {
    await pause(milliseconds, this.#task.signal);
    if (!this.#isShown()) throw new DOMException("another video is shown", "AbortError");
  }

  #putBack() {
    for (const thread of this.#openedThreads) {
      for (const fewer of page.fewerRepliesButtons(thread)) fewer.click();
    }
    scrollTo({ ...this.#scroll, behavior: "instant" });
  }
}
