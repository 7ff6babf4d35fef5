// Reads comments by the requests that YouTube's own page makes for more of them: threads first, then replies at every
// level. Knows pace, patience and the order of questions; what the answers mean is in answers.js.

import { commentsIn, sectionIn } from "./answers.js";
import { pageConfig } from "./page_config.js";
import { pause } from "./pause.js";

/** @typedef {import("./answers.js").Answer} Answer */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("./reading.js").Task} Task */

const PATH = "/youtubei/v1/next?prettyPrint=false";
/** About as fast as a person scrolls who is in a hurry. */
const BETWEEN_MS = 120;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 20_000;
const TRIES = 5;
const ANSWER_MS = 20_000;

/** @param {number} status */
const mayPass = (status) => status === 429 || status >= 500;

/** Waits that differ keep many tabs from asking at once. @param {number} milliseconds */
const jittered = (milliseconds) => milliseconds * (0.75 + Math.random() / 2);

/** One reading of one video's comments. */
class RequestReading {
  #task;
  #config;

  /** @param {Task} task */
  constructor(task) {
    this.#task = task;
    this.#config = pageConfig(document);
  }

  /** @returns {Reading} */
  async *run() {
    const { videoId, openReplies } = this.#task;
    const { token, off } = sectionIn(await this.#ask({ videoId }));
    if (off) return "off";
    if (!token) throw new Error("the answer about the video has no comment section");
    /** @type {{ token: string, parent: string | null }[]} */
    const waiting = [];
    for await (const answer of this.#lists(await this.#first(token), null)) {
      yield answer;
      waiting.push(...answer.replies);
    }
    if (!openReplies) return "end";
    for (let at = 0; at < waiting.length; at += 1) {
      const { token: replies, parent } = waiting[at];
      for await (const answer of this.#lists(await this.#comments(replies, parent), parent)) {
        yield answer;
        waiting.push(...answer.replies);
      }
    }
    return "end";
  }

  /**
   * Of the wanted order; the section begins with the one that YouTube likes.
   *
   * @param {string} token
   */
  async #first(token) {
    const answer = await this.#comments(token, null);
    const wanted = this.#task.order === "newest" ? answer.orders.newest : null;
    if (!wanted) return answer;
    const { announced } = answer;
    return { ...(await this.#comments(wanted, null)), announced };
  }

  /**
   * @param {Answer} first
   * @param {string | null} parent
   */
  async *#lists(first, parent) {
    const seen = new Set();
    for (let answer = first; ; answer = await this.#comments(answer.next, parent)) {
      const { announced } = answer;
      yield { ...answer, comments: answer.comments.filter(({ id }) => !this.#task.isRead(id)), announced: announced || undefined };
      if (!answer.next || seen.has(answer.next)) return;
      seen.add(answer.next);
    }
  }

  /**
   * @param {string} continuation
   * @param {string | null} parent
   */
  async #comments(continuation, parent) {
    return commentsIn(await this.#ask({ continuation }), { videoId: this.#task.videoId, parent });
  }

  /**
   * @param {Record<string, string>} question
   * @returns {Promise<Record<string, unknown>>}
   */
  async #ask(question) {
    const { signal } = this.#task;
    let trouble = "";
    for (let tried = 0; tried < TRIES; tried += 1) {
      const wait = tried === 0 ? BETWEEN_MS : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tried - 1));
      await pause(jittered(wait), signal);
      try {
        const response = await fetch(PATH, {
          method: "POST",
          headers: { "Content-Type": "application/json", ...this.#config.headers },
          body: JSON.stringify({ context: this.#config.context, ...question }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
        });
        if (response.ok) return await response.json();
        trouble = `status ${response.status}`;
        if (!mayPass(response.status)) break;
      } catch (error) {
        signal.throwIfAborted();
        trouble = String(error);
      }
    }
    throw new Error(`YouTube does not answer the page's question: ${trouble}`);
  }
}

/**
 * @param {Task} task
 * @returns {Reading}
 */
export async function* readByRequests(task) {
  return yield* new RequestReading(task).run();
}
