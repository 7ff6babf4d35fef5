// Has the page's comments read: injects the collector into the tab, listens to it and keeps each comment once.
// Knows the messages; doesn't know what is shown meanwhile.

import { videoIdIn } from "../youtube/address.js";

/** @typedef {import("../youtube/comment.js").FoundComment} FoundComment */
/** @typedef {import("../youtube/comment.js").Video} Video */
/** @typedef {import("../youtube/port.js").EndReason} EndReason */
/** @typedef {import("../youtube/port.js").PageMessage} PageMessage */
/**
 * @typedef {{
 *   video: Video, language: string, announced: string, reason: EndReason,
 *   found: Map<string, FoundComment>,
 * }} Reading
 */

const SCRIPTS = ["youtube/page.js", "youtube/collector.js"];

/** The tab went on to another address; what was read is of no use any more. */
export class Moved extends Error {}

/**
 * @returns {Promise<{ id: number, videoId: string | null } | null>} null where there is no tab to look at
 */
export async function watchedTab() {
  const asked = new URLSearchParams(location.search).get("tab");
  const tab = asked
    ? await chrome.tabs.get(Number(asked)).catch(() => undefined)
    : (await chrome.tabs.query({ active: true, currentWindow: true }))[0];
  return tab?.id === undefined ? null : { id: tab.id, videoId: videoIdIn(tab.url) };
}

/**
 * @param {{ id: number, videoId: string }} tab
 * @param {{ limit: number, openReplies: boolean }} wishes
 * @param {{ progress: (read: number, announced: string, language: string) => void, moved: () => void }} tell
 *   moved is told once the reading is over, too, as long as the popup is open
 * @returns {Promise<{ finished: Promise<Reading>, stop: () => void, leave: () => void }>}
 */
export async function read(tab, wishes, tell) {
  await chrome.scripting.executeScript({ target: { tabId: tab.id }, files: SCRIPTS });
  const port = chrome.tabs.connect(tab.id, { frameId: 0 });
  /** @type {Omit<Reading, "reason">} */
  const reading = { video: { id: tab.videoId }, language: "en", announced: "", found: new Map() };

  /** @type {Promise<Reading>} */
  const finished = new Promise((resolve, reject) => {
    const left = () => {
      reject(new Moved());
      tell.moved();
    };
    port.onDisconnect.addListener(left);
    port.onMessage.addListener((/** @type {PageMessage} */ message) => {
      if (message.kind === "moved") return left();
      if (message.videoId !== tab.videoId) return undefined;
      if (message.kind === "failed") return reject(new Error(message.error));
      reading.announced = message.announced;
      if (message.kind === "finished") return resolve({ ...reading, reason: message.reason });
      reading.video = message.video;
      reading.language = message.language;
      for (const comment of message.comments) reading.found.set(comment.id, comment);
      return tell.progress(reading.found.size, reading.announced, reading.language);
    });
  });
  finished.catch(() => undefined);
  port.postMessage({ kind: "collect", ...wishes });
  return {
    finished,
    stop: () => port.postMessage({ kind: "cancel" }),
    leave: () => port.disconnect(),
  };
}
