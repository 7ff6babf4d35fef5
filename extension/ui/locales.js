// The languages that the interface is written in, by their folders in _locales. Knows no words and nothing of what
// was chosen.

export const LOCALES = /** @type {const} */ (["de", "en", "es", "fr", "hi", "ja", "pt_BR"]);

/** @typedef {(typeof LOCALES)[number]} Locale */

/**
 * @param {unknown} value
 * @returns {value is Locale}
 */
export const isLocale = (value) => LOCALES.some((locale) => locale === value);

/**
 * @param {string} locale folder in _locales
 * @returns {string} what Intl and the attribute `lang` call it
 */
export const tagOf = (locale) => locale.replace("_", "-");

/** @param {string} tag */
const languageIn = (tag) => new Intl.Locale(tag).language;

/**
 * @param {string} tag e.g. "pt-PT"
 * @returns {Locale | undefined} the one of the same language, wherever it is spoken
 */
export const localeFor = (tag) => LOCALES.find((locale) => languageIn(tagOf(locale)) === languageIn(tag));

/**
 * @param {Locale} locale
 * @param {readonly string[]} preferred what the person's browser prefers, best first
 * @returns {string} how numbers and dates are written: as the person does where their browser speaks the language
 */
export const formatTag = (locale, preferred) =>
  preferred.find((tag) => languageIn(tag) === languageIn(tagOf(locale))) ?? tagOf(locale);

/** @param {Locale} locale */
export function nameOfLocale(locale) {
  const tag = tagOf(locale);
  const name = new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
