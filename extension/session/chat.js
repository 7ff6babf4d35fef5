// The chat of a tab on a screen: has it read once somebody is there to read it to, and shows the card or the mood that
// fits. Knows a chat's facts and what may go wrong; the choice between chat and comments is the screen's.

import { BackendProblem, problemOf } from "../backend/problem.js";
import { chatView } from "../views/chat.js";
import { chatStateWords } from "../views/chat_strip.js";
import * as states from "../views/states.js";
import { ask } from "../worker/ask.js";

/** @typedef {import("./types.js").Chat} Chat */
/**
 * show puts a view on the screen as it is, card one that is to be read out, tell are words for screen readers.
 *
 * @typedef {{
 *   show: (view: HTMLElement) => void, card: (view: HTMLElement) => void, tell: (words: string) => void,
 *   act: (act: "start" | "stop") => void, report: () => string,
 * }} Stage
 */

/** Whether there is anything to show or to say of it. @param {Chat | null} chat */
export const hasChat = (chat) => chat !== null && (chat.state !== "idle" || chat.room !== "none");

/** Whether the chat is what people came for: it is live, or it was being read. @param {Chat | null} chat */
export const chatFirst = (chat) =>
  chat !== null && (chat.state !== "idle" || (chat.kind === "live" && chat.room !== "off"));

export class ChatScreen {
  #stage;
  #how;
  /** @type {ReturnType<typeof chatView> | null} */
  #view = null;
  #beginning = false;

  /**
   * @param {Stage} stage
   * @param {{ compact: boolean, address: string }} how
   */
  constructor(stage, how) {
    this.#stage = stage;
    this.#how = how;
  }

  /** @param {Chat} chat */
  draw(chat) {
    if (chat.state === "idle") {
      if (chat.room === "off") return this.#stage.card(states.chatOff());
      if (chat.room === "closed") return this.#stage.card(states.chatClosed());
      return void this.#begin();
    }
    if (!this.#view) {
      this.#view = chatView(
        { stop: () => this.#stage.act("stop"), start: () => this.#stage.act("start"), report: this.#stage.report },
        this.#how,
      );
      void this.#tellModel(this.#view);
    }
    this.#view.update(chat);
    this.#stage.show(this.#view.view);
    return this.#stage.tell(chatStateWords(chat));
  }

  /** Nothing is read before the backend is there, which a person may still have to start. */
  async #begin() {
    if (this.#beginning) return;
    this.#beginning = true;
    this.#stage.show(states.starting());
    try {
      await ask("ready", {});
      this.#stage.act("start");
    } catch (error) {
      this.#stage.card(states.backendProblem(problemOf(error), this.#how.address, () => this.#again()));
    }
  }

  #again() {
    this.#beginning = false;
    void this.#begin();
  }

  /** @param {ReturnType<typeof chatView>} view */
  async #tellModel(view) {
    try {
      view.tellModel(await ask("model", {}));
    } catch (error) {
      // The chat's own problem says the same, and the line on the model stays away.
      if (!(error instanceof BackendProblem)) throw error;
    }
  }
}
