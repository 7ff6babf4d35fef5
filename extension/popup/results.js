// Lays an analysis out as sections: the mood, the time, the words, the comments. Knows an answer's shape and
// words; drawing is in charts/, a comment's look in quote.js.

import { LABELS } from "../backend/answer.js";
import { cloud } from "../charts/cloud.js";
import { donut } from "../charts/donut.js";
import { range } from "../charts/range.js";
import { commentsIn, trend } from "../charts/trend.js";
import { element, shape } from "../ui/element.js";
import { bucketDate, number, percent, score } from "../ui/format.js";
import { plural, text } from "../ui/messages.js";
import { tabs } from "../ui/tabs.js";
import { whereItRuns } from "../ui/whereabouts.js";
import { quote } from "./quote.js";
import { tooFew, verdict } from "./verdict.js";

/** @typedef {import("../backend/answer.js").Analysis} Analysis */
/** @typedef {import("../backend/answer.js").Label} Label */
/** @typedef {import("../backend/answer.js").TopComment} TopComment */
/** @typedef {import("../backend/answer.js").Word} Word */
/** @typedef {import("../youtube/comment.js").FoundComment} FoundComment */

/** Signs, so that colour is never the only difference. */
const SIGNS = { negative: "M3 6h6", neutral: "M6 6m-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0", positive: "M3 6h6 M6 3v6" };

const BEST_FIRST = [...LABELS].reverse();

/** @param {Label} label */
const sign = (label) =>
  shape(
    "svg",
    { viewBox: "0 0 12 12", width: 16, height: 16, class: `sign fill-${label}`, "aria-hidden": "true" },
    shape("rect", { width: 12, height: 12, rx: 3.5 }),
    shape("path", { d: SIGNS[label], class: "sign-stroke" }),
  );

/**
 * @param {string} title
 * @param {string} name
 * @param {...import("../ui/element.js").Child} content
 */
const section = (title, name, ...content) =>
  element(
    "section",
    { class: `card ${name}`, "aria-labelledby": `${name}-title` },
    element("h2", { id: `${name}-title` }, title),
    ...content,
  );

/** @param {Analysis} analysis */
function mood({ counts, score: mean, like_weighted: weighted }) {
  const share = (/** @type {Label} */ label) => counts[label] / Math.max(1, counts.total);
  const parts = BEST_FIRST.map((label) => ({
    name: label,
    value: counts[label],
    title: text("labelShare", text(label), number(counts[label]), percent(share(label))),
  }));
  const interval = text("interval", score(mean.low), score(mean.high));
  return section(
    text(verdict(counts, mean)),
    "mood",
    tooFew(counts) && element("p", { class: "muted caution" }, text("tooFew")),
    element(
      "div",
      { class: "mood-row" },
      donut(parts, {
        name: text("donutName", ...parts.map((part) => part.title)),
        centre: number(counts.total),
        caption: plural("commentsWord", counts.total),
      }),
      element(
        "ul",
        { class: "legend" },
        ...BEST_FIRST.map((label) =>
          element(
            "li",
            { "data-label-count": label },
            sign(label),
            element("span", { class: "legend-name" }, text(label)),
            element("span", { class: "legend-share" }, percent(share(label))),
            element("span", { class: "legend-count" }, number(counts[label])),
          ),
        ),
      ),
    ),
    element(
      "div",
      { class: "score" },
      element(
        "p",
        { class: "score-line" },
        element("span", {}, text("meanScore")),
        element("strong", { "data-score": "" }, score(mean.mean)),
        element("span", { class: "muted", "data-interval": "" }, interval),
      ),
      range(mean, { name: text("rangeName", score(mean.mean), interval), likeWeighted: weighted?.mean }),
      element(
        "p",
        { class: "scale muted", "aria-hidden": "true" },
        element("span", {}, `−1 ${text("negative")}`),
        element("span", {}, "0"),
        element("span", {}, `${text("positive")} +1`),
      ),
      weighted &&
        element(
          "p",
          { class: "muted likes-line" },
          shape(
            "svg",
            { viewBox: "0 0 10 8", width: 10, height: 8, "aria-hidden": "true" },
            shape("path", { d: "M5 0l5 8H0z", class: "range-likes" }),
          ),
          text("likeWeighted", score(weighted.mean)),
        ),
    ),
  );
}

