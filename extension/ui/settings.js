// What the person chose: one table of settings with their defaults and where each is kept. The token stays on
// this computer, since what is in chrome.storage.sync travels to Google's servers.

import { backendAddress, DEFAULT_ADDRESS } from "../backend/address.js";
import { isLocale } from "./locales.js";

/** @typedef {import("./locales.js").Locale} Locale */
/** @typedef {(typeof ORDERS)[number]} Order */
/**
 * @typedef {{
 *   address: string, token: string, limit: number, order: Order, openReplies: boolean, marks: boolean,
 *   interfaceLanguage: Locale | "",
 * }} Settings
 *   limit: comments to read of a video; marks: whether comments are marked in YouTube's page;
 *   interfaceLanguage: empty for the browser's
 */

export const FEWEST_COMMENTS = 20;
export const MOST_COMMENTS = 10_000;
export const ORDERS = /** @type {const} */ (["top", "newest"]);

/** @type {Settings} */
const DEFAULTS = {
  address: DEFAULT_ADDRESS,
  token: "",
  limit: 1_000,
  order: "top",
  openReplies: true,
  marks: true,
  interfaceLanguage: "",
};
const LOCAL = ["token"];
const SYNCED = Object.keys(DEFAULTS).filter((name) => !LOCAL.includes(name));

/**
 * @param {unknown} limit
 * @returns {boolean}
 */
export function isLimit(limit) {
  return Number.isInteger(limit) && Number(limit) >= FEWEST_COMMENTS && Number(limit) <= MOST_COMMENTS;
}

/**
 * @template T
 * @param {unknown} stored
 * @param {T} otherwise
 * @returns {T}
 */
const ofSameType = (stored, otherwise) =>
  typeof stored === typeof otherwise ? /** @type {T} */ (stored) : otherwise;

/**
 * What is stored may be of an older version or of another computer, so each value is checked by itself.
 *
 * @param {Record<string, unknown>} stored
 * @returns {Settings}
 */
export function settingsFrom({ address, token, limit, order, openReplies, marks, interfaceLanguage }) {
  return {
    address: (typeof address === "string" && backendAddress(address)) || DEFAULTS.address,
    token: ofSameType(token, DEFAULTS.token),
    limit: isLimit(limit) ? Number(limit) : DEFAULTS.limit,
    order: ORDERS.find((known) => known === order) ?? DEFAULTS.order,
    openReplies: ofSameType(openReplies, DEFAULTS.openReplies),
    marks: ofSameType(marks, DEFAULTS.marks),
    interfaceLanguage: isLocale(interfaceLanguage) ? interfaceLanguage : DEFAULTS.interfaceLanguage,
  };
}

/** @returns {Promise<Settings>} */
export async function loadSettings() {
  const [synced, local] = await Promise.all([
    chrome.storage.sync.get(SYNCED),
    chrome.storage.local.get(LOCAL),
  ]);
  return settingsFrom({ ...synced, ...local });
}

/** @param {Settings} settings */
export async function saveSettings({ token, ...synced }) {
  await Promise.all([chrome.storage.sync.set(synced), chrome.storage.local.set({ token })]);
}
