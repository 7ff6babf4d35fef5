// When a chat message was written, from the words beside it: a clock's time in a live chat, the time into the video in
// a replay. Knows digits and colons; doesn't know the clock, it is passed in.

import { withAsciiDigits } from "./digits.js";

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/**
 * @param {string} shown "1:02:30", "-0:05" before the stream began
 * @returns {number | null} milliseconds into the video
 */
export function offsetIn(shown) {
  const plain = withAsciiDigits(shown).replace(/[\u200e\u200f\s]/gu, "").replace("−", "-");
  const [, minus, ...parts] = /^(-?)(?:(\d+):)?(\d{1,2}):(\d{2})$/u.exec(plain) ?? [];
  if (parts.length === 0) return null;
  const [hours, minutes, seconds] = parts.map((part) => Number(part ?? 0));
  const milliseconds = 1_000 * (3_600 * hours + 60 * minutes + seconds);
  return minus ? -milliseconds : milliseconds;
}

/**
 * The minute in which a message was written. It is less than an hour old, so that the minute of the hour says enough,
 * whatever the language's way with hours.
 *
 * @param {string} shown "10:32 PM"
 * @param {number} now milliseconds since 1970
 * @returns {{ from: number, until: number }} milliseconds since 1970, not after now; just now where it isn't told
 */
export function minuteIn(shown, now) {
  const minute = Number(/\d{1,2}\D{1,3}(\d{2})(?!\d)/u.exec(withAsciiDigits(shown))?.[1] ?? NaN);
  const justNow = { from: now, until: now };
  if (!(minute < HOUR_MINUTES)) return justNow;
  const old = (new Date(now).getMinutes() - minute + HOUR_MINUTES) % HOUR_MINUTES;
  // A clock that is a little ahead would make it an hour old.
  if (old === HOUR_MINUTES - 1) return justNow;
  const from = Math.floor(now / MINUTE_MS - old) * MINUTE_MS;
  return { from, until: Math.min(now, from + MINUTE_MS - 1) };
}
