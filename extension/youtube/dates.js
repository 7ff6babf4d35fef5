// Relative dates as YouTube prints them ("2 weeks ago (edited)", "vor 4 Jahren") as the span of time they can
// mean. Words come from Intl for the page's language. Doesn't know the clock; it is passed in.

import { withAsciiDigits } from "./digits.js";

/** @typedef {"second" | "minute" | "hour" | "day" | "week" | "month" | "year"} Unit */
/** @typedef {{ unit: Unit, amount: number }} Age */
/** @typedef {{ published_at: string, published_at_width: number }} Published */

/** @type {Record<Unit, { seconds: number, most: number }>} */
const UNITS = {
  second: { seconds: 1, most: 59 },
  minute: { seconds: 60, most: 59 },
  hour: { seconds: 3_600, most: 23 },
  day: { seconds: 86_400, most: 30 },
  week: { seconds: 604_800, most: 5 },
  month: { seconds: 2_629_800, most: 12 },
  year: { seconds: 31_557_600, most: 40 },
};
const UNIT_NAMES = /** @type {Unit[]} */ (Object.keys(UNITS));
const FIRST_VIDEO = Date.UTC(2005, 3, 23);
const EDITED = /\s*[(（][^()（）]*[)）]\s*$/u;

/** @type {Map<string, Map<string, Age>>} */
const sentencesByLocale = new Map();
/** @type {Map<string, Map<string, Unit | null>>} */
const vocabularyByLocale = new Map();

/** @param {string} text */
function normalised(text) {
  return withAsciiDigits(text).toLowerCase().replace(/[\u200e\u200f]/gu, "").replace(/\s+/gu, " ").trim();
}

/**
 * Every sentence in which Intl tells an age in this language.
 *
 * @param {string} locale
 * @returns {Map<string, Age>}
 */
function sentencesOf(locale) {
  const known = sentencesByLocale.get(locale);
  if (known) return known;
  /** @type {Map<string, Age>} */
  const sentences = new Map();
  for (const style of /** @type {const} */ (["long", "short", "narrow"])) {
    for (const numeric of /** @type {const} */ (["always", "auto"])) {
      const format = new Intl.RelativeTimeFormat(locale, { style, numeric });
      for (const unit of UNIT_NAMES) {
        for (let amount = unit === "second" ? 0 : 1; amount <= UNITS[unit].most; amount += 1) {
          const sentence = normalised(format.format(-amount, unit));
          if (!sentences.has(sentence)) sentences.set(sentence, { unit, amount });
        }
      }
    }
  }
  sentencesByLocale.set(locale, sentences);
  return sentences;
}

/** @param {string} text */
const wordsIn = (text) => text.replace(/[\d().]+/gu, " ").split(" ").filter(Boolean);

/**
 * The words this language uses for ages: those that name exactly one unit ("hours") with it, the others ("ago")
 * with null.
 *
 * @param {string} locale
 * @returns {Map<string, Unit | null>}
 */
function vocabularyOf(locale) {
  const known = vocabularyByLocale.get(locale);
  if (known) return known;
  /** @type {Map<string, Unit | null>} */
  const vocabulary = new Map();
  /** @type {(sentence: string, unit: Unit) => void} */
  const learn = (sentence, unit) => {
    for (const word of wordsIn(sentence)) {
      const ambiguous = word.length === 1 || (vocabulary.get(word) ?? unit) !== unit;
      vocabulary.set(word, ambiguous || vocabulary.get(word) === null ? null : unit);
    }
  };
  for (const unit of UNIT_NAMES) {
    const plain = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" });
    for (const amount of [1, 2, 3, 5, 11, 20, 21]) learn(normalised(plain.format(amount)), unit);
  }
  for (const [sentence, { unit }] of sentencesOf(locale)) learn(sentence, unit);
  vocabularyByLocale.set(locale, vocabulary);
  return vocabulary;
}

/**
 * An age whose sentence Intl words otherwise, read from its number and the name of its unit. Without a number
 * ("a week ago") every word must be known, since an unknown one may be the unit that is meant.
 *
 * @param {string} sentence normalised
 * @param {string} locale
 * @returns {Age | null} null unless exactly one unit is named
 */
function ageFromWords(sentence, locale) {
  const numbers = sentence.match(/\d+/gu) ?? [];
  const vocabulary = vocabularyOf(locale);
  const words = wordsIn(sentence);
  const allKnown = words.every((word) => vocabulary.has(word));
  if (numbers.length > 1 || (numbers.length === 0 && !allKnown)) return null;
  const units = new Set(words.map((word) => vocabulary.get(word) ?? null));
  units.delete(null);
  const [unit] = units;
  if (units.size !== 1 || !unit) return null;
  const amount = Number(numbers[0] ?? 1);
  return amount <= UNITS[unit].most ? { unit, amount } : null;
}

/**
 * @param {string} language
 * @returns {string} a locale Intl accepts
 */
function supportedLocale(language) {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? "en";
  } catch {
    return "en";
  }
}

/** @param {string} text a comment's date as shown */
export function isEdited(text) {
  return EDITED.test(text.normalize("NFKC"));
}

/**
 * @param {string} text a comment's date as shown
 * @param {string} [language] the page's language
 * @returns {Age | null} null where the text isn't understood
 */
export function ageFrom(text, language = "en") {
  const sentence = normalised(text.normalize("NFKC").replace(EDITED, ""));
  if (sentence === "") return null;
  const locales = [supportedLocale(language), "en"];
  for (const locale of locales) {
    const age = sentencesOf(locale).get(sentence);
    if (age) return age;
  }
  for (const locale of locales) {
    const age = ageFromWords(sentence, locale);
    if (age) return age;
  }
  return null;
}

/**
 * YouTube rounds down: "2 weeks ago" is any moment from two to three weeks back. The date given is the middle
 * of that span, the width is the whole span. Nothing was written before YouTube's first video.
 *
 * @param {string} text a comment's date as shown
 * @param {string} language the page's language
 * @param {number} now milliseconds since 1970
 * @returns {Published | null}
 */
export function publishedFrom(text, language, now) {
  const age = ageFrom(text, language);
  if (!age) return null;
  const { seconds } = UNITS[age.unit];
  const middle = now - (age.amount + 0.5) * seconds * 1000;
  if (middle + seconds * 500 < FIRST_VIDEO) return null;
  const moment = new Date(Math.max(middle, FIRST_VIDEO));
  return { published_at: moment.toISOString(), published_at_width: seconds };
}
