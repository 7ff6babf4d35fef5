// The extension inside YouTube's page: one session and one chat for the video that is shown, the views that look at
// them, and what is added to the page. Knows ports and what is said over them; reading and analysing are others'.

import { videoIn } from "../youtube/address.js";
import { insideOf } from "../youtube/chat_frame.js";
import { video } from "../youtube/page.js";
import { onLeaving, onNavigation } from "../youtube/navigation.js";
import { PORT } from "../session/port.js";
import { Additions } from "./additions.js";
import { PageChat } from "./chat.js";
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
  const shown = videoIn(location.href);
  return shown && new PageSession(shown, tellAll);
}

/** Of which video the chat was that stayed in its frame when that was left. @type {WeakMap<Document, string>} */
const leftChats = new WeakMap();
let chat = chatOfPage();

function chatOfPage() {
  const id = session?.videoId;
  return new PageChat({
    tell: (facts) => tellAll({ kind: "chat", chat: facts }),
    watched: () => views.size > 0,
    title: () => (id && video(document, id).title) ?? "",
    isOther: (inside) => (leftChats.get(inside) ?? id) !== id,
  });
}

function leave() {
  const inside = insideOf(document);
  if (inside && session && !leftChats.has(inside)) leftChats.set(inside, session.videoId);
}

const additions = new Additions(() => session);

/** @param {PageMessage} message */
function tellAll(message) {
  if (message.kind === "labels" || "changes" in message) additions.refresh();
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
    if (message.kind === "chat") chat[message.act]();
    if (message.kind === "correct") session?.correct(message.id, message.label);
  });
  chat.watch();
  view.postMessage({ kind: "chat", chat: chat.facts });
  if (session) sendWhole(view, session);
  else view.postMessage({ kind: "moved", videoId: null });
}

function follow() {
  if (videoIn(location.href)?.id === session?.videoId) return;
  session?.end();
  session = sessionOfPage();
  chat.end();
  chat = chatOfPage();
  tellAll({ kind: "moved", videoId: session?.videoId ?? null });
  if (views.size > 0) chat.watch();
  tellAll({ kind: "chat", chat: chat.facts });
  if (session) for (const view of views) sendWhole(view, session);
  additions.moved();
}

chrome.runtime.onConnect.addListener(serve);
onLeaving(leave);
onNavigation(follow);
void additions.start();
