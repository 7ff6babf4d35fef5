import assert from "node:assert/strict";
import { test } from "node:test";

import { installChrome } from "./fake_chrome.js";

const stored = installChrome();
const { loadSettings, saveSettings, settingsFrom } = await import("../../extension/ui/settings.js");

/** @type {import("../../extension/ui/settings.js").Settings} */
const DEFAULTS = {
  address: "http://127.0.0.1:8000",
  token: "",
  limit: 1_000,
  order: "top",
  openReplies: true,
  marks: true,
  interfaceLanguage: "",
};

test("settings that were never stored have their defaults", () => {
  assert.deepEqual(settingsFrom({}), DEFAULTS);
});

for (const [name, senseless] of /** @type {const} */ ([
  ["address", "javascript:alert(1)"],
  ["address", 7],
  ["token", 5],
  ["limit", 10_001],
  ["limit", 19],
  ["limit", "500"],
  ["order", "oldest"],
  ["openReplies", "yes"],
  ["marks", null],
  ["interfaceLanguage", "xx"],
  ["interfaceLanguage", "../../manifest"],
])) {
  test(`${JSON.stringify(senseless)} as the ${name} is replaced, the others stay`, () => {
    /** @type {import("../../extension/ui/settings.js").Settings} */
    const kept = {
      address: "https://mood.example.org",
      token: "s3cret",
      limit: 10_000,
      order: "newest",
      openReplies: false,
      marks: false,
      interfaceLanguage: "pt_BR",
    };
    assert.deepEqual(settingsFrom(kept), kept);
    assert.deepEqual(settingsFrom({ ...kept, [name]: senseless }), { ...kept, [name]: DEFAULTS[name] });
  });
}

test("the token stays on this computer, the rest is synchronised", async () => {
  /** @type {import("../../extension/ui/settings.js").Settings} */
  const settings = { ...DEFAULTS, address: "http://localhost:9", token: "s3cret", limit: 40, openReplies: false };
  await saveSettings(settings);
  assert.deepEqual(await loadSettings(), settings);
  assert.deepEqual(stored.local, { token: "s3cret" });
  assert.ok(!("token" in stored.sync));
});
