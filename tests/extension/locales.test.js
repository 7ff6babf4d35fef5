import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { worded } from "../../extension/ui/catalogue.js";
import { formatTag, localeFor, LOCALES, nameOfLocale, tagOf } from "../../extension/ui/locales.js";
import { catalogueOf, formsOf, missing, TRANSLATED, wanted, written } from "../../release/translations.js";
import { installChrome } from "./fake_chrome.js";

const stored = installChrome();
const { speak } = await import("../../extension/ui/language.js");
const { plural, text } = await import("../../extension/ui/messages.js");
const { bucketDate, number, percent, shortNumber } = await import("../../extension/ui/format.js");

const FOLDER = new URL("../../extension/_locales/", import.meta.url);
const english = catalogueOf("en");
const placeholdersIn = (/** @type {string} */ message) => [...new Set(message.match(/\$\w+\$/gu))].sort();

test("the languages that can be chosen are those of the folder", () => {
  assert.deepEqual(readdirSync(FOLDER).sort(), [...LOCALES].sort());
});

test("nothing is left to translate: node release/translations.js lists it", () => {
  assert.deepEqual(missing(), {});
});

for (const locale of TRANSLATED) {
  const catalogue = catalogueOf(locale);

  test(`${locale} is written as the tool writes it: English order and placeholders, nothing that English lacks`, () => {
    assert.equal(readFileSync(new URL(`${locale}/messages.json`, FOLDER), "utf8"), written(locale));
  });

  test(`every value that an English message tells is told in ${locale}`, () => {
    const untold = [...wanted(locale, english)].filter(
      ([name, { message }]) =>
        placeholdersIn(message).join() !== placeholdersIn(catalogue[name]?.message ?? "").join(),
    );
    assert.deepEqual(untold.map(([name]) => name), []);
  });

  test(`${locale} names itself, so that screen readers pronounce it`, () => {
    assert.equal(catalogue.language.message, tagOf(locale));
  });

  test(`every plural form of ${locale} is worded`, async () => {
    await speak(locale);
    for (const form of formsOf(locale)) assert.ok(`readAll_${form}` in catalogue, form);
    for (const count of [0, 1, 2, 5, 11, 1_000_000]) {
      const said = plural("readAll", count, number(count));
      assert.ok(said.includes(number(count)) && !said.includes("$"), said);
    }
  });
}

test("the words, numbers and dates are those of the chosen language", async () => {
  await speak("de");
  assert.equal(text("interval", "+0,1", "+0,2"), "+0,1 bis +0,2, zu 95\u00a0% sicher");
  assert.deepEqual([number(12_400), percent(0.5), shortNumber(1_900_000)], ["12.400", "50\u00a0%", "1,9\u00a0Mio."]);
  assert.equal(bucketDate("2026-03-15T12:00:00Z", "month"), "März 2026");
  await speak("ja");
  assert.equal(plural("likes", 1, 1), "高評価1件");
  await speak("");
  assert.equal(plural("likes", 12_400, number(12_400)), "12,400 likes");
});

test("many of something is worded as the language does", async () => {
  await speak("fr");
  assert.equal(plural("readAll", 0, 0), "0 commentaire lu");
  assert.match(plural("readAll", 1_000_000, "1 000 000"), /000 de commentaires lus/u);
});

test("a browser in a language's other country gets its words and keeps its numbers", () => {
  assert.equal(localeFor("pt-PT"), "pt_BR");
  assert.equal(localeFor("es-419"), "es");
  assert.equal(localeFor("it"), undefined);
  assert.equal(formatTag("de", ["en-US", "de-AT"]), "de-AT");
  assert.equal(formatTag("pt_BR", ["it"]), "pt-BR");
  assert.deepEqual(LOCALES.map(nameOfLocale).slice(0, 3), ["Deutsch", "English", "Español"]);
});

test("a message is worded as Chrome words it", () => {
  const catalogue = {
    price: { message: "$$5 for $WHAT$ and $2", placeholders: { what: { content: "the $1" } } },
    odd: { message: "$UNKNOWN$ $1" },
  };
  assert.equal(worded(catalogue, "price", ["book", "a pen"]), "$5 for the book and a pen");
  assert.equal(worded(catalogue, "price", ["$2", "x"]), "$5 for the $2 and x");
  assert.equal(worded(catalogue, "odd", []), "$UNKNOWN$ ");
  assert.equal(worded(catalogue, "absent", []), "");
  assert.equal(worded(catalogue, "toString", []), "");
});

test("the language is the stored one from the start", async () => {
  Object.assign(stored.sync, { interfaceLanguage: "es" });
  const fresh = /** @type {typeof import("../../extension/ui/language.js")} */ (
    await import(`../../extension/ui/language.js?${Date.now()}`)
  );
  assert.equal(fresh.language.tag, "es");
});
