// Single values as exports write them: moments, counts, yes and no. Knows notations; doesn't know columns.

import { publishedFrom } from "../../extension/youtube/dates.js";
import { countFrom } from "../../extension/youtube/likes.js";

/** @typedef {import("../../extension/youtube/dates.js").Published} Published */
/** @typedef {"day" | "month" | null} First which of the two a date such as 03/04/2024 begins with, null if unknown */

const EARLIEST = Date.UTC(2004, 0, 1);
const DAY_MS = 86_400_000;
const SLASHED = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?$/iu;
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/u;
const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/iu;

/**
 * @param {unknown[]} values all of a column
 * @returns {First}
 */
export function firstPart(values) {
  for (const value of values) {
    const match = SLASHED.exec(String(value ?? "").trim());
    if (match && Number(match[1]) > 12) return "day";
    if (match && Number(match[2]) > 12) return "month";
  }
  return values.some((value) => /^\d{1,2}\.\d{1,2}\.\d{4}/u.test(String(value ?? "").trim())) ? "day" : null;
}

/**
 * @param {unknown} value a date and time; without an offset in UTC; seconds or milliseconds since 1970; "2 weeks ago"
 * @param {{ now: number, first: First }} known
 * @returns {Published | null} null where it isn't understood or can't be
 */
export function momentFrom(value, { now, first }) {
  const text = String(value ?? "").trim();
  const exact = milliseconds(text, first);
  if (exact === null) return publishedFrom(text, "en", now);
  if (!(exact.moment >= EARLIEST && exact.moment <= now + DAY_MS)) return null;
  return { published_at: new Date(exact.moment).toISOString(), published_at_width: exact.width };
}

/**
 * @param {string} text
 * @param {First} first
 * @returns {{ moment: number, width: number } | null} width in seconds
 */
function milliseconds(text, first) {
  if (/^\d{9,10}(?:\.\d+)?$/u.test(text)) return { moment: Number(text) * 1000, width: 0 };
  if (/^\d{12,13}$/u.test(text)) return { moment: Number(text), width: 0 };
  if (/^\d{4}-/u.test(text) && !isDay(text.slice(0, 10))) return { moment: NaN, width: 0 };
  if (ISO_DAY.test(text)) return { moment: Date.parse(`${text}T12:00:00Z`), width: DAY_MS / 1000 };
  const iso = ISO.exec(text);
  if (iso) {
    const offset = !iso[3] || /utc/iu.test(iso[3]) ? "Z" : iso[3].replace(/^([+-]\d{2})(\d{2})$/u, "$1:$2");
    return { moment: Date.parse(`${iso[1]}T${iso[2]}${offset.toUpperCase()}`), width: 0 };
  }
  const match = SLASHED.exec(text);
  if (!match || first === null) return null;
  const [, one, two, year, hour, minute, second, half] = match;
  const [day, month] = first === "day" ? [one, two] : [two, one];
  const afternoon = half && /p/iu.test(half) !== (hour === "12") ? (hour === "12" ? -12 : 12) : 0;
  const hours = hour === undefined ? 12 : Number(hour) + afternoon;
  const moment = Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute ?? 0), Number(second ?? 0));
  if (!isDay(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`)) return { moment: NaN, width: 0 };
  return { moment, width: hour === undefined ? DAY_MS / 1000 : 0 };
}

/** Date.parse takes 31 February for a day of March. @param {string} day e.g. 2025-02-28 */
const isDay = (day) => Number.isFinite(Date.parse(day)) && new Date(day).toISOString().startsWith(day);

/** @param {unknown} value whether it is a date that could be read two ways */
export const isAmbiguousDate = (value) => SLASHED.test(String(value ?? "").trim());

/**
 * @param {unknown} value e.g. 12, "1,204", "1.2K", ""
 * @returns {number | null} null where it isn't a count
 */
export function likesFrom(value) {
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 && value <= 1e9 ? value : null;
  const text = String(value ?? "").trim();
  return countFrom(/^\d+\.0+$/u.test(text) ? text.split(".")[0] : text);
}

/** @param {unknown} value */
export const isYes = (value) => /^(?:true|yes|1|y|x)$/iu.test(String(value ?? "").trim());
