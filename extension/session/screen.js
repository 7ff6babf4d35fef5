// The session of a tab on a screen, from opening to the end: connects, has the comments read, shows the card or the
// results that fit, or the chat where there is one. The popup and the full view are both this. Knows the order of things
// and what may go wrong in it.

import { loadSettings } from "../ui/settings.js";
import { fillWords, text } from "../ui/messages.js";
import { expected, progressWords } from "../views/progress.js";
import * as states from "../views/states.js";
import { isYouTube } from "../youtube/address.js";
import { switches } from "../views/card.js";
import { ChatScreen, chatFirst, hasChat } from "./chat.js";
import { SessionClient } from "./client.js";
import { reportOf } from "./report.js";
import { results } from "./results.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("../ui/settings.js").Settings} Settings */

const ANNOUNCE_EVERY_MS = 3_000;
const RECONNECT_MS = 700;
/** Many changes of a moment are drawn once. */
const DRAW_EVERY_MS = 60;

/**
 * @returns {Promise<chrome.tabs.Tab | null>} the one named in the address, else the one in front
 */
export async function watchedTab() {
  const asked = new URLSearchParams(location.search).get("tab");
  const tab = asked
    ? await chrome.tabs.get(Number(asked)).catch(() => undefined)
    : (await chrome.tabs.query({ active: true, currentWindow: true }))[0];
  return tab?.id === undefined ? null : tab;
}

export class Screen {
  #main;
  #status;
  #choice;
  #compact;
  /** @type {Settings} */
  #settings;
  #announcedAt = 0;
  /** @type {SessionClient | null} */
  #client = null;
  /** @type {ReturnType<typeof results> | null} */
  #results = null;
  /** @type {ReturnType<typeof states.collecting> | null} */
  #collecting = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #ready = false;
  #told = "";
  /** Which of the two is shown; null until it is known what there is. @type {"comments" | "chat" | null} */
  #mode = null;
  #chosen = false;
  /** @type {ChatScreen | null} */
  #chat = null;

  /**
   * @param {{ main: HTMLElement, status: HTMLElement, choice: HTMLElement }} places
   * @param {Settings} settings
   * @param {{ compact: boolean }} how
   */
  constructor({ main, status, choice }, settings, { compact }) {
    this.#main = main;
    this.#status = status;
    this.#choice = choice;
    this.#settings = settings;
    this.#compact = compact;
  }

  /** Begins, and begins anew where a person tries again. */
  async start() {
    this.#client?.close();
    this.#client = null;
    this.#forget();
    this.#show(states.starting());
    const tab = await watchedTab();
    if (!tab) return this.#card(this.#compact ? states.notVideo() : states.tabGone());
    if (!isYouTube(tab.url)) return this.#card(states.notVideo());
    const client = new SessionClient(/** @type {number} */ (tab.id));
    this.#client = client;
    client.onChange((what) => this.#heard(client, what));
    return undefined;
  }

  /** What was shown was of another video, or of another try. */
  #forget() {
    this.#results = this.#collecting = this.#chat = this.#mode = null;
    this.#ready = this.#chosen = false;
    this.#choice.hidden = true;
    this.#choice.replaceChildren();
  }

  /**
   * @param {SessionClient} client
   * @param {import("./client.js").What} what
   */
  #heard(client, what) {
    if (client !== this.#client) return;
    if (what === "failed") return this.#card(states.unexpected(client.error, () => void this.start()));
    if (what === "lost") return void setTimeout(() => client === this.#client && this.#lost(), RECONNECT_MS);
    if (what === "moved") this.#forget();
    // A chat changes every second, which is nothing to those who look at comments.
    if (what === "chat" && this.#settled(client) === "comments") return this.#offer(client.chat);
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      if (client === this.#client) this.#draw(client.session);
    }, DRAW_EVERY_MS);
  }

  /** The tab was closed, or loads another page; the results of a closed one stay to be looked at. */
  async #lost() {
    if ((await watchedTab()) || !this.#results) return this.start();
    return this.#tell(text("tabGoneTitle"));
  }

  /** @param {Session | null} session */
  #draw(session) {
    const chat = this.#client?.chat ?? null;
    if (!session) return this.#card(states.notVideo());
    this.#settled(this.#client);
    this.#offer(chat);
    if (this.#mode === "chat" && chat && hasChat(chat)) return this.#chatScreen().draw(chat);
    if (session.state === "idle") return void this.#begin();
    if (session.analysis) return this.#showResults(session);
    this.#results = null;
    if (session.problem && !session.analysing) return this.#card(this.#problem(session.problem));
    if (session.state === "reading") return this.#showReading(session);
    return this.#card(this.#ended(session));
  }

  /**
   * What a person chose, else what the page is for. YouTube may bring a live chat later than the rest.
   *
   * @param {SessionClient | null} client
   */
  #settled(client) {
    const { session = null, chat = null } = client ?? {};
    if (this.#chosen || !session) return this.#mode;
    const mode = chatFirst(chat) && !session.analysis ? "chat" : "comments";
    if (this.#mode === null || mode === "chat") {
      if (this.#mode !== mode) this.#choice.replaceChildren();
      this.#mode = mode;
    }
    return this.#mode;
  }

  /** Chat and comments, where there are both. @param {import("./types.js").Chat | null} chat */
  #offer(chat) {
    this.#choice.hidden = !hasChat(chat);
    if (this.#choice.hidden || this.#choice.hasChildNodes()) return;
    /** @type {["comments" | "chat", string][]} */
    const both = [["comments", text("commentsTitle")], ["chat", text("chatTitle")]];
    this.#choice.append(
      switches(text("whatToShow"), this.#mode === "chat" ? both.reverse() : both, (mode) => {
        this.#mode = mode;
        this.#chosen = true;
        this.#collecting = null;
        this.#draw(this.#client?.session ?? null);
      }),
    );
  }

