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
