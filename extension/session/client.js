// A view's side of a session: brings the extension into the tab where it isn't yet, connects, and keeps a copy of
// the session that follows the page's. Doesn't know what a view shows of it.

import { PORT } from "./port.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").Chat} Chat */
/** @typedef {import("./types.js").PageMessage} PageMessage */
/** @typedef {import("./types.js").ViewMessage} ViewMessage */
/** @typedef {import("./types.js").Wishes} Wishes */
/**
 * What a listener is told has changed; the session has changed already. `session` comes once it is there whole,
 * `lost` when the tab is gone or loads another page, `failed` when it can't be reached at all.
 *
 * @typedef {"session" | "facts" | "comments" | "labels" | "chat" | "moved" | "lost" | "failed"} What
 */

const START = "page/start.js";

export class SessionClient {
  /** @type {Session | null} null until it has come whole, and where the tab shows no video */
  session = null;
  /** @type {Chat | null} null until the page has told */
  chat = null;
  /** @type {unknown} why the tab can't be reached */
  error = null;
  /** @type {Session | null} */
  #coming = null;
  #missing = { comments: 0, labels: 0 };
  /** @type {Set<(what: What) => void>} */
  #listeners = new Set();
  #closed = false;
  /** @type {Promise<chrome.runtime.Port | null>} */
  #port;

  /** @param {number} tabId */
  constructor(tabId) {
    this.#port = this.#connected(tabId).catch((error) => {
      this.error = error;
      this.#tell("failed");
      return null;
    });
  }

  /**
   * @param {(what: What) => void} listener
   * @returns {() => void} takes it off again
   */
  onChange(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Has the comments read and analysed, or goes on with it; `again` starts over.
   *
   * @param {Wishes} wishes
   * @param {{ again?: boolean }} [how]
   */
  read(wishes, { again = false } = {}) {
    this.#send({ kind: "read", wishes, again });
  }

  stop() {
    this.#send({ kind: "stop" });
  }

  /** @param {"start" | "stop"} act start asks the backend again where it runs */
  chatMust(act) {
    this.#send({ kind: "chat", act });
  }

  /**
   * @param {string} id of a comment
   * @param {import("./types.js").Prediction["label"]} label that it should have
   */
  correct(id, label) {
    this.#send({ kind: "correct", id, label });
  }

  /** The page goes on by itself. */
  close() {
    this.#closed = true;
    void this.#port.then((port) => port?.disconnect());
  }

  /** @param {number} tabId */
  async #connected(tabId) {
    await chrome.scripting.executeScript({ target: { tabId }, files: [START] });
    const port = chrome.tabs.connect(tabId, { name: PORT, frameId: 0 });
    port.onMessage.addListener((message) => this.#hear(message));
    port.onDisconnect.addListener(() => {
      // Chrome complains unless the reason is looked at; that the tab is gone is all there is to know.
      void chrome.runtime.lastError;
      this.#tell("lost");
    });
    return port;
  }

  /** @param {ViewMessage} message */
  #send(message) {
    void this.#port.then((port) => this.#closed || port?.postMessage(message));
  }

  /** @param {What} what */
  #tell(what) {
    if (!this.#closed) for (const listener of this.#listeners) listener(what);
  }

  /** @param {PageMessage} message */
  #hear(message) {
    const session = this.#coming;
    if (message.kind === "chat") {
      this.chat = message.chat;
      return this.#tell("chat");
    }
    if (message.kind === "moved") {
      this.session = this.#coming = this.chat = null;
      return this.#tell("moved");
    }
    if (message.kind === "session") {
      this.session = null;
      this.#coming = { ...message.facts, comments: [], labels: {} };
      this.#missing = { comments: message.comments, labels: message.labels };
      return this.#whole();
    }
    if (!session) return undefined;
    if (message.kind === "changed") Object.assign(session, message.changes);
    if (message.kind === "restarted") {
      Object.assign(session, message.facts, { comments: [], labels: {} });
      this.#missing = { comments: 0, labels: 0 };
    }
    if (message.kind === "comments") session.comments.push(...message.comments);
    if (message.kind === "labels") Object.assign(session.labels, message.labels);
    if (!this.session) return this.#whole();
    if (message.kind === "comments" || message.kind === "labels") return this.#tell(message.kind);
    return this.#tell("facts");
  }

  /** The session is shown once all that it held when this view connected has come. */
  #whole() {
    const session = this.#coming;
    if (!session || session.comments.length < this.#missing.comments) return;
    if (Object.keys(session.labels).length < this.#missing.labels) return;
    this.session = session;
    this.#tell("session");
  }
}
