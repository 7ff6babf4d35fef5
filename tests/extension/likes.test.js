import assert from "node:assert/strict";
import { test } from "node:test";

import { countFrom, countInside } from "../../extension/youtube/likes.js";

for (const [shown, language, likes] of /** @type {const} */ ([
  ["", "en", 0],
  [" ", "en", 0],
  ["67", "en", 67],
  ["4037", "de", 4_037],
  ["19K", "en", 19_000],
  ["19k", "en-GB", 19_000],
  ["3.4k", "en-GB", 3_400],
  ["1.2M", "en", 1_200_000],
  ["19.924", "de", 19_924],
  ["1,9 Mio.", "de", 1_900_000],
  ["1\u202f234", "fr", 1_234],
  ["1,9\u00a0k", "fr", 1_900],
  ["1,2 mil", "es", 1_200],
  ["1,2 mi", "pt", 1_200_000],
  ["1,9 тыс.", "ru", 1_900],
  ["2.1万", "ja", 21_000],
  ["9,8 B", "tr", 9_800],
  ["1.2 lakh", "en-IN", 120_000],
  ["१.९ हज़ार", "hi", 1_900],
  ["١٫٩ ألف", "ar", 1_900],
  ["７８", "ja", 78],
])) {
  test(`${JSON.stringify(shown)} in ${language} is ${likes}`, () => {
    assert.equal(countFrom(shown, language), likes);
  });
}

for (const shown of ["Like", "12 of 13", "5 apples", "-3", "NaN", "1e9", "99999999999999999999"]) {
  test(`${JSON.stringify(shown)} is no count`, () => {
    assert.equal(countFrom(shown, "en"), null);
  });
}

for (const [heading, language, count] of /** @type {const} */ ([
  ["5,145 Comments", "en", 5_145],
  ["1 Comment", "en", 1],
  ["19.769 Kommentare", "de", 19_769],
  ["コメント 1,240 件", "ja", 1_240],
  ["1.2K Comments", "en", 1_200],
  ["1 204 commentaires", "fr", 1_204],
  ["1,2 mil comentarios", "es", 1_200],
  ["0 Comments", "en", 0],
  ["Comments", "en", null],
  ["", "en", null],
])) {
  test(`the heading ${JSON.stringify(heading)} announces ${count}`, () => {
    assert.equal(countInside(heading, language), count);
  });
}
