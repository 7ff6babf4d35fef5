// `node release/translations.js`: what is not translated yet, as JSON, in the English words. With the name of such a
// file, its words replaced by translations: takes them in. Knows the catalogues in extension/_locales and which plural
// forms a language has; the words come from people.

import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { LOCALES, tagOf } from "../extension/ui/locales.js";

/** @typedef {import("../extension/ui/catalogue.js").Catalogue} Catalogue */
/** @typedef {Record<string, Record<string, string>>} Translations by locale, then by name of the message */

const FOLDER = new URL("../extension/_locales/", import.meta.url);
const SOURCE = "en";
const PLURAL = /^(.+)_(one|other)$/u;

export const TRANSLATED = LOCALES.filter((locale) => locale !== SOURCE);

/** @param {string} locale */
const fileOf = (locale) => new URL(`${locale}/messages.json`, FOLDER);

/**
 * @param {string} locale
 * @returns {Catalogue}
 */
export const catalogueOf = (locale) => JSON.parse(readFileSync(fileOf(locale), "utf8"));

/** @param {string} locale */
export const formsOf = (locale) => new Intl.PluralRules(tagOf(locale)).resolvedOptions().pluralCategories;

/**
 * The names that a locale's catalogue must have, each with the English message that it says: of one with plural
 * forms, as many as the language has.
 *
 * @param {string} locale
 * @param {Catalogue} english
 * @returns {Map<string, import("../extension/ui/catalogue.js").Message>}
 */
export function wanted(locale, english) {
  const forms = formsOf(locale);
  return new Map(
    Object.entries(english).flatMap(([name, message]) => {
      const [, base, form] = PLURAL.exec(name) ?? [];
      if (form === "one") return forms.includes("one") ? [[name, message]] : [];
      if (form !== "other") return [[name, message]];
      return forms
        .filter((each) => each !== "one")
        .map((each) => /** @type {[string, typeof message]} */ ([`${base}_${each}`, message]));
    }),
  );
}

/** @returns {Translations} the English words of what each locale lacks */
export function missing() {
  const english = catalogueOf(SOURCE);
  /** @type {Translations} */
  const lacking = {};
  for (const locale of TRANSLATED) {
    const present = catalogueOf(locale);
    for (const [name, { message }] of wanted(locale, english)) {
      if (!(name in present)) (lacking[locale] ??= {})[name] = message;
    }
  }
  return lacking;
}

/**
 * @param {string} locale
 * @param {Record<string, string>} [words] new ones, by name of the message
 * @returns {string} the catalogue's file: in the order of the English one, with its placeholders
 */
export function written(locale, words = {}) {
  const english = catalogueOf(SOURCE);
  const present = catalogueOf(locale);
  /** @type {Catalogue} */
  const catalogue = {};
  for (const [name, message] of wanted(locale, english)) {
    const said = words[name] ?? present[name]?.message;
    if (said !== undefined) catalogue[name] = { ...message, message: said };
  }
  return `${JSON.stringify(catalogue, null, 2)}\n`;
}

/** @param {Translations} translations */
function take(translations) {
  const english = catalogueOf(SOURCE);
  for (const [locale, words] of Object.entries(translations)) {
    if (!TRANSLATED.some((known) => known === locale)) throw new Error(`no locale is called ${locale}`);
    const names = wanted(locale, english);
    const unknown = Object.keys(words).filter((name) => !names.has(name));
    if (unknown.length > 0) throw new Error(`${locale} needs no ${unknown.join(", ")}`);
    writeFileSync(fileOf(locale), written(locale, words));
  }
}

const [, started, file] = process.argv;
if (started && realpathSync(started) === fileURLToPath(import.meta.url)) {
  if (file) take(JSON.parse(readFileSync(file, "utf8")));
  else console.log(JSON.stringify(missing(), null, 2));
}
