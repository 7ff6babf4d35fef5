// One comment as it is quoted. Everything in it was written by a stranger: it is shown as text, its direction can't
// leave its box, its length is clipped. What a person makes of its label is asked here.

import { FEELINGS, feelingOf, scoreOf } from "../analysis/feeling.js";
import { element, shape } from "../ui/element.js";
import { looseDate, number, score, shortNumber } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { commentAddress } from "../youtube/address.js";
import { button, feelingName, sign } from "./card.js";
import { nameOf } from "./languages.js";

/** @typedef {import("./opened.js").LabelledComment} LabelledComment */
/** @typedef {import("./opened.js").Label} Label */
/** @typedef {(comment: LabelledComment, label: Label) => void} Correct */
/** @typedef {{ view: HTMLElement, update: (comment: LabelledComment) => void }} Quote */

const DAY_SECONDS = 86_400;
const YOUTUBE_ID = /^[\w-]{11}$/u;
/** Longer ones are clipped until they are asked for. */
const LONG_CHARACTERS = 320;
const LONG_LINES = 5;
const SHOWN_OF_LONG = 1_000;

const THUMB = "M5 7v6H2.8V7z M5 7l3-5c1.2 0 1.8.9 1.5 2.1L9 6.5h3.2c.9 0 1.4.8 1.2 1.6l-1 3.7c-.2.7-.7 1.2-1.5 1.2H5";

/** @param {number} likes */
const likesMark = (likes) =>
  element(
    "span",
    { class: "likes", title: plural("likes", likes, number(likes)) },
    shape("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }, shape("path", { d: THUMB })),
    element("span", { "aria-hidden": "true" }, shortNumber(likes)),
    element("span", { class: "unseen" }, plural("likes", likes, number(likes))),
  );

/** @param {LabelledComment} comment */
function dateWords({ published_at: moment, published_at_width: width }) {
  if (!moment) return "";
  const date = looseDate(moment, width);
  return width > DAY_SECONDS ? text("aboutDate", date) : date;
}

/** @param {LabelledComment} comment @returns {Node[]} */
function words({ text: written }) {
  if (written === null) return [element("p", { class: "quote-text muted" }, text("textNotStored"))];
  const long = written.length > LONG_CHARACTERS || written.split("\n", LONG_LINES + 1).length > LONG_LINES;
  // A text of hundreds of thousands of letters takes seconds to lay out, even where it is clipped.
  const shown = element("p", { class: "quote-text", dir: "auto" }, long ? written.slice(0, SHOWN_OF_LONG).toWellFormed() : written);
  if (!long) return [shown];
  const more = button(text("showWhole"), () => {
    const open = shown.classList.toggle("open");
    shown.textContent = open ? written : written.slice(0, SHOWN_OF_LONG).toWellFormed();
    more.textContent = text(open ? "showLess" : "showWhole");
    more.setAttribute("aria-expanded", String(open));
  }, "link whole");
  more.setAttribute("aria-expanded", "false");
  return [shown, more];
}

/**
 * @param {LabelledComment} comment
 * @param {Correct} correct
 */
function judge(comment, correct) {
  const feeling = feelingOf(comment);
  const select = element(
    "select",
    { class: "judge", "aria-label": text("feelingOfComment"), title: text("correctHint") },
    ...FEELINGS.filter((one) => one !== "other" || feeling === "other").map((one) =>
      element("option", { value: one, selected: one === feeling, disabled: one === "other" }, feelingName(one)),
    ),
  );
  select.addEventListener("change", () => correct(comment, /** @type {Label} */ (select.value)));
  return select;
}

/**
 * @param {LabelledComment} comment
 * @param {{ video: string, correct?: Correct }} how
 * @returns {Quote}
 */
export function quote(comment, { video, correct }) {
  const { id, likes, level = 0 } = comment;
  const view = element("li", { "data-comment": id });
  const mark = element("span", { class: "mark" });
  const corrected = element("span", { class: "badge corrected" }, text("corrected"));
  const value = element("span", { class: "muted", title: text("scoreHint") });
  /** @type {HTMLSelectElement | null} */
  const select = correct ? judge(comment, correct) : null;
  const onYouTube = id && YOUTUBE_ID.test(video) && id.startsWith("Ug");

  /** @param {LabelledComment} now */
  function update(now) {
    const feeling = feelingOf(now);
    view.className = `quote edge-${feeling}`;
    mark.replaceChildren(sign(feeling), element("span", { class: "unseen" }, `${feelingName(feeling)}. `));
    corrected.hidden = !now.corrected;
    value.textContent = feeling === "other" ? "" : score(scoreOf(now));
    if (select) select.value = feeling;
  }

  view.append(
    element(
      "p",
      { class: "quote-head" },
      mark,
      element("bdi", { class: "author" }, comment.author ?? text("someone")),
      comment.byOwner && element("span", { class: "badge" }, text("creator")),
      comment.pinned && element("span", { class: "badge" }, text("pinned")),
      comment.hearted && element("span", { class: "badge", title: text("hearted") }, "♥", element("span", { class: "unseen" }, text("hearted"))),
      comment.reply_to && element("span", { class: "badge" }, level > 1 ? text("replyLevel", number(level)) : text("reply")),
      comment.edited && element("span", { class: "badge" }, text("edited")),
      corrected,
      element("span", { class: "muted date" }, dateWords(comment)),
    ),
    ...words(comment),
    element(
      "p",
      { class: "quote-foot" },
      likesMark(likes),
      value,
      comment.language && comment.language !== "en" && element("span", { class: "muted" }, nameOf(comment.language)),
      onYouTube && element("a", { href: commentAddress(video, id), target: "_blank", rel: "noreferrer" }, text("openComment")),
      select,
    ),
  );
  update(comment);
  return { view, update };
}