  #chatScreen() {
    this.#chat ??= new ChatScreen(
      {
        show: (view) => this.#show(view),
        card: (view) => this.#card(view),
        tell: (words) => this.#tell(words),
        act: (act) => this.#client?.chatMust(act),
        report: () => (this.#client?.session ? reportOf(this.#client.session, this.#client.chat) : ""),
      },
      { compact: this.#compact, address: this.#settings.address },
    );
    return this.#chat;
  }

  /** @param {Problem} problem */
  #problem = (problem) => states.backendProblem(problem, this.#settings.address, () => this.#retry());

  /** Nothing is read before somebody is there to read it to. */
  async #begin() {
    if (this.#ready) return;
    this.#ready = true;
    const answer = await chrome.runtime.sendMessage({ kind: "ready" });
    if (answer.ok) return this.#read();
    this.#ready = false;
    return this.#card(this.#problem(answer.problem));
  }

  #wishes() {
    const { limit, order, openReplies } = this.#settings;
    return { limit, order, openReplies };
  }

  #read({ again = false } = {}) {
    this.#client?.read(this.#wishes(), { again });
  }

  #retry() {
    this.#show(states.starting());
    if (this.#client?.session?.state === "ended") this.#read();
    else void this.start();
  }

  /** @param {Session} session */
  #ended(session) {
    const again = () => this.#read({ again: true });
    const report = () => reportOf(session);
    if (session.reason === "off") return states.commentsOff();
    if (session.comments.some((comment) => comment.text !== "")) {
      return states.analysing(session.read, this.#settings.address);
    }
    if (session.reason === "failed") return states.readingFailed(session.trouble, again, report);
    if (session.reason === "cancelled") return states.stoppedEarly(again);
    return states.noneFound(session.announced, again, report);
  }

  /** @param {Session} session */
  #showReading(session) {
    if (!this.#collecting) {
      this.#collecting = states.collecting(() => this.#client?.stop());
      this.#show(this.#collecting.view);
      this.#tell(text("collectingTitle"));
    }
    this.#collecting.update(session);
    this.#tellProgress(session);
  }

  /** @param {Session} session */
  #showResults(session) {
    this.#collecting = null;
    if (!this.#results) {
      this.#results = results(
        {
          stop: () => this.#client?.stop(),
          again: () => this.#read({ again: true }),
          retry: () => this.#read(),
          correct: (id, label) => this.#client?.correct(id, label),
        },
        { compact: this.#compact, address: this.#settings.address },
      );
      // The first numbers go in before the view is seen.
      this.#results.update(session);
    } else this.#results.update(session);
    this.#show(this.#results.view);
    if (session.state === "reading") this.#tellProgress(session);
    else if (!session.analysing) this.#tell(text("resultsReady", this.#main.querySelector("h2")?.textContent ?? ""));
  }

  /** @param {HTMLElement} view */
  #show(view) {
    if (this.#main.firstChild === view) return;
    const hadFocus = this.#main.contains(document.activeElement);
    this.#main.replaceChildren(view);
    this.#main.setAttribute("aria-busy", String(view.classList.contains("busy")));
    scrollTo(0, 0);
    if (hadFocus) this.#main.focus();
  }

  /** @param {HTMLElement} view a card that needs nothing but to be read out */
  #card(view) {
    this.#collecting = null;
    const state = view.dataset.state;
    const before = this.#main.firstElementChild;
    // The same card again would take the focus from its buttons.
    if (before instanceof HTMLElement && before.dataset.state === state && before.textContent === view.textContent) return;
    this.#show(view);
    this.#tell(view.querySelector("h2")?.textContent ?? "");
  }

  /** @param {string} words for screen readers */
  #tell(words) {
    if (words === this.#told) return;
    this.#told = words;
    this.#status.textContent = words;
    this.#announcedAt = Date.now();
  }

  /** @param {Session} session */
  #tellProgress(session) {
    if (expected(session) === null || Date.now() - this.#announcedAt < ANNOUNCE_EVERY_MS) return;
    this.#tell(progressWords(session));
  }
}

/**
 * Makes the page that this is part of the screen of a tab.
 *
 * @param {{ compact: boolean }} how
 */
export async function openScreen({ compact }) {
  const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  fillWords(document);
  at("settings").addEventListener("click", () => void chrome.runtime.openOptionsPage());
  const places = { main: at("main"), status: at("status"), choice: at("choice") };
  const screen = new Screen(places, await loadSettings(), { compact });
  await screen.start();
}
