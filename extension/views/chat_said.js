// The latest messages of a chat that feel most. Everything in them was written by strangers: it is shown as text, its
// direction can't leave its box, its length is clipped.

import { element } from "../ui/element.js";
import { clockTime, score, videoTime } from "../ui/format.js";
import { text } from "../ui/messages.js";
import { card, feelingName, sign } from "./card.js";

/** @typedef {import("../session/types.js").Chat} Chat */
/** @typedef {import("../analysis/chat_course.js").Telling} Telling */

/** @type {Record<string, string>} */
const ROLES = { owner: "creator", moderator: "chatModerator", member: "chatMember" };

/** @param {Telling} message @param {string} when */
const quote = ({ id, text: words, author, role, feeling, score: value }, when) =>
  element(
    "li",
    { class: `quote edge-${feeling}`, "data-message": id },
    element(
      "p",
      { class: "quote-head" },
      element("span", { class: "mark" }, sign(feeling), element("span", { class: "unseen" }, `${feelingName(feeling)}. `)),
      element("bdi", { class: "author" }, author || text("someone")),
      Object.hasOwn(ROLES, role) && element("span", { class: "badge" }, text(ROLES[role])),
      element("span", { class: "muted date" }, element("span", { title: text("scoreHint") }, score(value)), ` · ${when}`),
    ),
    element("p", { class: "quote-text", dir: "auto" }, words),
  );

/** @returns {{ view: HTMLElement, update: (chat: Chat) => void }} */
export function chatSaid() {
  const list = element("ol", { class: "quotes" });
  const none = element("p", { class: "muted none" }, text("chatTellingNone"));
  let drawn = "";
  return {
    view: card("chat-said", text("chatTellingTitle"), null, list, none),
    update({ kind, telling }) {
      const now = telling.map(({ id }) => id).join(" ");
      none.hidden = telling.length > 0;
      // What stays need not be drawn anew, so that it can be selected and read.
      if (now === drawn) return;
      drawn = now;
      const time = kind === "replay" ? videoTime : clockTime;
      list.replaceChildren(...telling.map((message) => quote(message, time(message.at))));
    },
  };
}
