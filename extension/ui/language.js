// Which language the interface speaks: the chosen one, else the browser's. Fetches the words that Chrome doesn't
// have at hand, since chrome.i18n can't be told to switch. The creator's page has no chrome; its words are English.
// A service worker can't wait while it loads, so none may import this.

import { formatTag, isLocale, localeFor, tagOf } from "./locales.js";

/** @typedef {import("./catalogue.js").Catalogue} Catalogue */
/** @typedef {import("./locales.js").Locale} Locale */
/**
 * @typedef {{ words: Catalogue | null, tag: string, formats: string }} Language
 *   words are null where Chrome has them; tag names the language of the words, formats that of numbers and dates
 */

const CATALOGUES = new URL("../_locales/", import.meta.url);
const inExtension = globalThis.chrome?.i18n !== undefined;
const inPage = globalThis.document !== undefined;
const preferred = globalThis.navigator?.languages ?? [];

/**
 * @param {Locale} locale
 * @param {string} known tag of the language whose words Chrome has
 * @returns {Promise<Language>}
 */
async function languageOf(locale, known) {
  const tag = tagOf(locale);
  const words = tag === known ? null : await (await fetch(new URL(`${locale}/messages.json`, CATALOGUES))).json();
  return { words, tag, formats: formatTag(locale, preferred) };
}

/** @type {Language} */
export let language = { words: null, tag: "en", formats: formatTag("en", preferred) };

/** @param {Locale | ""} choice empty for the browser's language */
export async function speak(choice) {
  const locale = choice || localeFor(chrome.i18n.getUILanguage()) || "en";
  language = await languageOf(locale, chrome.i18n.getMessage("language"));
}

if (inExtension) {
  // This setting alone: YouTube's page, where this runs too, has no use for a token.
  const { interfaceLanguage } = await chrome.storage.sync.get("interfaceLanguage");
  await speak(isLocale(interfaceLanguage) ? interfaceLanguage : "");
} else if (inPage) language = await languageOf("en", "");
