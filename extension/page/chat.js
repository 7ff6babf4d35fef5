// The chat beside the video, from a person's asking until they stop it, leave, or it ends: what came is counted, what
// has words is labelled at a pace that the backend can keep, and whoever looks is told. Knows pace and patience; how
// a chat is read and what its mood is, others know.

import { ChatCourse } from "../analysis/chat_course.js";
import { problemOf } from "../backend/problem.js";
import { ask, Orphaned } from "../worker/ask.js";
import { ChatReader } from "../youtube/chat_reader.js";
import { sendable, sendableName } from "../youtube/comment.js";
import { pause } from "../youtube/pause.js";

/** @typedef {import("../analysis/chat_course.js").ChatMessage} ChatMessage */
/** @typedef {import("../analysis/feeling.js").Judged} Judged */
/** @typedef {import("../session/types.js").Chat} Chat */
/**
 * watched says whether anybody looks; isOther whether what is in the frame of the chat is of another video than the one
 * whose title is told.
 *
 * @typedef {{
 *   tell: (chat: Chat) => void, watched: () => boolean, title: () => string, isOther: (inside: Document) => boolean,
 * }} Place
 */

const TELL_MS = 1_000;
const FIRST_MS = 400;
const ASK_MS = 1_500;
/** After a failure: twice as long each time. */
const LONGEST_PAUSE_MS = 60_000;
const MOST_AT_ONCE = 120;
/** So that what is labelled isn't old; where more come, some from all over them stay. */
const MOST_WAITING = 3 * MOST_AT_ONCE;
/** A chat says much of what it says again and again. */
const MOST_REMEMBERED = 1_000;
const LONGEST_TEXT = 1_000;

export class PageChat {
  #place;
  #course = new ChatCourse();
  #reader;
  /** @type {Chat["state"]} */
  #state = "idle";
  /** @type {Chat["kind"]} */
  #kind = null;
  /** @type {Chat["problem"]} */
  #problem = null;
  #counts = { seen: 0, judged: 0, removed: 0 };
  /** @type {ChatMessage[]} */
  #waiting = [];
  /** @type {Map<string, Judged>} by text */
  #remembered = new Map();
  /** When it stopped, in the time of its messages. */
  #until = 0;
  #ends = new AbortController();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;
  #wake = () => {};

  /** @param {Place} place */
  constructor(place) {
    this.#place = place;
    this.#reader = this.#newReader();
  }

  /** Somebody has begun to look. */
  watch() {
    this.#ticking ??= setInterval(() => this.#tick(), TELL_MS);
  }

