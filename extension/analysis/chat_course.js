// The mood of a chat over its last minutes, in bounded memory however fast the chat is: numbers in slots of a few
// seconds, and the latest messages, so that none counts twice and one that is taken back counts no more. Knows times
// as milliseconds, of a clock or into a video; doesn't know where messages come from.

import { FEELINGS, feelingOf } from "./feeling.js";
import { intervalOfSums } from "./interval.js";

/** @typedef {import("../backend/answer.js").Score} Score */
/** @typedef {import("./feeling.js").Feeling} Feeling */
/** @typedef {import("./feeling.js").Judged} Judged */
/** @typedef {import("./tally.js").Numbers} Numbers */
/** @typedef {import("./tally.js").Step} Step */
/** @typedef {{ id: string, at: number, text: string, author: string, role: string }} ChatMessage */
/** @typedef {ChatMessage & { judged: Judged | null, gone: boolean }} Kept gone: taken back, its words are forgotten */
/** @typedef {Record<Feeling, number> & { seen: number, sum: number, squares: number }} Slot */
/**
 * counts are of the messages that were judged; seen are all; perMinute is null before anything can be said.
 *
 * @typedef {{ minutes: number, counts: Numbers, score: Score | null, seen: number, perMinute: number | null }} Window
 */
/** @typedef {ChatMessage & { feeling: Feeling, score: number }} Telling */

export const WINDOWS = [1, 5, 15];
export const MOST_KEPT = 2_000;
const MINUTE_MS = 60_000;
const SLOT_MS = 5_000;
export const STEP_MS = 30_000;
const LONGEST_MS = 15 * MINUTE_MS;
/** A rate of a shorter time says little. */
const SHORTEST_MS = 10_000;
const TELLING_MS = 5 * MINUTE_MS;
const TELLING_OF_EACH = 3;
/** After so long a message tells half as much of the mood now. */
const HALF_LIFE_MS = MINUTE_MS;
/** Shorter ones tell less: much is "lol". */
const TELLING_LETTERS = 24;

/** @returns {Slot} */
const emptySlot = () => ({ positive: 0, neutral: 0, negative: 0, other: 0, seen: 0, sum: 0, squares: 0 });

/** @param {Slot} into @param {Slot} slot @param {number} [times] */
function add(into, slot, times = 1) {
  for (const key of /** @type {(keyof Slot)[]} */ (Object.keys(slot))) into[key] += times * slot[key];
}

/** What one judged message adds to its slot. @param {Judged} judged */
function shareOf(judged) {
  const feeling = feelingOf(judged);
  const share = { ...emptySlot(), [feeling]: 1 };
  return feeling === "other" ? share : { ...share, sum: judged.score, squares: judged.score ** 2 };
}

/** @param {Slot} slot @returns {Score | null} of the messages that the model can read */
function scoreIn({ positive, neutral, negative, sum, squares }) {
  const count = positive + neutral + negative;
  return count > 0 ? intervalOfSums(count, sum, squares) : null;
}

/** @param {number} at */
const slotOf = (at) => Math.floor(at / SLOT_MS);

export class ChatCourse {
  /** @type {Map<number, Slot>} */
  #slots = new Map();
  /** In the order of their coming. @type {Map<string, Kept>} */
  #kept = new Map();
  #earliest = Infinity;
  #latest = -Infinity;

  /** When the newest message was written; -Infinity where there is none. */
  get latest() {
    return this.#latest;
  }

  /** When the oldest was that counts or counted; Infinity where there is none. */
  get earliest() {
    return this.#earliest;
  }

