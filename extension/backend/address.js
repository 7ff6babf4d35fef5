// Where the backend is: what counts as an address and which permission Chrome wants for it. Knows no HTTP.

/** Hosts that the manifest already allows, over plain HTTP. */
const THIS_COMPUTER = new Set(["127.0.0.1", "localhost"]);
const START_COMMAND = "make serve";
const START_PORT = "8000";

export const DEFAULT_ADDRESS = `http://127.0.0.1:${START_PORT}`;

/**
 * @param {string} text what a person typed
 * @returns {string | null} the address without a slash at its end; null where it isn't one
 */
export function backendAddress(text) {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) return null;
  const url = new URL(trimmed);
  const plain = !url.username && !url.password && !url.search && !url.hash;
  if (!["http:", "https:"].includes(url.protocol) || !url.hostname || !plain) return null;
  return url.origin + url.pathname.replace(/\/+$/u, "");
}

/** @param {string} address */
export const isThisComputer = (address) => THIS_COMPUTER.has(new URL(address).hostname);

/**
 * @param {string} address
 * @returns {string | null} what to type so that the backend runs there; null where it isn't this computer's
 */
export function startCommand(address) {
  const { protocol, port } = new URL(address);
  if (protocol !== "http:" || !isThisComputer(address)) return null;
  return port === START_PORT ? START_COMMAND : `${START_COMMAND} PORT=${port || 80}`;
}

/**
 * @param {string} address
 * @returns {string | null} the match pattern Chrome must be asked for; null where the manifest suffices
 */
export function permissionFor(address) {
  const { protocol, hostname } = new URL(address);
  if (protocol === "http:" && THIS_COMPUTER.has(hostname)) return null;
  return `${protocol}//${hostname}/*`;
}