  /** Begins to read, or asks the backend again at once. */
  start() {
    if (this.#state === "reading") return this.#wake();
    this.#ends = new AbortController();
    this.#reader = this.#newReader();
    this.#course.clear();
    this.#counts = { seen: 0, judged: 0, removed: 0 };
    this.#waiting = [];
    this.#problem = null;
    this.#state = "reading";
    this.#kind = this.#reader.kind;
    this.#reader.start();
    this.watch();
    void this.#work(this.#ends.signal);
    return this.#tick();
  }

  /** @param {"stopped" | "ended"} [how] */
  stop(how = "stopped") {
    if (this.#state !== "reading") return;
    this.#until = this.#now();
    this.#state = how;
    this.#ends.abort();
    this.#reader.stop();
    this.#waiting = [];
    this.#problem = null;
    this.#tick();
  }

  /** The video is no longer shown. */
  end() {
    this.stop();
    clearInterval(this.#ticking);
  }

  /** @returns {Chat} */
  get facts() {
    const kind = this.#state === "idle" ? this.#reader.kind : this.#kind;
    const { room, saying } = this.#reader;
    const until = this.#now();
    const begun = this.#state !== "idle";
    return {
      kind,
      room,
      title: this.#place.title(),
      saying,
      state: this.#state,
      hidden: document.hidden,
      problem: this.#problem,
      ...this.#counts,
      skipped: this.#counts.seen - this.#counts.judged - this.#waiting.length,
      until,
      since: Number.isFinite(this.#course.earliest) ? this.#course.earliest : null,
      windows: begun ? this.#course.windows(until) : [],
      steps: begun ? this.#course.steps(until) : [],
      telling: begun ? this.#course.telling(until) : [],
    };
  }

  #now() {
    if (this.#state !== "reading") return this.#until;
    return this.#kind === "replay" ? Math.max(this.#course.latest, this.#reader.position) : Date.now();
  }

  #newReader() {
    return new ChatReader(this.#place.isOther, {
      came: (messages) => this.#take(messages),
      takenBack: (ids) => ids.forEach((id) => this.#takeBack(id)),
      startedOver: () => this.#startOver(),
      ended: () => this.stop("ended"),
    });
  }

  /** In a replay somebody went to another place; what was said here has nothing to do with what is said there. */
  #startOver() {
    if (this.#kind !== "replay") return;
    this.#course.clear();
    this.#waiting = [];
    this.#counts = { seen: 0, judged: 0, removed: 0 };
  }

  /** @param {ChatMessage[]} messages */
  #take(messages) {
    for (const { id, text, author, role, at } of messages) {
      const message = { id, text: sendable(text.slice(0, LONGEST_TEXT)), author: sendableName(author), role, at };
      if (!this.#course.take(message)) continue;
      // A sticker counts for how busy the chat is, and says nothing.
      if (!message.text) continue;
      this.#counts.seen += 1;
      const known = this.#remembered.get(message.text);
      if (known) this.#judge(id, known);
      else this.#waiting.push(message);
    }
    const { length } = this.#waiting;
    this.#waiting = this.#waiting.filter((_, index) => evenly(index, length, MOST_WAITING));
  }

  /** @param {string} id */
  #takeBack(id) {
    const was = this.#course.drop(id);
    if (!was?.text) return;
    this.#counts.removed += 1;
    this.#counts.seen -= 1;
    this.#counts.judged -= Number(was.judged !== null);
    this.#waiting = this.#waiting.filter((message) => message.id !== id);
  }

  /** @param {string} id @param {Judged} judged */
  #judge(id, judged) {
    this.#counts.judged += Number(this.#course.judge(id, judged));
  }

  /** @param {AbortSignal} signal */
  async #work(signal) {
    let wait = FIRST_MS;
    while (!signal.aborted) {
      /** @type {Promise<void>} */
      const woken = new Promise((resolve) => (this.#wake = resolve));
      await Promise.race([pause(wait, signal).catch(() => {}), woken]);
      if (signal.aborted) return;
      const began = Date.now();
      try {
        await this.#ask(signal);
        this.#problem = null;
        // Half of the time is the backend's own.
        wait = Math.max(ASK_MS, Date.now() - began);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Orphaned) return this.end();
        this.#problem = problemOf(error);
        wait = Math.min(LONGEST_PAUSE_MS, Math.max(ASK_MS, 2 * wait));
      }
      this.#show();
    }
  }

  /** The same words are asked about once. @param {AbortSignal} signal */
  async #ask(signal) {
    /** @type {Map<string, ChatMessage[]>} */
    const same = new Map();
    for (const message of this.#waiting) same.set(message.text, (same.get(message.text) ?? []).concat(message));
    const chosen = [...same.keys()].slice(0, MOST_AT_ONCE);
    if (chosen.length === 0) return;
    const comments = chosen.map((text, index) => ({ id: String(index), text }));
    const found = await ask("predict", { comments });
    signal.throwIfAborted();
    for (const { id, label, score, language } of found) {
      this.#remember(chosen[Number(id)], { label, score, language: language ?? null });
    }
    const asked = new Set(chosen);
    for (const { id, text } of this.#waiting) {
      const judged = asked.has(text) && this.#remembered.get(text);
      if (judged) this.#judge(id, judged);
    }
    this.#waiting = this.#waiting.filter(({ text }) => !asked.has(text));
  }

  /** @param {string} text @param {Judged} judged */
  #remember(text, judged) {
    this.#remembered.set(text, judged);
    if (this.#remembered.size > MOST_REMEMBERED) this.#remembered.delete(String(this.#remembered.keys().next().value));
  }

  #tick() {
    if (this.#state === "reading") this.#follow();
    if (this.#place.watched()) this.#show();
    else if (this.#state !== "reading") {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    }
  }

  /** A chat that was off may open, and a live one becomes a replay or goes away. */
  #follow() {
    const { kind, room } = this.#reader;
    this.#kind ??= kind;
    const gone = kind === "replay" || room === "off" || room === "none";
    if (this.#kind === "live" && this.#counts.seen > 0 && gone) this.stop("ended");
  }

  #show() {
    if (this.#place.watched()) this.#place.tell(this.facts);
  }
}

/** @param {number} index @param {number} count @param {number} most @returns {boolean} for `most` of the indices at most */
const evenly = (index, count, most) =>
  count <= most || Math.floor((index * most) / count) !== Math.floor(((index - 1) * most) / count);
