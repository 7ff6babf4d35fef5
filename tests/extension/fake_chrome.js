// Just enough of chrome.* for the modules that read messages or settings, with the real English messages.

import { readFileSync } from "node:fs";

const EXTENSION = new URL("../../extension/", import.meta.url);
const messages = JSON.parse(readFileSync(new URL("_locales/en/messages.json", EXTENSION), "utf8"));

/** @param {Record<string, unknown>} stored */
function area(stored) {
  return {
    get: async (/** @type {string | string[]} */ names) =>
      Object.fromEntries([names].flat().filter((name) => name in stored).map((name) => [name, stored[name]])),
    set: async (/** @type {Record<string, unknown>} */ values) => void Object.assign(stored, values),
  };
}

/** @returns {{ sync: Record<string, unknown>, local: Record<string, unknown> }} what is stored */
export function installChrome() {
  const stored = { sync: {}, local: {} };
  // Node's own fetches no files, Chrome's does so in the package.
  globalThis.fetch = /** @type {any} */ (async (/** @type {URL} */ address) => new Response(readFileSync(address)));
  globalThis.chrome = /** @type {any} */ ({
    i18n: {
      getUILanguage: () => "en-US",
      getMessage(/** @type {string} */ name, /** @type {string[]} */ values = []) {
        const { message = "", placeholders = {} } = messages[name] ?? {};
        return message.replace(/\$(\w+)\$/gu, (/** @type {string} */ _, /** @type {string} */ key) =>
          values[Number(placeholders[key.toLowerCase()].content.slice(1)) - 1],
        );
      },
    },
    storage: { sync: area(stored.sync), local: area(stored.local) },
  });
  return stored;
}
