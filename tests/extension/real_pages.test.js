// Dates and likes as YouTube really printed them, from responses kept beside the repository. They belong to
// others, so nothing of them is in it; without them these tests are skipped.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { commentFrom } from "../../extension/youtube/comment.js";
import { ageFrom, isEdited } from "../../extension/youtube/dates.js";

const RECORDED = new URL("../../../shared/youtube/", import.meta.url);
const skip = !existsSync(RECORDED) && "there are no recorded responses in ../shared/youtube";
const UNITS = /** @type {const} */ (["minute", "hour", "day", "week", "month", "year"]);
/** @type {Record<string, number>} */
const MULTIPLES = { "": 1, K: 1e3, M: 1e6 };

/** @typedef {{ id: string, author: string, likes: string, published: string, text: string, language: string }} Recorded */

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(path, RECORDED), "utf8"));

/**
 * @param {any} tree
 * @param {string} name
 * @returns {Generator<any>} every value that has this name, however deep
 */
function* valuesOf(tree, name) {
  if (typeof tree !== "object" || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    if (key === name) yield value;
    yield* valuesOf(value, name);
  }
}

/** @param {{ simpleText?: string, runs?: { text: string }[] }} [words] */
const joined = (words) => words?.simpleText ?? words?.runs?.map(({ text }) => text).join("") ?? "";

/**
 * @param {any} response of either generation
 * @param {string} language
 * @returns {Recorded[]}
 */
function commentsIn(response, language) {
  const newer = [...valuesOf(response, "commentEntityPayload")].map(({ properties, author, toolbar }) => ({
    id: properties.commentId,
    author: author.displayName,
    likes: toolbar.likeCountNotliked,
    published: properties.publishedTime,
    text: properties.content.content,
    language,
  }));
  const older = [...valuesOf(response, "commentRenderer")].map((comment) => ({
    id: comment.commentId,
    author: joined(comment.authorText),
    likes: joined(comment.voteCount),
    published: joined(comment.publishedTimeText),
    text: joined(comment.contentText),
    language,
  }));
  return [...newer, ...older];
}

/** @returns {Recorded[]} */
function recorded() {
  return readdirSync(new URL("innertube/", RECORDED))
    .filter((name) => /_(old|new)\.json$/u.test(name))
    .flatMap((name) => commentsIn(read(`innertube/${name}`), name.includes("localized") ? "de" : "en"));
}

/** @param {string} shown in English, "9.5K" */
function likesInEnglish(shown) {
  const [, digits, multiple] = /^([\d.]*)([KM]?)$/u.exec(shown.trim().toUpperCase()) ?? [];
  return Math.round(Number(digits) * MULTIPLES[multiple]);
}

test("every comment that YouTube sent has its likes, date, author and words understood", { skip }, () => {
  const found = recorded();
  assert.ok(found.length > 300, `only ${found.length} comments are recorded`);
  for (const comment of found) {
    const page = { language: comment.language, now: Date.UTC(2026, 10, 24) };
    const sent = commentFrom(
      { ...comment, videoId: "v", replyTo: null, replies: "", level: 0, pinned: false, hearted: false, byOwner: false },
      page,
    );
    assert.equal(sent.author, comment.author);
    assert.equal(sent.text, comment.text);
    assert.ok(sent.published_at, comment.published);
    const likes = comment.language === "de" ? Number(comment.likes.replace(/\D/gu, "")) : likesInEnglish(comment.likes);
    assert.equal(sent.likes, likes, comment.likes);
  }
});

test("edited comments are told from others in both languages", { skip }, () => {
  const edited = recorded().filter(({ published }) => isEdited(published));
  assert.ok(edited.length > 20);
  assert.ok(edited.every(({ published }) => /edited|bearbeitet/u.test(published)));
});

test("a date in any of YouTube's 80 languages is right or left out, and mostly right", { skip }, () => {
  let right = 0;
  let all = 0;
  /** @type {string[]} */
  const wrong = [];
  for (const unit of UNITS) {
    const sentences = read(`timeago/newpipe_${unit}s.json`);
    for (const [age, byLanguage] of Object.entries(sentences)) {
      const amount = Number.parseInt(age, 10);
      for (const [language, sentence] of Object.entries(byLanguage)) {
        const found = ageFrom(sentence, language);
        all += 1;
        if (found?.unit === unit && found.amount === amount) right += 1;
        else if (found) wrong.push(`${language} ${sentence}: ${found.amount} ${found.unit}`);
      }
    }
  }
  assert.ok(all > 9_000);
  assert.deepEqual(wrong, []);
  assert.ok(right / all > 0.9, `${right} of ${all} are right`);
});
