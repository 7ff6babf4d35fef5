import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { installChrome } from "./fake_chrome.js";

installChrome();
const { plural, text } = await import("../../extension/ui/messages.js");
const { calm } = await import("../../extension/ui/calm_text.js");
const { bucketDate, number, score } = await import("../../extension/ui/format.js");

const EXTENSION = new URL("../../extension/", import.meta.url);
const MESSAGES = JSON.parse(readFileSync(new URL("_locales/en/messages.json", EXTENSION), "utf8"));
const SOURCES = readdirSync(EXTENSION, { recursive: true })
  .map(String)
  .filter((path) => /\.(js|html|json)$/u.test(path) && !path.startsWith("_locales"))
  .map((path) => readFileSync(new URL(path, EXTENSION), "utf8"))
  .join("\n");

test("a message takes its values, a plural its form", () => {
  assert.equal(text("interval", "+0.1", "+0.2"), "+0.1 to +0.2, 95 % sure");
  assert.equal(plural("likes", 1, 1), "1 like");
  assert.equal(plural("likes", 0, 0), "0 likes");
});

test("every message that is asked for exists", () => {
  const asked = [
    ...SOURCES.matchAll(/\btext\("(\w+)"/gu),
    ...SOURCES.matchAll(/data-(?:text|label)="(\w+)"/gu),
    ...SOURCES.matchAll(/__MSG_(\w+)__/gu),
  ].map(([, name]) => name);
  const plurals = [...SOURCES.matchAll(/\bplural\("(\w+)"/gu)].map(([, name]) => name);
  assert.ok(asked.length > 40 && plurals.length > 5);
  assert.deepEqual(
    [...asked, ...plurals.flatMap((name) => [`${name}_one`, `${name}_other`])].filter((name) => !(name in MESSAGES)),
    [],
  );
});

test("every message is used somewhere", () => {
  const unused = Object.keys(MESSAGES).filter((name) => {
    const base = name.replace(/_(one|other)$/u, "");
    // The words below a problem's title are asked for by the title's name with "Body" after it.
    return !new RegExp(`\\b(${base}|${base.replace(/Body$/u, "")})\\b`, "u").test(SOURCES);
  });
  assert.deepEqual(unused, []);
});

test("a stranger's word can't turn the direction of a label, tower over it or flood it", () => {
  assert.equal(calm("\u202eevil\u2066\u200f"), "evil");
  assert.equal(calm(`z${"\u0301".repeat(500)}`), "z\u0301\u0301\u0301");
  assert.equal(calm("a\nb\0c"), "a b c");
  assert.equal(calm("x".repeat(99), 5), "xxxx…");
  assert.equal(calm("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2), "👨‍👩‍👧…");
});

test("numbers are written as people write them", () => {
  assert.equal(number(1240), "1,240");
  assert.equal(score(0.314), "+0.31");
  assert.equal(score(-0.5), "−0.50");
  assert.equal(score(0), "0.00");
  assert.equal(bucketDate("2026-03-01T00:00:00Z", "year"), "2026");
});
