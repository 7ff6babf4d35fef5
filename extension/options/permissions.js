// What Chrome is asked for so that a backend elsewhere can be reached, and what is given back when it moved. Knows
// only addresses; the rest of the permissions are the manifest's.

import { permissionFor } from "../backend/address.js";

/**
 * Chrome only asks while it handles a click, so nothing may be awaited before this.
 *
 * @param {string} address
 * @returns {Promise<boolean>} whether it was allowed; asks nobody where it is already
 */
export async function askFor(address) {
  const pattern = permissionFor(address);
  return pattern === null || chrome.permissions.request({ origins: [pattern] });
}

/** @param {string} address of the one backend that is still wanted */
export async function giveBackAllBut(address) {
  const { origins = [] } = await chrome.permissions.getAll();
  const { host_permissions: required = [], content_scripts: scripts = [] } = chrome.runtime.getManifest();
  const kept = [...required, ...scripts.flatMap(({ matches = [] }) => matches), permissionFor(address)];
  const needless = origins.filter((origin) => !kept.includes(origin));
  if (needless.length > 0) await chrome.permissions.remove({ origins: needless });
}