  /** How much is held. */
  get size() {
    return { slots: this.#slots.size, messages: this.#kept.size };
  }

  /**
   * @param {ChatMessage} message
   * @returns {boolean} false where it is known, or older than anything that is asked for
   */
  take(message) {
    const { id, at } = message;
    if (this.#kept.has(id) || at < this.#latest - LONGEST_MS) return false;
    this.#kept.set(id, { ...message, judged: null, gone: false });
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(String(this.#kept.keys().next().value));
    const slot = this.#slots.get(slotOf(at)) ?? emptySlot();
    slot.seen += 1;
    this.#slots.set(slotOf(at), slot);
    this.#earliest = Math.min(this.#earliest, at);
    if (slotOf(at) > slotOf(this.#latest)) this.#forgetBefore(at - LONGEST_MS - STEP_MS);
    this.#latest = Math.max(this.#latest, at);
    return true;
  }

  /** @param {number} at */
  #forgetBefore(at) {
    for (const key of this.#slots.keys()) if (key < slotOf(at)) this.#slots.delete(key);
  }

  /**
   * @param {string} id
   * @param {Judged} judged
   * @returns {boolean} false where it isn't held any more
   */
  judge(id, judged) {
    const kept = this.#kept.get(id);
    const slot = kept && this.#slots.get(slotOf(kept.at));
    if (!slot || kept.gone || kept.judged) return false;
    kept.judged = judged;
    add(slot, shareOf(judged));
    return true;
  }

  /**
   * @param {string} id of a message that was taken back; it isn't taken again
   * @returns {Kept | null} as it counted until now
   */
  drop(id) {
    const kept = this.#kept.get(id);
    if (!kept || kept.gone) return null;
    const slot = this.#slots.get(slotOf(kept.at));
    if (slot) {
      slot.seen -= 1;
      if (kept.judged) add(slot, shareOf(kept.judged), -1);
    }
    this.#kept.set(id, { ...kept, text: "", author: "", judged: null, gone: true });
    return kept;
  }

  clear() {
    this.#slots.clear();
    this.#kept.clear();
    this.#earliest = Infinity;
    this.#latest = -Infinity;
  }

  /** @param {number} from @param {number} until both in slots, the second left out */
  #sumOf(from, until) {
    const sum = emptySlot();
    for (const [key, slot] of this.#slots) if (key >= from && key < until) add(sum, slot);
    return sum;
  }

  /**
   * @param {number} until what was written later is left out: of a replay it is yet to come
   * @returns {Window[]}
   */
  windows(until) {
    return WINDOWS.map((minutes) => {
      const length = minutes * MINUTE_MS;
      const sum = this.#sumOf(slotOf(until) + 1 - length / SLOT_MS, slotOf(until) + 1);
      const counts = { total: 0, ...Object.fromEntries(FEELINGS.map((feeling) => [feeling, sum[feeling]])) };
      counts.total = FEELINGS.reduce((total, feeling) => total + sum[feeling], 0);
      const covered = Math.min(length, until - this.#earliest);
      return {
        minutes,
        counts: /** @type {Numbers} */ (counts),
        score: scoreIn(sum),
        seen: sum.seen,
        perMinute: covered >= SHORTEST_MS ? (sum.seen * MINUTE_MS) / covered : null,
      };
    });
  }

  /**
   * The longest window in equal steps that stand still while it moves, so that a drawing of them doesn't tremble.
   *
   * @param {number} until
   * @returns {Step[]} from the first that has a message; each starts at its milliseconds
   */
  steps(until) {
    const last = Math.floor(until / STEP_MS);
    const first = Math.max(last - LONGEST_MS / STEP_MS + 1, Math.floor(Math.min(until, this.#earliest) / STEP_MS));
    const per = STEP_MS / SLOT_MS;
    return Array.from({ length: last - first + 1 }, (_, index) => {
      const slot = this.#sumOf((first + index) * per, (first + index + 1) * per);
      const { positive, neutral, negative, other } = slot;
      const score = scoreIn(slot) ?? { mean: null, low: null, high: null };
      return { start: String((first + index) * STEP_MS), positive, neutral, negative, other, ...score };
    });
  }

  /**
   * The latest messages that feel most, each text once, newest first.
   *
   * @param {number} until
   * @returns {Telling[]}
   */
  telling(until) {
    /** @type {Record<"positive" | "negative", Map<string, { weight: number, message: Telling }>>} */
    const found = { positive: new Map(), negative: new Map() };
    for (const { judged, gone: _, ...message } of this.#kept.values()) {
      const age = until - message.at;
      if (!judged || age < 0 || age > TELLING_MS) continue;
      const feeling = feelingOf(judged);
      if (feeling !== "positive" && feeling !== "negative") continue;
      const letters = Math.min(1, message.text.length / TELLING_LETTERS);
      const weight = Math.abs(judged.score) * letters * 0.5 ** (age / HALF_LIFE_MS);
      const key = message.text.toLowerCase();
      const known = found[feeling].get(key);
      if (known && known.weight >= weight) continue;
      found[feeling].set(key, { weight, message: { ...message, feeling, score: judged.score } });
    }
    return Object.values(found)
      .flatMap((each) => [...each.values()].sort((a, b) => b.weight - a.weight).slice(0, TELLING_OF_EACH))
      .map(({ message }) => message)
      .sort((a, b) => b.at - a.at);
  }
}
