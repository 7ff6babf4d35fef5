// The words that people use, all and by feeling, as clouds. A word that is chosen leads to its comments.

import { feelingOf } from "../analysis/feeling.js";
import { folded, holding } from "../analysis/terms.js";
import { cloud } from "../charts/cloud.js";
import { element } from "../ui/element.js";
import { number } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { tabs } from "../ui/tabs.js";
import { card } from "./card.js";
import { fitted } from "./fitted.js";

/** @typedef {import("../backend/answer.js").Word} Word */
/** @typedef {import("./opened.js").Opened} Opened */
/** @typedef {import("./opened.js").LabelledComment} LabelledComment */
/** @typedef {"all" | "positive" | "neutral" | "negative"} Kind */

/** @type {Kind[]} */
const KINDS = ["all", "positive", "neutral", "negative"];
const LOWEST = 190;
const HIGHEST = 320;
/** What most of a word's first comments are in says enough. */
const LOOKED_AT = 20;

/** @param {Word} word */
const wordTitle = ({ term, count }) => plural("wordTitle", count, term, number(count));

/**
 * A word of comments that the model can't read says nothing about a feeling.
 *
 * @param {Word[]} words
 * @param {LabelledComment[]} comments
 * @returns {Word[]}
 */
export function understoodWords(words, comments) {
  if (!comments.some((comment) => feelingOf(comment) === "other")) return words;
  const texts = comments.map((comment) => ({ text: folded(comment.text ?? ""), other: feelingOf(comment) === "other" }));
  return words.filter(({ term }) => {
    const holds = holding(term);
    let [found, others] = [0, 0];
    for (const { text, other } of texts) {
      if (!holds(text)) continue;
      found += 1;
      others += Number(other);
      if (found >= LOOKED_AT) break;
    }
    return others * 2 <= found;
  });
}

/**
 * @param {(kind: Kind) => Node | null} action
 * @param {(word: string, kind: Kind) => void} choose
 * @returns {{ view: HTMLElement, update: (opened: Opened) => void }}
 */
export function wordsCard(action, choose) {
  /** @type {Opened | null} */
  let shown = null;
  /** @type {Map<Kind, Word[]>} */
  let found = new Map();

  /** @param {Kind} kind */
  function wordsOf(kind) {
    const all = shown?.analysis.words?.[kind] ?? [];
    const known = found.get(kind) ?? (kind === "all" ? all : understoodWords(all, shown?.comments ?? []));
    found.set(kind, known);
    return known;
  }
  /** @param {Kind} kind @param {number} width */
  function draw(kind, width) {
    const words = wordsOf(kind);
    if (!shown?.analysis.words) return [element("p", { class: "muted none" }, text("wordsNotStored"))];
    if (words.length === 0) return [element("p", { class: "muted none" }, text("wordsNone"))];
    return [
      cloud(words, {
        name: text("wordsName", words.map(wordTitle).join(", ")),
        title: wordTitle,
        choose: (word) => choose(word.term, kind),
        width,
        height: Math.round(Math.max(LOWEST, Math.min(HIGHEST, width * 0.5))),
      }),
    ];
  }
  const panels = new Map(KINDS.map((kind) => [kind, fitted((width) => draw(kind, width))]));
  const view = card(
    "words",
    text("wordsTitle"),
    null,
    tabs(
      text("wordsTitle"),
      KINDS.map((kind) => ({
        id: `words-${kind}`,
        label: text(kind),
        content: () => element("div", { class: "cloud-panel" }, panels.get(kind)?.place, action(kind)),
      })),
    ),
  );
  return {
    view,
    update(opened) {
      shown = opened;
      found = new Map();
      for (const { redraw } of panels.values()) redraw();
    },
  };
}
