// Where the backend is: what counts as an address and which permission Chrome wants for it. Knows no HTTP.

export const DEFAULT_ADDRESS = "http://127.0.0.1:8000";

/** Hosts that the manifest already allows, over plain HTTP. */
const ALLOWED_HOSTS = new Set(["127.0.0.1", "localhost"]);

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

/**
 * @param {string} address
 * @returns {string | null} the match pattern Chrome must be asked for; null where the manifest suffices
 */
export function permissionFor(address) {
  const { protocol, hostname } = new URL(address);
  if (protocol === "http:" && ALLOWED_HOSTS.has(hostname)) return null;
  return `${protocol}//${hostname}/*`;
}
