// The comments behind the numbers, filtered and sorted. Everything in them was written by strangers: it is shown
// as text, and its direction can't leave its box.

import { LABELS } from "../../extension/backend/answer.js";
import { element } from "../../extension/ui/element.js";
import { number, score, shortNumber } from "../../extension/ui/format.js";
import { commentAddress } from "../../extension/youtube/address.js";
import { button, card, LABEL_WORDS, sign } from "./card.js";
import { languageName } from "./languages.js";

/** @typedef {import("../opened.js").LabelledComment} LabelledComment */
/** @typedef {import("../opened.js").Opened} Opened */
/** @typedef {{ labels: Set<string>, words: string, likes: number, from: string, until: string, language: string, order: string }} Filter */

const A_PAGE = 50;
/** Comes after every date. */
const LAST = "9999";
const DAY_SECONDS = 86_400;
const YOUTUBE_ID = /^[\w-]{11}$/u;

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** How sure of itself, and shared by how many: what the server ranks top comments by. @param {LabelledComment} comment */
const loudness = (comment) => Math.abs(comment.score) * (1 + Math.log1p(comment.likes));

/** @type {[string, string, ((a: LabelledComment, b: LabelledComment) => number) | null][]} */
const ORDERS = [
  ["standing-out", "Standing out", (a, b) => loudness(b) - loudness(a)],
  ["likes", "Most liked", (a, b) => b.likes - a.likes],
  ["newest", "Newest", (a, b) => (b.published_at ?? "").localeCompare(a.published_at ?? "")],
  ["oldest", "Oldest", (a, b) => (a.published_at ?? LAST).localeCompare(b.published_at ?? LAST)],
  ["positive", "Most positive", (a, b) => b.score - a.score],
  ["negative", "Most negative", (a, b) => a.score - b.score],
  ["given", "As in the file", null],
];

/** The day of a moment where the person is, as a date field has it. @param {string} moment */
function localDay(moment) {
  const date = new Date(moment);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/**
 * @param {LabelledComment[]} comments
 * @param {Filter} filter
 * @returns {LabelledComment[]}
 */
export function chosen(comments, filter) {
  const wanted = filter.words.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  const found = comments.filter((comment) => {
    const written = `${comment.text ?? ""} ${comment.author ?? ""}`.toLocaleLowerCase();
    const day = comment.published_at ? localDay(comment.published_at) : "";
    return (
      filter.labels.has(comment.label) &&
      comment.likes >= filter.likes &&
      (!filter.language || comment.language === filter.language) &&
      (!filter.from || (day !== "" && day >= filter.from)) &&
      (!filter.until || (day !== "" && day <= filter.until)) &&
      wanted.every((word) => written.includes(word))
    );
  });
  const order = ORDERS.find(([name]) => name === filter.order)?.[2];
  return order ? found.sort(order) : found;
}

/** @param {LabelledComment} comment */
function dateWords({ published_at: moment, published_at_width: width }) {
  if (!moment) return "";
  return (width > DAY_SECONDS ? "about " : "") + dates.format(new Date(moment));
}

/**
 * @param {LabelledComment} comment
 * @param {string} video
 */
function quote(comment, video) {
  const { id, label, likes } = comment;
  return element(
    "li",
    { class: `quote edge-${label}`, "data-comment": id },
    element(
      "p",
      { class: "quote-head" },
      sign(label),
      element("span", { class: "unseen" }, `${LABEL_WORDS[label]}. `),
      comment.author && element("bdi", { class: "author" }, comment.author),
      comment.pinned && element("span", { class: "badge" }, "Pinned"),
      comment.hearted && element("span", { class: "badge", title: "Liked by the creator" }, "♥"),
      comment.reply_to && element("span", { class: "badge" }, "Reply"),
      element("span", { class: "muted date" }, dateWords(comment)),
    ),
    element("p", { class: comment.text === null ? "quote-text muted" : "quote-text", dir: "auto" }, comment.text ?? "The text is not stored."),
    element(
      "p",
      { class: "quote-foot muted" },
      element("span", { title: "Probability of positive minus probability of negative" }, score(comment.score)),
      likes > 0 && element("span", {}, `${shortNumber(likes)} ${likes === 1 ? "like" : "likes"}`),
      element("span", {}, languageName(comment.language)),
      id && YOUTUBE_ID.test(video) && id.startsWith("Ug") &&
        element("a", { href: commentAddress(video, id), target: "_blank", rel: "noreferrer" }, "Open on YouTube"),
    ),
  );
}

/**
 * @param {string} name
 * @param {HTMLElement} input
 */
const field = (name, input) => element("label", { class: "field" }, element("span", {}, name), input);

/** @param {Opened} opened */
function filterForm({ comments, analysis }) {
  const languages = Object.entries(analysis.languages).sort(([, a], [, b]) => b - a);
  return element(
    "form",
    { class: "filters", role: "search", "aria-label": "Filter comments" },
    element(
      "fieldset",
      { class: "label-boxes" },
      element("legend", {}, "Feeling"),
      ...[...LABELS].reverse().map((label) =>
        element("label", { class: "check" }, element("input", { type: "checkbox", name: "label", value: label, checked: true }), sign(label), LABEL_WORDS[label]),
      ),
    ),
    field("Text or author", element("input", { type: "search", name: "words", autocomplete: "off", disabled: comments.every((comment) => comment.text === null) })),
    field("Likes, at least", element("input", { type: "number", name: "likes", min: 0, step: 1, placeholder: "0" })),
    field("From", element("input", { type: "date", name: "from" })),
    field("Until", element("input", { type: "date", name: "until" })),
    field(
      "Language",
      element(
        "select",
        { name: "language" },
        element("option", { value: "" }, "All"),
        ...languages.map(([code, count]) => element("option", { value: code }, `${languageName(code)} (${number(count)})`)),
      ),
    ),
    field("Order", element("select", { name: "order" }, ...ORDERS.map(([value, words]) => element("option", { value }, words)))),
  );
}

/**
 * @param {HTMLFormElement} form
 * @returns {Filter}
 */
function filterIn(form) {
  const data = new FormData(form);
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "");
  return {
    labels: new Set(data.getAll("label").map(String)),
    words: text("words"),
    likes: Number(text("likes")) || 0,
    from: text("from"),
    until: text("until"),
    language: text("language"),
    order: text("order"),
  };
}

/**
 * @param {Opened} opened
 * @param {(comments: LabelledComment[]) => void} download
 */
export function commentsCard(opened, download) {
  const form = filterForm(opened);
  const list = element("ol", { class: "quotes" });
  const count = element("p", { class: "muted", role: "status", "data-shown": "" });
  const more = button("Show more", () => showMore());
  /** @type {LabelledComment[]} */
  let found = [];

  function showMore() {
    const from = list.childElementCount;
    list.append(...found.slice(from, from + A_PAGE).map((comment) => quote(comment, opened.analysis.video.id)));
    more.hidden = list.childElementCount >= found.length;
  }

  function apply() {
    found = chosen(opened.comments, filterIn(form));
    count.textContent =
      found.length === opened.comments.length
        ? `All ${number(found.length)} comments`
        : `${number(found.length)} of ${number(opened.comments.length)} comments`;
    list.replaceChildren();
    showMore();
    if (found.length === 0) list.append(element("li", { class: "muted none" }, "No comment is like that. Loosen a filter."));
  }

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
  return card(
    "comments",
    "Comments",
    element("div", { class: "actions" }, button("Reset filters", () => form.reset()), button("These as CSV", () => download(found))),
    form,
    count,
    list,
    element("div", { class: "more" }, more),
  );
}
