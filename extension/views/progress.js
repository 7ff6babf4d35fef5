// How far the reading is and how much was read, in a strip above the results: of how many, by which reader, why not
// all. Knows a session's facts; knows nothing of what the comments say.

import { element } from "../ui/element.js";
import { number } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { problemTitle } from "../ui/problem_words.js";
import { button } from "./card.js";
import { coverage } from "./coverage.js";

/** @typedef {import("../session/types.js").Session} Session */

/** @param {Session} session @returns {number | null} how many there are to be read */
export const expected = ({ announced, wishes }) =>
  wishes === null ? announced : Math.min(wishes.limit, announced ?? wishes.limit);

/** @param {Session} session */
export function progressWords(session) {
  const all = expected(session);
  return all === null
    ? plural("readAll", session.read, number(session.read))
    : plural("collectingOf", all, number(session.read), number(all));
}

/** Which reader ran. @param {Session} session */
export function readerWords({ how, trouble }) {
  if (how === "requests") return text("readByRequests");
  if (how === "page") return text(trouble ? "readByPageInstead" : "readByPage");
  return "";
}

/** @param {Session} session */
function readingLines(session) {
  const behind = session.analysis !== null && session.analysed < session.read;
  return [
    element("strong", { "data-progress": "" }, progressWords(session)),
    element("span", {}, behind ? plural("numbersOfFirst", session.analysed, number(session.analysed)) : ""),
  ];
}

/** @param {Session} session */
function endedLines({ read, announced, reason, wishes, ...session }) {
  const { why } = coverage({ read, announced, reason: reason ?? "end", repliesOpened: wishes?.openReplies ?? true });
  const count =
    announced !== null && announced > read
      ? plural("readOf", announced, number(read), number(announced))
      : plural("readAll", read, number(read));
  const by = readerWords({ read, announced, reason, wishes, ...session });
  return [
    element("strong", { "data-coverage": "" }, count),
    element("span", {}, [why && text(why), by].filter(Boolean).join(" ")),
  ];
}

/**
 * @param {{ stop: () => void, again: () => void, retry: () => void }} actions retry asks the backend again
 * @returns {{ view: HTMLElement, update: (session: Session) => void }}
 */
export function progressStrip({ stop, again, retry }) {
  const bar = element("progress", { "aria-label": text("collectingTitle") });
  const lines = element("p", {});
  const stopButton = button(text("stop"), stop);
  const againButton = button(text("readAgain"), again);
  const problem = element("p", {});
  const notice = element(
    "div",
    { class: "notice bad", role: "alert", hidden: true },
    problem,
    button(text("tryAgain"), retry),
  );
  const strip = element("div", { class: "coverage" }, lines, stopButton, againButton);
  return {
    view: element("div", { class: "progress-strip" }, bar, strip, notice),
    update(session) {
      const reading = session.state === "reading";
      const all = expected(session);
      const { partial } = coverage({ ...session, reason: session.reason ?? "end", repliesOpened: true });
      bar.hidden = !reading;
      if (all) Object.assign(bar, { max: all, value: Math.min(session.read, all) });
      const hadFocus = document.activeElement === stopButton;
      stopButton.hidden = !reading;
      againButton.hidden = reading;
      if (hadFocus && !reading) againButton.focus();
      strip.classList.toggle("partial", !reading && partial);
      strip.toggleAttribute("data-partial", false);
      if (!reading && partial) strip.setAttribute("data-partial", session.reason ?? "");
      lines.replaceChildren(...(reading ? readingLines(session) : endedLines(session)));
      notice.hidden = session.problem === null;
      if (session.problem) {
        const said = session.problem.detail ?? session.problem.title ?? "";
        problem.replaceChildren(
          element("strong", {}, text(problemTitle(session.problem))),
          ` ${text("numbersMayLack")}`,
          element("span", { class: "muted", dir: "auto" }, said ? ` ${said}` : ""),
        );
      }
    },
  };
}
