// Addresses of YouTube's pages. Doesn't look into a page.

const SITE = "https://www.youtube.com";

/**
 * @param {string | undefined} address of a tab
 * @returns {string | null} the id of the video it shows; null where it isn't a watch page
 */
export function videoIdIn(address) {
  if (!address || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.origin !== SITE || url.pathname !== "/watch") return null;
  return url.searchParams.get("v") || null;
}

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
  const url = new URL(videoAddress(videoId));
  url.searchParams.set("lc", commentId);
  return url.href;
}
