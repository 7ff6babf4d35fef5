// The words people read, from _locales, in the language of the interface. Knows plurals; doesn't know who shows
// what.

import { worded } from "./catalogue.js";
import { language } from "./language.js";

/**
 * @param {string} name
 * @param {(string | number)[]} values
 * @returns {string} empty where no such message exists
 */
function found(name, values) {
  const given = values.map(String);
  const said = language.words && worded(language.words, name, given);
  return said || (globalThis.chrome?.i18n?.getMessage(name, given) ?? "");
}

/**
 * @param {string} name of a message in _locales
 * @param {...(string | number)} values for $1, $2 ...
 */
export function text(name, ...values) {
  return found(name, values) || name;
}

/**
 * A message that has one wording for each plural form of the language, `name_one` and `name_other` in English.
 *
 * @param {string} name
 * @param {number} count decides the form; isn't inserted by itself
 * @param {...(string | number)} values
 */
export function plural(name, count, ...values) {
  const form = new Intl.PluralRules(language.tag).select(count);
  return found(`${name}_${form}`, values) || text(`${name}_other`, ...values);
}

/**
 * Fills a page's fixed words: `data-text` names the message of an element's content, `data-label` that of its
 * accessible name.
 *
 * @param {Document} page
 */
export function fillWords(page) {
  page.documentElement.lang = text("language");
  for (const element of page.querySelectorAll("[data-text]")) {
    element.textContent = text(element.getAttribute("data-text") ?? "");
  }
  for (const element of page.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.getAttribute("data-label") ?? ""));
  }
}
