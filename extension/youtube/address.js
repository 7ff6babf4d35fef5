// Addresses of YouTube's pages. Doesn't look into a page.

const SITE = "https://www.youtube.com";

/** @param {string | undefined} address of a tab */
export const isYouTube = (address) =>
  address !== undefined && URL.canParse(address) && new URL(address).origin === SITE;

/** @typedef {"watch" | "shorts"} Kind of page that a video is shown on */

/**
 * @param {string | undefined} address of a tab
 * @returns {{ id: string, kind: Kind } | null} the video it shows; null where it shows none
 */
export function videoIn(address) {
  if (!address || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.origin !== SITE) return null;
  const short = /^\/shorts\/([\w-]+)/u.exec(url.pathname)?.[1];
  if (short) return { id: short, kind: "shorts" };
  const live = /^\/live\/([\w-]+)/u.exec(url.pathname)?.[1];
  const id = url.pathname === "/watch" ? url.searchParams.get("v") : live;
  return id ? { id, kind: "watch" } : null;
}

/** @param {string | undefined} address of a tab */
export const videoIdIn = (address) => videoIn(address)?.id ?? null;

/** @param {string} videoId */
export function videoAddress(videoId) {
  const url = new URL("/watch", SITE);
  url.searchParams.set("v", videoId);
  return url.href;
}

/**
 * @param {string} videoId
 * @param {string} commentId
 * @returns {string} opens the video with this comment on top
 */
export function commentAddress(videoId, commentId) {
  const url = new URL("/watch", SITE);
  url.searchParams.set("v", videoId);
  url.searchParams.set("lc", commentId);
  return url.href;
}