/** @param {Analysis} analysis */
function trendTable({ trend: steps, bucket }) {
  return element(
    "details",
    { class: "numbers" },
    element("summary", {}, text("showNumbers")),
    element(
      "div",
      { class: "scroll", tabindex: 0, role: "group", "aria-label": text("trendTitle") },
      element(
        "table",
        {},
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            ...["when", ...LABELS, "meanScore"].map((name) => element("th", { scope: "col" }, text(name))),
          ),
        ),
        element(
          "tbody",
          {},
          ...steps
            .filter((step) => commentsIn(step) > 0)
            .map((step) =>
              element(
                "tr",
                {},
                element("th", { scope: "row" }, bucketDate(step.start, bucket)),
                ...LABELS.map((label) => element("td", {}, number(step[label]))),
                element("td", {}, step.mean === null ? "" : score(step.mean)),
              ),
            ),
        ),
      ),
    ),
  );
}

/** @param {Analysis} analysis */
function overTime(analysis) {
  const { trend: steps, bucket, undated } = analysis;
  const filled = steps.filter((step) => step.mean !== null);
  const undatedLine = undated > 0 && element("p", { class: "muted" }, plural("undated", undated, number(undated)));
  if (filled.length < 2) {
    return section(
      text("trendTitle"),
      "time",
      element(
        "p",
        { class: "muted" },
        filled.length === 1 ? text("trendOneStep", bucketDate(filled[0].start, bucket)) : text("trendNone"),
      ),
      undatedLine,
    );
  }
  const first = filled[0];
  const last = filled[filled.length - 1];
  const say = (/** @type {typeof first} */ step) =>
    text("trendStep", bucketDate(step.start, bucket), score(Number(step.mean)));
  return section(
    text("trendTitle"),
    "time",
    element("p", { class: "muted legend-line" }, text("trendLegend")),
    trend(steps, {
      name: text("trendName", say(first), say(last)),
      titles: steps.map((step) =>
        [
          bucketDate(step.start, bucket),
          ...LABELS.map((label) => `${text(label)}: ${number(step[label])}`),
          step.mean === null || step.low === null || step.high === null
            ? ""
            : `${text("meanScore")}: ${score(step.mean)} (${score(step.low)} … ${score(step.high)})`,
        ]
          .filter(Boolean)
          .join("\n"),
      ),
    }),
    element(
      "p",
      { class: "axis muted", "aria-hidden": "true" },
      element("span", {}, bucketDate(steps[0].start, bucket)),
      element("span", {}, bucketDate(steps[steps.length - 1].start, bucket)),
    ),
    trendTable(analysis),
    undatedLine,
  );
}

/** @param {Word} word */
const wordTitle = (word) => plural("wordTitle", word.count, word.term, number(word.count));

/**
 * @param {Word[]} words
 * @returns {Node}
 */
function wordPanel(words) {
  if (words.length === 0) return element("p", { class: "muted none" }, text("wordsNone"));
  const list = words.map(wordTitle).join(", ");
  return cloud(words, { name: text("wordsName", list), title: wordTitle });
}

/** @param {Analysis} analysis */
function manyWords({ words }) {
  return section(
    text("wordsTitle"),
    "words",
    tabs(
      text("wordsTitle"),
      /** @type {const} */ (["all", "positive", "neutral", "negative"]).map((kind) => ({
        id: `words-${kind}`,
        label: text(kind),
        content: () => wordPanel(words[kind]),
      })),
    ),
  );
}

/**
 * @param {TopComment[]} comments
 * @param {string} videoId
 * @param {Map<string, FoundComment>} found
 * @returns {Node}
 */
function commentPanel(comments, videoId, found) {
  if (comments.length === 0) return element("p", { class: "muted none" }, text("commentsNone"));
  return element(
    "ol",
    { class: "quotes" },
    ...comments.map((comment) => quote(comment, found.get(comment.id), videoId)),
  );
}

/**
 * @param {Analysis} analysis
 * @param {Map<string, FoundComment>} found
 */
function topComments({ top_comments: top, video }, found) {
  const kinds = /** @type {const} */ (["positive", "negative", "controversial"]).filter(
    (kind) => kind !== "controversial" || top[kind]?.length > 0,
  );
  return section(
    text("topTitle"),
    "top",
    tabs(
      text("topTitle"),
      kinds.map((kind) => ({
        id: `top-${kind}`,
        label: text(kind),
        content: () => commentPanel(top[kind], video.id, found),
      })),
    ),
  );
}

/**
 * @param {Analysis} analysis
 * @param {Map<string, FoundComment>} found the comments as the page shows them
 * @param {string} address of the backend
 * @param {...import("../ui/element.js").Child} above what is said before the sections
 */
export function results(analysis, found, address, ...above) {
  const { name, version } = analysis.model;
  return element(
    "div",
    { class: "results", "data-state": "results" },
    ...above,
    mood(analysis),
    overTime(analysis),
    manyWords(analysis),
    topComments(analysis, found),
    element(
      "footer",
      { class: "muted" },
      element("p", {}, text("honesty")),
      element("p", {}, text("modelLine", `${name} ${version}`, whereItRuns(address))),
    ),
  );
}
