// What the comments in YouTube's page are counted as: the session's labels where it has them; the others are asked for
// as they appear, a few at a time. While the backend is away, for longer and longer pauses, they have none.

import { feelingOf } from "../analysis/feeling.js";
import { ask } from "../worker/ask.js";
import { sendable } from "../youtube/comment.js";

/** @typedef {import("../analysis/feeling.js").Feeling} Feeling */
/** @typedef {import("../analysis/feeling.js").Judged} Judged */
/** @typedef {import("./session.js").PageSession} PageSession */

const BETWEEN_QUESTIONS_MS = 300;
const MOST_AT_ONCE = 100;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 600_000;

export class Labels {
  #changed;
  /** @type {Map<string, Judged>} */
  #known = new Map();
  #video = "";
  #asking = false;
  #pause = 0;

  /** @param {() => void} changed labels have come, or may be asked for again */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Whether the backend failed to answer when it was last asked. */
  get away() {
    return this.#pause > 0;
  }

  /**
   * @param {PageSession} session
   * @param {string} id
   * @returns {Feeling | null}
   */
  of(session, id) {
    this.#belongTo(session.videoId);
    const judged = session.labels[id] ?? this.#known.get(id);
    return judged ? feelingOf({ ...judged, corrected: session.facts.corrections[id] }) : null;
  }

  /** @param {string} video */
  #belongTo(video) {
    if (video !== this.#video) this.#known.clear();
    this.#video = video;
  }

  /**
   * One question at a time; after a failure none for a while.
   *
   * @param {{ id: string, text: string }[]} comments without a label
   */
  async askFor(comments) {
    if (this.#asking || comments.length === 0) return;
    this.#asking = true;
    const video = this.#video;
    const asked = new Map(comments.map(({ id, text }) => [id, { id, text: sendable(text) }]));
    let wait = BETWEEN_QUESTIONS_MS;
    try {
      const found = await ask("predict", { comments: [...asked.values()].slice(0, MOST_AT_ONCE) });
      if (video === this.#video) for (const judged of found) this.#known.set(judged.id, judged);
      this.#pause = 0;
    } catch {
      // Why, the popup says to whoever opens it.
      this.#pause = wait = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * this.#pause));
    }
    this.#changed();
    setTimeout(() => {
      this.#asking = false;
      this.#changed();
    }, wait);
  }
}
