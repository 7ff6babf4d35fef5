// The words people read, from _locales through chrome.i18n. Knows plurals; doesn't know who shows what.

const plurals = new Intl.PluralRules(chrome.i18n.getUILanguage());

/**
 * @param {string} name of a message in _locales
 * @param {...(string | number)} values for $1, $2 ...
 */
export function text(name, ...values) {
  return chrome.i18n.getMessage(name, values.map(String)) || name;
}

/**
 * A message that has one wording for each plural form, `name_one` and `name_other` in English.
 *
 * @param {string} name
 * @param {number} count decides the form; isn't inserted by itself
 * @param {...(string | number)} values
 */
export function plural(name, count, ...values) {
  const exact = `${name}_${plurals.select(count)}`;
  return chrome.i18n.getMessage(exact, values.map(String)) || text(`${name}_other`, ...values);
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
