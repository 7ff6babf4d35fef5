// The comments behind the numbers, filtered and sorted. While more are read, the list stands still under a person
// who is in it, and says that there is more.

import { feelingOf } from "../analysis/feeling.js";
import { chosen } from "../analysis/filter.js";
import { element } from "../ui/element.js";
import { number } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { button, card } from "./card.js";
import { filterForm } from "./filter_form.js";
import { longList } from "./long_list.js";
import { quote } from "./quote.js";

/** @typedef {import("./opened.js").LabelledComment} LabelledComment */
/** @typedef {import("./opened.js").Opened} Opened */

/**
 * @param {{
 *   compact?: boolean, correct?: import("./quote.js").Correct, download: (comments: LabelledComment[]) => void,
 * }} how
 */
export function commentsCard({ compact = false, correct, download }) {
  const count = element("p", { class: "muted", role: "status", "data-shown": "" });
  const renew = button(text("listChanged"), () => apply(form.filter()));
  let video = "";
  /** @type {LabelledComment[]} */
  let all = [];
  /** @type {LabelledComment[]} */
  let found = [];
  const list = longList(
    (/** @type {LabelledComment} */ comment) => quote(comment, { video, correct }),
    (comment) => comment.id ?? comment,
  );
  const form = filterForm((filter) => apply(filter), { compact });
  renew.hidden = true;
  renew.classList.add("renew");

  function tell() {
    count.textContent =
      found.length === all.length
        ? plural("shownAll", all.length, number(all.length))
        : plural("shownOf", all.length, number(found.length), number(all.length));
  }

  /** @param {import("../analysis/filter.js").Filter} filter */
  function apply(filter) {
    found = chosen(all, filter);
    renew.hidden = true;
    tell();
    list.show(found);
  }

  const view = card(
    "comments",
    text("commentsTitle"),
    element(
      "div",
      { class: "actions" },
      button(text("resetFilters"), () => form.view.reset()),
      button(text("theseAsCsv"), () => download(found)),
    ),
    form.view,
    element("div", { class: "list-head" }, count, renew),
    list.view,
  );
  return {
    view,
    /** @param {string} word @param {string} kind */
    showWord(word, kind) {
      form.showWord(word, kind);
      view.scrollIntoView({ block: "start" });
    },
    /** @param {Opened} opened */
    update({ comments, analysis }) {
      all = comments;
      video = analysis.video.id;
      form.offer(comments);
      form.offerOthers(comments.some((comment) => feelingOf(comment) === "other"));
      const next = chosen(all, form.filter());
      list.refresh(all);
      const same = next.length === found.length && next.every((comment, index) => comment.id === found[index].id);
      if (!same && list.inUse() && found.length > 0) {
        renew.hidden = false;
        return;
      }
      found = next;
      tell();
      renew.hidden = true;
      if (same && found.length > 0) list.follow(found);
      else list.show(found);
    },
  };
}
