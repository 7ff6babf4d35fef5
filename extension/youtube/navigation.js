// When YouTube shows another video in the same page. Knows its event; what is shown is told by the address.

/**
 * @param {() => void} listener
 */
export function onNavigation(listener) {
  document.addEventListener("yt-navigate-finish", listener);
}
