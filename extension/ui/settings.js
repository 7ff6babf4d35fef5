// What the person chose: one table of settings with their defaults and where each is kept. The token stays on
// this computer, since what is in chrome.storage.sync travels to Google's servers.

import { backendAddress, DEFAULT_ADDRESS } from "../backend/address.js";
import { MOST_COMMENTS } from "../backend/request.js";

/** @typedef {{ address: string, token: string, limit: number, openReplies: boolean }} Settings */

export const FEWEST_COMMENTS = 20;

/** @type {Settings} */
const DEFAULTS = { address: DEFAULT_ADDRESS, token: "", limit: 500, openReplies: true };

/**
 * @param {unknown} limit
 * @returns {boolean}
 */
export function isLimit(limit) {
  return Number.isInteger(limit) && Number(limit) >= FEWEST_COMMENTS && Number(limit) <= MOST_COMMENTS;
}

/**
 * What is stored may be of an older version or of another computer, so each value is checked by itself.
 *
 * @param {Record<string, unknown>} stored
 * @returns {Settings}
 */
export function settingsFrom({ address, token, limit, openReplies }) {
  return {
    address: (typeof address === "string" && backendAddress(address)) || DEFAULTS.address,
    token: typeof token === "string" ? token : DEFAULTS.token,
    limit: isLimit(limit) ? Number(limit) : DEFAULTS.limit,
    openReplies: typeof openReplies === "boolean" ? openReplies : DEFAULTS.openReplies,
  };
}

/** @returns {Promise<Settings>} */
export async function loadSettings() {
  const [synced, local] = await Promise.all([
    chrome.storage.sync.get(["address", "limit", "openReplies"]),
    chrome.storage.local.get("token"),
  ]);
  return settingsFrom({ ...synced, ...local });
}

/** @param {Settings} settings */
export async function saveSettings({ token, ...synced }) {
  await Promise.all([chrome.storage.sync.set(synced), chrome.storage.local.set({ token })]);
}
