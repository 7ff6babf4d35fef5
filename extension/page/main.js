// The extension inside YouTube's page: one session for the video that is shown, the views that look at it, and the
// signs beside the comments. Knows ports and what is said over them; reading and analysing are the session's.

import { videoIn } from "../youtube/address.js";
import { onNavigation } from "../youtube/navigation.js";
import { PORT } from "../session/port.js";
import { Marks } from "./marks.js";
import { PageSession } from "./session.js";

/** @typedef {import("../session/types.js").PageMessage} PageMessage */
/** @typedef {import("../session/types.js").ViewMessage} ViewMessage */

/** Messages of Chrome are copied whole; more at once would hold the page up. */
const COMMENTS_IN_A_MESSAGE = 500;

/** @type {Set<chrome.runtime.Port>} */
const views = new Set();
/** @type {PageSession | null} */
let session = sessionOfPage();

function sessionOfPage() {
  const video = videoIn(location.href);
  return video && new PageSession(video, tellAll);
}

const marks = new Marks(() => session);

/** @param {PageMessage} message */
function tellAll(message) {
  if (message.kind === "labels" || "changes" in message) marks.refresh();
  for (const view of views) view.postMessage(message);
}

/**
 * @param {chrome.runtime.Port} view
 * @param {PageSession} shown
 */
function sendWhole(view, { facts, comments, labels }) {
  const entries = Object.entries(labels);
  view.postMessage({ kind: "session", facts, comments: comments.length, labels: entries.length });
  for (let at = 0; at < comments.length; at += COMMENTS_IN_A_MESSAGE) {
    view.postMessage({ kind: "comments", comments: comments.slice(at, at + COMMENTS_IN_A_MESSAGE) });
  }
  for (let at = 0; at < entries.length; at += COMMENTS_IN_A_MESSAGE) {
    view.postMessage({ kind: "labels", labels: Object.fromEntries(entries.slice(at, at + COMMENTS_IN_A_MESSAGE)) });
  }
}

/** @param {chrome.runtime.Port} view */
function serve(view) {
  if (view.name !== PORT) return;
  views.add(view);
  view.onDisconnect.addListener(() => views.delete(view));
  view.onMessage.addListener((/** @type {ViewMessage} */ message) => {
    if (message.kind === "read") session?.read(message.wishes, message.again ?? false);
    if (message.kind === "stop") session?.stop();
    if (message.kind === "correct") session?.correct(message.id, message.label);
  });
  if (session) sendWhole(view, session);
  else view.postMessage({ kind: "moved", videoId: null });
}

function follow() {
  if (videoIn(location.href)?.id === session?.videoId) return;
  session?.end();
  session = sessionOfPage();
  tellAll({ kind: "moved", videoId: session?.videoId ?? null });
  if (session) for (const view of views) sendWhole(view, session);
  marks.refresh();
}

chrome.runtime.onConnect.addListener(serve);
onNavigation(follow);
void marks.start();
