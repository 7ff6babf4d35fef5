import assert from "node:assert/strict";
import { test } from "node:test";

import { ageFrom, isEdited, publishedFrom } from "../../extension/youtube/dates.js";

const NOW = Date.UTC(2026, 10, 24, 12);
const WEEK = 604_800;

for (const [shown, language, amount, unit] of /** @type {const} */ ([
  ["12 hours ago", "en", 12, "hour"],
  ["1 day ago", "en", 1, "day"],
  ["2 weeks ago (edited)", "en", 2, "week"],
  ["11 months ago", "en-GB", 11, "month"],
  ["vor 4 Jahren (bearbeitet)", "de-DE", 4, "year"],
  ["vor 1 Jahr", "de", 1, "year"],
  ["1 か月前（編集済み）", "ja-JP", 1, "month"],
  ["Hace 2 semanas", "es", 2, "week"],
  ["2 semanas atrás", "pt", 2, "week"],
  ["il y a 3 jours (modifié)", "fr", 3, "day"],
  ["2 सप्ताह पहले", "hi", 2, "week"],
  ["۱ ساعت قبل", "fa", 1, "hour"],
  ["2 nädalat tagasi", "et", 2, "week"],
  ["3 weeks ago", "de", 3, "week"],
  ["Неделю назад", "ru", 1, "week"],
])) {
  test(`${JSON.stringify(shown)} is ${amount} ${unit}`, () => {
    assert.deepEqual(ageFrom(shown, language), { amount, unit });
  });
}

for (const [shown, language] of [
  ["", "en"],
  ["(edited)", "en"],
  ["sometime", "en"],
  ["2 fortnights ago", "en"],
  ["3 weeks 2 days ago", "en"],
  // An unknown word may be the unit: this is a week, and "dana" alone would make it a day.
  ["Пре недељу дана", "sr"],
]) {
  test(`${JSON.stringify(shown)} isn't guessed at`, () => {
    assert.equal(ageFrom(shown, language), null);
  });
}

test("a language that doesn't exist is read as English", () => {
  assert.deepEqual(ageFrom("2 days ago", "not a language"), { amount: 2, unit: "day" });
});

test("a date is the middle of the span it can mean, with the span's width", () => {
  const published = publishedFrom("2 weeks ago", "en", NOW);
  assert.deepEqual(published, {
    published_at: new Date(NOW - 2.5 * WEEK * 1000).toISOString(),
    published_at_width: WEEK,
  });
});

test("no comment is older than YouTube", () => {
  assert.equal(publishedFrom("21 years ago", "en", NOW)?.published_at, "2005-05-25T15:00:00.000Z");
  assert.equal(publishedFrom("22 years ago", "en", NOW), null);
});

test("an edited comment says so at its end, in any language", () => {
  assert.ok(isEdited("2 weeks ago (edited)"));
  assert.ok(isEdited("1 か月前（編集済み）"));
  assert.ok(!isEdited("2 weeks ago"));
});
