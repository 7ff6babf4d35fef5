// A session's results, for the popup and for the full view: how far it is, the cards, what to take away. Follows the
// session in place. Knows what a session holds; doesn't know how it came to be.

import { element } from "../ui/element.js";
import { text } from "../ui/messages.js";
import { workButton } from "../views/card.js";
import { cards } from "../views/cards.js";
import { sideOf } from "../views/compare.js";
import { compareWithCard } from "../views/compare_with.js";
import { honesty } from "../views/honesty.js";
import { progressStrip, progressWords } from "../views/progress.js";
import { summaryPicture } from "../views/summary_picture.js";
import { csvOf, fileName, jsonOf, save, saveText, shareText } from "../views/take_away.js";
import { openedFrom } from "./opened.js";
import { reportOf } from "./report.js";
import { keepVisit, visitOf, visitsBeside } from "./visits.js";

/** @typedef {import("./types.js").Session} Session */
/** @typedef {import("../views/opened.js").Opened} Opened */
/** @typedef {import("../analysis/tally.js").Tally} Tally */
/** @typedef {{ stop: () => void, again: () => void, retry: () => void, correct: (id: string, label: import("../views/opened.js").Label) => void }} Actions */
/** @typedef {{ session: Session, opened: Opened, tally: Tally }} Now */

/** @param {() => Now} now */
function takeAway(now) {
  const file = () => fileName(now().opened.name);
  return element(
    "div",
    { class: "actions take-away", role: "group", "aria-label": text("takeAway") },
    workButton(
      text("copySummary"),
      "",
      () => navigator.clipboard.writeText(shareText(now().opened, now().session)),
      text("copied"),
    ),
    workButton(text("picture"), text("pictureName"), async () => {
      const { opened, tally, session } = now();
      save(await summaryPicture(opened, tally, progressWords(session)), `${file()}.png`);
    }),
    workButton("CSV", text("csvName"), async () => saveText(`${file()}.csv`, csvOf(now().opened.comments), "text/csv")),
    workButton("JSON", text("jsonName"), async () => saveText(`${file()}.json`, jsonOf(now().opened), "application/json")),
  );
}

/**
 * @param {Actions} actions
 * @param {{ compact: boolean, address: string }} how
 */
export function results(actions, { compact, address }) {
  /** @type {Now | null} */
  let now = null;
  const current = () => /** @type {Now} */ (now);
  const strip = progressStrip(actions);
  const title = element("p", { class: "title", dir: "auto" });
  const channel = element("p", { class: "muted channel", dir: "auto" });
  const compare = element("div", { class: "compare-place", hidden: true });
  const { view: cardsView, update: updateCards } = cards({
    compact,
    correct: ({ id }, label) => id && actions.correct(id, label),
    left: compact ? [] : [compare],
  });
  const foot = honesty(address, () => reportOf(current().session));
  const tools = takeAway(current);
  const head = element("div", { class: "head" }, title, channel);
  const view = element(
    "div",
    { class: compact ? "results" : "results wide", "data-state": "results" },
    element("div", { class: "results-head" }, head, compact ? null : tools),
    strip.view,
    cardsView,
    compact ? tools : null,
    foot.view,
  );
  /** @type {ReturnType<typeof compareWithCard> | null} */
  let comparison = null;
  let keptKey = "";

  /** A visit is kept once its reading has ended and every comment of it has its label. @param {Now} kept */
  async function keep({ session, opened, tally }) {
    const visit = visitOf(session, opened, tally);
    const changed = `${visit.key} ${session.analysed} ${Object.keys(session.corrections).length}`;
    if (changed === keptKey) return;
    keptKey = changed;
    await keepVisit(visit);
    if (compact || comparison) return;
    const beside = await visitsBeside(visit.videoId, visit.key);
    if (comparison || beside.earlier.length + beside.others.length === 0) return;
    comparison = compareWithCard(beside);
    comparison.update(sideOf(opened, tally));
    compare.replaceChildren(comparison.view);
    compare.hidden = false;
  }

  return {
    view,
    /** @param {Session} session that has an analysis */
    update(session) {
      const opened = openedFrom(session, now?.opened);
      if (!opened) return;
      title.textContent = opened.name;
      channel.textContent = session.video.channel ?? "";
      strip.update(session);
      now = { session, opened, tally: updateCards(opened) };
      foot.update(opened.analysis.model);
      comparison?.update(sideOf(opened, now.tally));
      view.toggleAttribute("data-refining", session.state === "reading" || session.analysing);
      if (session.state === "ended" && !session.analysing && !session.problem) void keep(now);
    },
    /** Only how far the reading is; costs nothing. @param {Session} session */
    progress(session) {
      strip.update(session);
      view.toggleAttribute("data-refining", session.state === "reading" || session.analysing);
    },
  };
}
