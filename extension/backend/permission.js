// Whether Chrome lets the extension reach an address. Nothing is asked here: only a click may ask. Other pages than
// the extension's, such as the creator's, know no such permission.

import { permissionFor } from "./address.js";

/** @param {string} address */
export async function mayReach(address) {
  const pattern = globalThis.chrome?.permissions ? permissionFor(address) : null;
  return pattern === null || chrome.permissions.contains({ origins: [pattern] });
}
