// Numbers and dates the way people write them in the language of the interface. Knows Intl only.

import { language } from "./language.js";

/** @typedef {import("../backend/answer.js").Bucket} Bucket */

/** @type {Record<string, Intl.NumberFormatOptions>} */
const NUMBERS = {
  whole: { maximumFractionDigits: 0 },
  share: { style: "percent", maximumFractionDigits: 0 },
  score: { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" },
  short: { notation: "compact", maximumFractionDigits: 1 },
};

/** @type {Record<Bucket, Intl.DateTimeFormatOptions>} */
const BUCKET_DATES = {
  hour: { day: "numeric", month: "short", hour: "numeric" },
  day: { day: "numeric", month: "short", year: "numeric" },
  week: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "short", year: "numeric" },
  year: { year: "numeric" },
};

const DAY_MS = 86_400_000;

/** A date is written no finer than it is known: by the most days that it may be off. @type {[number, Bucket][]} */
const FINENESS = [
  [14, "day"],
  [60, "month"],
  [Infinity, "year"],
];

/** An age is told in the largest unit of which there are two. @type {["year" | "month" | "day", number][]} */
const AGES = [
  ["year", 365.25],
  ["month", 30.44],
  ["day", 1],
];

/** @type {Map<string, Intl.NumberFormat>} making one takes longer than using it */
const made = new Map();

/** @param {keyof typeof NUMBERS} kind */
function numbers(kind) {
  const key = `${kind} ${language.formats}`;
  const format = made.get(key) ?? new Intl.NumberFormat(language.formats, NUMBERS[kind]);
  made.set(key, format);
  return format;
}

/** @param {number} count */
export const number = (count) => numbers("whole").format(count);

/** @param {number} count e.g. likes; "1.2K" */
export const shortNumber = (count) => numbers("short").format(count);

/** @param {number} share in [0, 1] */
export const percent = (share) => numbers("share").format(share);

/** @param {number} value in [-1, 1]; "+0.31", with a true minus sign */
export const score = (value) => numbers("score").format(value).replace("-", "−");

/**
 * @param {string} start ISO moment at which a step of the trend begins, in the person's own time zone
 * @param {Bucket} bucket its length
 */
export const bucketDate = (start, bucket) =>
  new Intl.DateTimeFormat(language.formats, BUCKET_DATES[bucket]).format(new Date(start));

/** @param {string | number} instant ISO, or milliseconds since 1970 */
export const moment = (instant) =>
  new Intl.DateTimeFormat(language.formats, { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));

/** @param {number} instant milliseconds since 1970; "2:05:30 PM" */
export const clockTime = (instant) =>
  new Intl.DateTimeFormat(language.formats, { timeStyle: "medium" }).format(new Date(instant));

/** @param {number} offset milliseconds into a video; "1:02:30", as YouTube writes it */
export function videoTime(offset) {
  const seconds = Math.floor(Math.abs(offset) / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const written = hours ? `${hours}:${two(minutes)}` : String(minutes);
  return `${offset < 0 ? "−" : ""}${written}:${two(seconds % 60)}`;
}

/** @param {number} count "5 min" */
export const minutes = (count) =>
  new Intl.NumberFormat(language.formats, { style: "unit", unit: "minute", unitDisplay: "short" }).format(count);

/**
 * @param {string} instant ISO
 * @param {number} width seconds between the earliest and the latest moment that it may stand for
 */
export function looseDate(instant, width) {
  const days = (width * 1_000) / DAY_MS;
  const [, bucket] = FINENESS.find(([most]) => days <= most) ?? FINENESS[FINENESS.length - 1];
  return bucketDate(instant, bucket);
}

/**
 * @param {string} from ISO
 * @param {string} until ISO; before it counts as the same day
 * @returns {string} "3 months"
 */
export function ageWords(from, until) {
  const days = Math.max(0, (Date.parse(until) - Date.parse(from)) / DAY_MS);
  const [unit, length] = AGES.find(([, length]) => days >= 2 * length) ?? AGES[AGES.length - 1];
  const written = new Intl.NumberFormat(language.formats, { style: "unit", unit, unitDisplay: "long" });
  return written.format(Math.floor(days / length));
}

/** @param {string} code ISO 639 */
export function languageName(code) {
  try {
    return new Intl.DisplayNames(language.formats ?? "en", { type: "language", fallback: "code" }).of(code) ?? code;
  } catch (error) {
    // A backend may send what is no code; it is shown as it is.
    if (error instanceof RangeError) return code;
    throw error;
  }
}
