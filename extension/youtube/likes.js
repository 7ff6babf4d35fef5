// Counts as YouTube prints them ("67", "19K", "19.924", "1,9 Mio.", "2.1万") as whole numbers.
// Knows how a language writes numbers, from Intl. Doesn't know where on the page a count stands.

import { withAsciiDigits } from "./digits.js";

const POWERS = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
const MOST = 1e9;

/** @type {Map<string, Map<string, number>>} */
const suffixesByLocale = new Map();

/** @param {string} text */
const suffixKey = (text) => text.toLowerCase().replace(/[\s.]/gu, "");

/**
 * The words a language puts after a shortened number, with what they multiply by.
 *
 * @param {string} locale
 * @returns {Map<string, number>} "mio" -> 1000000
 */
function suffixesOf(locale) {
  const known = suffixesByLocale.get(locale);
  if (known) return known;
  const suffixes = new Map();
  for (const display of /** @type {const} */ (["short", "long"])) {
    const format = new Intl.NumberFormat(locale, {
      notation: "compact",
      compactDisplay: display,
      numberingSystem: "latn",
    });
    for (const power of POWERS) {
      const parts = format.formatToParts(power);
      const word = parts.find((part) => part.type === "compact")?.value;
      const shown = Number(
        parts
          .filter((part) => part.type === "integer")
          .map((part) => part.value)
          .join(""),
      );
      if (word && shown > 0) {
        const key = suffixKey(word.normalize("NFKC"));
        if (!suffixes.has(key)) suffixes.set(key, power / shown);
      }
    }
  }
  suffixesByLocale.set(locale, suffixes);
  return suffixes;
}

/**
 * @param {string} number digits with separators, e.g. "1,9"
 * @param {string} locale
 * @returns {number}
 */
function shortenedNumber(number, locale) {
  const decimal = new Intl.NumberFormat(locale, { numberingSystem: "latn" })
    .formatToParts(1.5)
    .find((part) => part.type === "decimal")?.value;
  const separators = number.replace(/\d/gu, "");
  const onlyOneShortTail = separators.length === 1 && /\D\d{1,2}$/u.test(number);
  if (separators === decimal || onlyOneShortTail) return Number(number.replace(/\D/gu, "."));
  return Number(number.replace(/\D/gu, ""));
}

/**
 * @param {string} text what the page shows; blank means nobody
 * @param {string} [locale] the page's language, BCP 47
 * @returns {number | null} null where the notation isn't understood or the number can't be true
 */
export function countFrom(text, locale = "en") {
  const plain = withAsciiDigits(text).trim();
  if (plain === "") return 0;
  const match = /^(\d[\d.,'’٬٫\s]*?)\s*(\p{L}[\p{L}\p{M}.॰\s]*)?\+?$/u.exec(plain);
  if (!match) return null;
  const number = match[1].trim();
  let count;
  if (match[2] === undefined) {
    count = Number(number.replace(/\D/gu, ""));
  } else {
    const key = suffixKey(match[2]);
    const factor = suffixesOf(locale).get(key) ?? suffixesOf("en").get(key);
    if (factor === undefined) return null;
    count = Math.round(shortenedNumber(number, locale) * factor);
  }
  return count <= MOST ? count : null;
}

/**
 * @param {string} text a heading such as "1,240 Comments" or "コメント 1,240 件"
 * @param {string} [locale]
 * @returns {number | null} null where it holds no number
 */
export function countInside(text, locale = "en") {
  const plain = withAsciiDigits(text).trim();
  const whole = countFrom(plain, locale);
  if (whole !== null) return plain === "" ? null : whole;
  const number = /\d(?:[\d.,'’٬]|\s(?=\d))*/u.exec(plain)?.[0];
  if (number === undefined) return null;
  const rest = plain.slice(plain.indexOf(number) + number.length).trim();
  const [next] = rest.split(/\s+/u);
  return (next ? countFrom(`${number} ${next}`, locale) : null) ?? countFrom(number, locale);
}
