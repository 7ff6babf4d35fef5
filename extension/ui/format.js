// Numbers and dates the way the person's browser writes them. Knows Intl only.

/** @typedef {import("../backend/answer.js").Bucket} Bucket */

const locale = globalThis.navigator?.language;
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
const scores = new Intl.NumberFormat(locale, {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: "exceptZero",
});
const shortened = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });

/** @type {Record<Bucket, Intl.DateTimeFormatOptions>} */
const BUCKET_DATES = {
  hour: { day: "numeric", month: "short", hour: "numeric" },
  day: { day: "numeric", month: "short", year: "numeric" },
  week: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "short", year: "numeric" },
  year: { year: "numeric" },
};

/** @param {number} count */
export const number = (count) => whole.format(count);

/** @param {number} count e.g. likes; "1.2K" */
export const shortNumber = (count) => shortened.format(count);

/** @param {number} share in [0, 1] */
export const percent = (share) => shares.format(share);

/** @param {number} value in [-1, 1]; "+0.31", with a true minus sign */
export const score = (value) => scores.format(value).replace("-", "−");

/**
 * @param {string} start ISO moment at which a step of the trend begins, in the person's own time zone
 * @param {Bucket} bucket its length
 */
export const bucketDate = (start, bucket) =>
  new Intl.DateTimeFormat(locale, BUCKET_DATES[bucket]).format(new Date(start));
