// When the comments read so far are analysed: the first hundred at once, then whenever there are twice as many, and
// at last all. Knows how many a request may hold and how to share them out; what is done with the answers, others know.

import { joined, shareOut } from "../analysis/parts.js";
import { analyzeRequest, WORDS } from "../backend/request.js";
import { ask, Orphaned } from "../worker/ask.js";

/** @typedef {import("../session/types.js").Analysis} Analysis */
/** @typedef {import("../session/types.js").Prediction} Prediction */
/** @typedef {import("../youtube/comment.js").ReadComment} ReadComment */
/** @typedef {import("../youtube/comment.js").Video} Video */
/**
 * @typedef {{
 *   signal: AbortSignal, video: () => Video, comments: () => ReadComment[], over: () => boolean,
 *   began: () => void, failed: (error: unknown) => void,
 *   done: (analysis: Analysis, labels: Record<string, Prediction>, analysed: number) => void,
 * }} Case over says that no more comments will come
 */

const FIRST = 100;
const GROWTH = 2;
const MOST = { comments: 2_500, bytes: 6 * 2 ** 20 };

export class Analyst {
  #case;
  #busy = false;
  #analysed = 0;
  /** After a failure nobody is asked again before `wake` is called for it. */
  #failedAt = -1;

  /** @param {Case} given */
  constructor(given) {
    this.#case = given;
  }

  /** More comments may have come, the last may have come, or somebody wants it tried again. */
  wake() {
    if (!this.#busy) void this.#work();
  }

  #isDue() {
    const { comments, over } = this.#case;
    const count = sendable(comments()).length;
    if (count <= this.#analysed) return false;
    if (over()) return true;
    return count !== this.#failedAt && count >= Math.max(FIRST, GROWTH * this.#analysed, GROWTH * this.#failedAt);
  }

  async #work() {
    const { signal, began, failed, done } = this.#case;
    this.#busy = true;
    try {
      while (!signal.aborted && this.#isDue()) {
        const comments = sendable(this.#case.comments());
        began();
        const { predictions, ...analysis } = await this.#ask(comments);
        signal.throwIfAborted();
        this.#analysed = comments.length;
        this.#failedAt = -1;
        done(analysis, Object.fromEntries(predictions.map((found) => [found.id, labelOf(found)])), comments.length);
      }
    } catch (error) {
      if (signal.aborted || error instanceof Orphaned) return;
      this.#failedAt = sendable(this.#case.comments()).length;
      failed(error);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {ReadComment[]} comments */
  async #ask(comments) {
    const answers = [];
    for (const part of shareOut(comments, MOST)) {
      this.#case.signal.throwIfAborted();
      const request = analyzeRequest(this.#case.video(), part, timezone());
      answers.push(await ask("analyze", { request }));
    }
    return joined(answers, comments, { words: WORDS });
  }
}

/** @param {ReadComment[]} comments */
const sendable = (comments) => comments.filter((comment) => comment.text !== "");

/**
 * An older backend leaves some of it out.
 *
 * @param {import("../views/opened.js").Prediction} found
 * @returns {Prediction}
 */
const labelOf = ({ label, score, probabilities, language }) => ({
  label,
  score,
  probabilities: probabilities ?? null,
  language: language ?? null,
});

function timezone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone && zone !== "Etc/Unknown" ? zone : "UTC";
}
