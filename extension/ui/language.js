// Which language the interface speaks: the chosen one, else the browser's. Fetches the words that Chrome doesn't
// have at hand, since chrome.i18n can't be told to switch. The creator's page has no chrome; it follows the browser.
// A service worker can't wait while it loads, so none may import this.

import { formatTag, localeFor, tagOf } from "./locales.js";
import { loadSettings } from "./settings.js";

/** @typedef {import("./catalogue.js").Catalogue} Catalogue */
/** @typedef {import("./locales.js").Locale} Locale */
/**
 * @typedef {{ words: Catalogue | null, tag: string, formats: string }} Language
 *   words are null where Chrome has them; tag names the language of the words, formats that of numbers and dates
 */

const inExtension = globalThis.chrome?.i18n !== undefined;
const preferred = globalThis.navigator?.languages ?? [];

/**
 * @param {Locale} locale
 * @returns {Promise<Catalogue>}
 */
async function wordsOf(locale) {
  const response = await fetch(chrome.runtime.getURL(`_locales/${locale}/messages.json`));
  return response.json();
}

/**
 * @param {Locale | ""} choice empty for the browser's language
 * @returns {Promise<Language>}
 */
async function languageFor(choice) {
  const locale = choice || localeFor(chrome.i18n.getUILanguage()) || "en";
  const tag = tagOf(locale);
  const known = chrome.i18n.getMessage("language") === tag;
  return { words: known ? null : await wordsOf(locale), tag, formats: formatTag(locale, preferred) };
}

/** @type {Language} */
export let language = { words: null, tag: "en", formats: preferred[0] ?? "en" };

/** @param {Locale | ""} choice empty for the browser's language */
export async function speak(choice) {
  language = await languageFor(choice);
}

if (inExtension) await speak((await loadSettings()).interfaceLanguage);
