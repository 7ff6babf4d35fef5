// How far the reading of a chat is, in a strip above its mood: whether it goes on, how much was read and left out, what
// keeps it from going on. Knows a chat's facts; knows nothing of what is said.

import { element } from "../ui/element.js";
import { clockTime, number, videoTime } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { problemTitle } from "../ui/problem_words.js";
import { button } from "./card.js";

/** @typedef {import("../session/types.js").Chat} Chat */

/** @param {Chat} chat */
export function chatStateWords({ kind, state, until }) {
  if (state === "ended") return text("chatEnded");
  if (state === "stopped") return text("chatStoppedAt", kind === "replay" ? videoTime(until) : clockTime(until));
  return text(kind === "replay" ? "chatReplay" : "chatLive");
}

/** @param {Chat} chat */
function countWords({ kind, seen, judged, skipped, removed, since, state }) {
  if (seen === 0) return [text(state === "reading" ? "chatWaiting" : "chatSilent")];
  return [
    plural("chatRead", seen, number(judged), number(seen)),
    since !== null && text("chatSince", (kind === "replay" ? videoTime : clockTime)(since)),
    skipped > 0 && plural("chatSkipped", skipped, number(skipped)),
    removed > 0 && plural("chatRemoved", removed, number(removed)),
  ].filter((line) => typeof line === "string");
}

/** @param {Chat} chat what else is to be known, as YouTube or as we say it */
const remarksOf = ({ saying, hidden, state, room }) =>
  [
    saying && text("chatSaying", saying),
    state === "reading" && room === "closed" && text("chatClosedBody"),
    state === "reading" && hidden && text("chatHidden"),
  ].filter((line) => typeof line === "string" && line !== "");

/**
 * @param {{ stop: () => void, start: () => void }} actions
 * @returns {{ view: HTMLElement, update: (chat: Chat) => void }}
 */
export function chatStrip({ stop, start }) {
  const stopButton = button(text("stop"), stop);
  const againButton = button(text("chatAgain"), start);
  const state = element("strong", { "data-chat-state": "" });
  const counts = element("span", { "data-chat-counts": "" });
  const remarks = element("div", { class: "muted remarks", dir: "auto", "data-chat-remarks": "" });
  const problem = element("p", {});
  const notice = element("div", { class: "notice bad", role: "alert", hidden: true }, problem, button(text("tryAgain"), start));
  const pulse = element("span", { class: "pulse", "aria-hidden": "true" });
  let told = "";
  return {
    view: element(
      "div",
      { class: "progress-strip" },
      element(
        "div",
        { class: "coverage" },
        element("p", {}, element("span", { class: "chat-state" }, pulse, state), counts),
        stopButton,
        againButton,
      ),
      remarks,
      notice,
    ),
    update(chat) {
      const reading = chat.state === "reading";
      const hadFocus = [stopButton, againButton].some((each) => each === document.activeElement);
      pulse.classList.toggle("on", reading && chat.problem === null);
      state.textContent = chatStateWords(chat);
      counts.textContent = countWords(chat).join(" ");
      stopButton.hidden = !reading;
      againButton.hidden = reading;
      if (hadFocus) (reading ? stopButton : againButton).focus();
      remarks.replaceChildren(...remarksOf(chat).map((line) => element("p", {}, String(line))));
      notice.hidden = chat.problem === null;
      const said = chat.problem ? text(problemTitle(chat.problem)) : "";
      // The same words again would be read out again.
      if (said === told) return;
      told = said;
      problem.replaceChildren(element("strong", {}, said), ` ${text("chatBackend")}`);
    },
  };
}
