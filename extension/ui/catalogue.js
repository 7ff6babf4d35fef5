// What a message says with its values in it, as chrome.i18n would say it. Knows the format of messages.json;
// doesn't know where one comes from.

/** @typedef {{ message: string, placeholders?: Record<string, { content: string }> }} Message */
/** @typedef {Record<string, Message>} Catalogue */

const PARTS = /\$(?:(\$+)|(\d)|([A-Za-z0-9_@]+)\$)/gu;

/**
 * @param {Catalogue} catalogue
 * @param {string} name
 * @param {readonly string[]} values for $1, $2 ...
 * @returns {string} empty where there is no such message
 */
export function worded(catalogue, name, values) {
  if (!Object.hasOwn(catalogue, name)) return "";
  const { message, placeholders = {} } = catalogue[name];
  const numbered = (/** @type {string} */ digit) => values[Number(digit) - 1] ?? "";
  return message.replace(PARTS, (whole, dollars, digit, placeholder) => {
    if (dollars) return dollars;
    if (digit) return numbered(digit);
    const content = placeholders[placeholder.toLowerCase()]?.content;
    return content === undefined ? whole : content.replace(/\$(\d)/gu, (_, inner) => numbered(inner));
  });
}
