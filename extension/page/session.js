// What is known of the comments of one video, while its page is open: read, labelled, corrected. Tells whoever
// listens what has changed. Knows the order of things; readers and the backend are asked elsewhere.

import { countInside } from "../youtube/likes.js";
import { readComment } from "../youtube/comment.js";
import * as youtube from "../youtube/page.js";
import { ask, Orphaned } from "../worker/ask.js";
import { problemOf } from "../backend/problem.js";
import { Analyst } from "./analyst.js";
import { readComments } from "./readers.js";

/** @typedef {import("../session/types.js").Change} Change */
/** @typedef {import("../session/types.js").EndReason} EndReason */
/** @typedef {import("../session/types.js").Facts} Facts */
/** @typedef {import("../session/types.js").Prediction} Prediction */
/** @typedef {import("../session/types.js").Wishes} Wishes */
/** @typedef {import("../youtube/comment.js").ReadComment} ReadComment */
/** @typedef {import("../youtube/reading.js").Batch} Batch */

export class PageSession {
  /** @type {ReadComment[]} */
  comments = [];
  /** @type {Record<string, Prediction>} */
  labels = {};
  /** @type {Facts} */
  facts;
  /** @type {(change: Change) => void} */
  #tell;
  /** @type {Set<string>} */
  #ids = new Set();
  /** Called off when the video is left, or everything is read anew. */
  #work = new AbortController();
  /** Called off when a person stops the reading; the analysis goes on. */
  #reading = new AbortController();
  #analyst;

  /**
   * @param {{ id: string, kind: "watch" | "shorts" }} video
   * @param {(change: Change) => void} tell
   */
  constructor({ id, kind }, tell) {
    this.#tell = tell;
    this.facts = {
      video: { id, kind },
      language: youtube.language(document),
      state: "idle",
      how: null,
      order: "top",
      wishes: null,
      read: 0,
      announced: null,
      reason: null,
      trouble: null,
      analysis: null,
      analysed: 0,
      analysing: false,
      problem: null,
      corrections: {},
      startedAt: 0,
    };
    this.#analyst = this.#newAnalyst();
  }

  get videoId() {
    return this.facts.video.id;
  }

  /**
   * Begins to read; joins what runs; where reading has ended, asks the backend for what it still owes.
   *
   * @param {Wishes} wishes
   * @param {boolean} again reads everything anew
   */
  read(wishes, again) {
    if (again) this.#restart();
    if (this.facts.state === "idle") void this.#readAll(wishes);
    else this.#analyst.wake();
  }

  stop() {
    this.#reading.abort();
  }

  /** The video is no longer shown. */
  end() {
    this.#work.abort();
    this.#reading.abort();
  }

  /**
   * @param {string} id
   * @param {Prediction["label"]} label
   */
  correct(id, label) {
    const comment = this.comments.find((each) => each.id === id);
    if (!comment || !this.labels[id]) return;
    const { [id]: before, ...others } = this.facts.corrections;
    const predicted = this.labels[id].label;
    this.#change({ corrections: label === predicted ? others : { ...others, [id]: label } });
    const feedback = { comment_id: id, text: comment.text, label, predicted, video_id: this.videoId };
    ask("feedback", { feedback }).catch((error) => {
      if (error instanceof Orphaned) return;
      // What was not taken must not look as if it had been.
      const { [id]: _, ...left } = this.facts.corrections;
      this.#change({ corrections: before ? { ...left, [id]: before } : left, problem: problemOf(error) });
    });
  }

  #newAnalyst() {
    return new Analyst({
      signal: this.#work.signal,
      video: () => this.facts.video,
      comments: () => this.comments,
      over: () => this.facts.state === "ended",
      began: () => this.#change({ analysing: true, problem: null }),
      failed: (error) => this.#change({ analysing: false, problem: problemOf(error) }),
      done: (analysis, labels, analysed) => {
        Object.assign(this.labels, labels);
        this.#tell({ kind: "labels", labels });
        this.#change({ analysis, analysed, analysing: false });
      },
    });
  }

  #restart() {
    this.end();
    this.#work = new AbortController();
    this.comments = [];
    this.labels = {};
    this.#ids = new Set();
    const { video, language, order } = this.facts;
    this.facts = {
      ...{ video, language, order, state: "idle", how: null, wishes: null, read: 0, announced: null, reason: null },
      ...{ trouble: null, analysis: null, analysed: 0, analysing: false, problem: null, corrections: {}, startedAt: 0 },
    };
    this.#analyst = this.#newAnalyst();
    this.#tell({ kind: "restarted", facts: this.facts });
  }

  /** @param {Wishes} wishes */
  async #readAll(wishes) {
    const work = this.#work.signal;
    this.#reading = new AbortController();
    const signal = AbortSignal.any([work, this.#reading.signal]);
    const language = youtube.language(document);
    this.#change({ state: "reading", wishes, order: wishes.order, language, startedAt: Date.now(), video: this.#video() });
    /** @type {EndReason} */
    let reason = "failed";
    try {
      reason = await this.#readInto(wishes, signal);
    } catch (error) {
      if (work.aborted) return;
      if (signal.aborted) reason = "cancelled";
      else this.#trouble(error);
    }
    if (work.aborted) return;
    this.#change({ state: "ended", reason });
    this.#analyst.wake();
  }

  /**
   * @param {Wishes} wishes
   * @param {AbortSignal} signal
   * @returns {Promise<EndReason>}
   */
  async #readInto({ limit, order, openReplies }, signal) {
    const { language } = this.facts;
    const isRead = (/** @type {string} */ id) => this.#ids.has(id);
    const reading = readComments(
      { videoId: this.videoId, order, openReplies, language, isRead, signal },
      { uses: (how) => this.#change({ how }), troubles: (error) => this.#trouble(error) },
    );
    for (;;) {
      const { value, done } = await reading.next();
      if (done) return value;
      signal.throwIfAborted();
      this.#take(value, limit);
      if (this.comments.length >= limit) {
        await reading.return("end");
        return "limit";
      }
    }
  }

  /**
   * @param {Batch} batch
   * @param {number} limit
   */
  #take({ comments, announced, video }, limit) {
    const now = Date.now();
    /** @type {ReadComment[]} */
    const fresh = [];
    for (const found of comments) {
      if (this.comments.length >= limit) break;
      if (this.#ids.has(found.id) || found.videoId !== this.videoId) continue;
      this.#ids.add(found.id);
      const comment = readComment(found, { language: this.facts.language, now }, this.comments.length);
      this.comments.push(comment);
      fresh.push(comment);
    }
    if (fresh.length > 0) this.#tell({ kind: "comments", comments: fresh });
    const count = announced ? countInside(announced, this.facts.language) : null;
    this.#change({
      read: this.comments.length,
      ...(count !== null && { announced: count }),
      ...(video && { video: { ...this.facts.video, ...video } }),
    });
    this.#analyst.wake();
  }

  #video() {
    return { ...this.facts.video, ...youtube.video(document, this.videoId) };
  }

  /** @param {unknown} error */
  #trouble(error) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#change({ trouble: [this.facts.trouble, words].filter(Boolean).join("; ") });
  }

  /** @param {Partial<Facts>} changes */
  #change(changes) {
    this.facts = { ...this.facts, ...changes };
    this.#tell({ kind: "changed", changes });
  }
}
