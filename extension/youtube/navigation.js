// When YouTube leaves a video and shows another in the same page. Knows its events; what is shown is told by the address.

/**
 * @param {() => void} listener
 */
export function onNavigation(listener) {
  document.addEventListener("yt-navigate-finish", listener);
}

/**
 * @param {() => void} listener
 */
export function onLeaving(listener) {
  document.addEventListener("yt-navigate-start", listener);
}
