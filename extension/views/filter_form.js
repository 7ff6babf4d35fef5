// What a person can ask of the list of comments. Knows fields and their words; what they do is in analysis/filter.js.

import { FEELINGS } from "../analysis/feeling.js";
import { element } from "../ui/element.js";
import { number } from "../ui/format.js";
import { text } from "../ui/messages.js";
import { button, feelingName, sign } from "./card.js";
import { languagesOf, nameOf } from "./languages.js";

/** @typedef {import("../analysis/filter.js").Filter} Filter */
/** @typedef {import("./opened.js").LabelledComment} LabelledComment */

/** @type {[string, string][]} */
const ORDER_WORDS = [
  ["standing-out", "orderStandingOut"],
  ["likes", "orderLikes"],
  ["newest", "orderNewest"],
  ["oldest", "orderOldest"],
  ["positive", "orderPositive"],
  ["negative", "orderNegative"],
  ["divided", "orderDivided"],
  ["surest", "orderSurest"],
  ["unsure", "orderUnsure"],
  ["given", "orderGiven"],
];
/** @type {[string, string][]} */
const REPLY_WORDS = [
  ["", "repliesAll"],
  ["comments", "repliesNone"],
  ["answered", "repliesAnswered"],
  ["replies", "repliesOnly"],
];

/**
 * @param {string} name
 * @param {HTMLElement} input
 */
const field = (name, input) => element("label", { class: "field" }, element("span", {}, text(name)), input);

/**
 * @param {string} name
 * @param {[string, string][]} options value and message
 */
const select = (name, options) =>
  element("select", { name }, ...options.map(([value, words]) => element("option", { value }, text(words))));

const feelingBoxes = () =>
  FEELINGS.map((feeling) =>
    element(
      "label",
      { class: "check", "data-feeling": feeling },
      element("input", { type: "checkbox", name: "feeling", value: feeling, checked: true }),
      sign(feeling),
      element("span", {}, feelingName(feeling)),
    ),
  );

/**
 * @param {(filter: Filter) => void} apply
 * @param {{ compact: boolean }} how compact hides what is seldom asked
 */
export function filterForm(apply, { compact }) {
  let word = "";
  const words = element("input", { type: "search", name: "words", autocomplete: "off" });
  const language = element("select", { name: "language" });
  const chip = button("", () => choose(""), "chip");
  chip.hidden = true;
  const form = element(
    "form",
    { class: compact ? "filters compact" : "filters", role: "search", "aria-label": text("filterComments") },
    element("fieldset", { class: "label-boxes" }, element("legend", {}, text("feeling")), ...feelingBoxes()),
    field("textOrAuthor", words),
    field("order", select("order", ORDER_WORDS)),
    element(
      "details",
      { class: "more-filters", open: !compact },
      element("summary", {}, text("moreFilters")),
      element(
        "div",
        { class: "more-fields" },
        field("repliesLabelFilter", select("replies", REPLY_WORDS)),
        field("languageOfComment", language),
        field("likesAtLeast", element("input", { type: "number", name: "likes", min: 0, step: 1, placeholder: "0" })),
        field("from", element("input", { type: "date", name: "from" })),
        field("until", element("input", { type: "date", name: "until" })),
      ),
    ),
    chip,
  );

  /** @returns {Filter} */
  function filter() {
    const data = new FormData(form);
    const value = (/** @type {string} */ name) => String(data.get(name) ?? "");
    return {
      feelings: new Set(data.getAll("feeling").map(String)),
      words: value("words"),
      word,
      likes: Number(value("likes")) || 0,
      from: value("from"),
      until: value("until"),
      replies: value("replies"),
      language: value("language"),
      order: value("order"),
    };
  }

  /** @param {string} chosen a word of the cloud, "" for none */
  function choose(chosen) {
    word = chosen;
    chip.hidden = chosen === "";
    // Who says what stands on it must reach it: its name begins with that.
    chip.replaceChildren(
      element("bdi", {}, text("wordChip", chosen)),
      element("span", { "aria-hidden": "true" }, " ✕"),
      element("span", { class: "unseen" }, ` ${text("dropWord", chosen)}`),
    );
    apply(filter());
  }

  form.addEventListener("input", () => apply(filter()));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => choose("")));

  return {
    view: form,
    filter,
    /** Shows what holds the word, of one feeling or of all. @param {string} chosen @param {string} kind */
    showWord(chosen, kind) {
      form.reset();
      for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name=feeling]"))) {
        box.checked = kind === "all" || box.value === kind;
      }
      setTimeout(() => {
        choose(chosen);
        chip.focus({ preventScroll: true });
      });
    },
    /** Offers what these comments have; what was chosen stays. @param {LabelledComment[]} comments */
    offer(comments) {
      const chosen = language.value;
      const found = languagesOf(comments).filter(([code]) => code !== "");
      language.replaceChildren(
        element("option", { value: "" }, text("all")),
        ...found.map(([code, count]) => element("option", { value: code }, `${nameOf(code)} (${number(count)})`)),
      );
      language.value = found.some(([code]) => code === chosen) ? chosen : "";
      words.disabled = comments.length > 0 && comments.every(({ text: written }) => written === null);
    },
    /** @param {boolean} there */
    offerOthers(there) {
      const box = /** @type {HTMLElement} */ (form.querySelector("[data-feeling=other]"));
      box.hidden = !there;
    },
  };
}
