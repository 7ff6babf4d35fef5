import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const EXTENSION = new URL("../../extension/", import.meta.url);
const MANIFEST = JSON.parse(readFileSync(new URL("manifest.json", EXTENSION), "utf8"));
const files = (/** @type {RegExp} */ kind) =>
  readdirSync(EXTENSION, { recursive: true }).map(String).filter((path) => kind.test(path));
const source = (/** @type {string} */ path) => readFileSync(new URL(path, EXTENSION), "utf8");

test("text only ever becomes a text node", () => {
  const markup = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|setHTML/u;
  assert.deepEqual(
    files(/\.js$/u).filter((path) => markup.test(source(path))),
    [],
  );
});

test("no code, style or font comes from elsewhere", () => {
  const elsewhere = /(?:src|href)="(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\/|import\(?\s*["']https?:/u;
  assert.deepEqual(
    files(/\.(js|html|css)$/u).filter((path) => elsewhere.test(source(path))),
    [],
  );
});

test("the pages hold no script of their own, which Chrome would refuse", () => {
  for (const path of files(/\.html$/u)) {
    assert.doesNotMatch(source(path), /<script(?![^>]*\bsrc=)|\son\w+=/u, path);
  }
});

test("what YouTube's page looks like is known in one folder only", () => {
  const selector = /ytd-|#content-text|#author-text|yt-navigate/u;
  const knowing = files(/\.js$/u).filter((path) => selector.test(source(path)));
  assert.ok(knowing.length > 0);
  assert.ok(knowing.every((path) => path.startsWith("youtube/")), knowing.join(", "));
});

test("the manifest asks for no more than the extension uses, and names files that exist", () => {
  assert.deepEqual(MANIFEST.permissions, ["scripting", "storage"]);
  assert.deepEqual(MANIFEST.host_permissions, [
    "https://www.youtube.com/*",
    "http://127.0.0.1/*",
    "http://localhost/*",
  ]);
  assert.equal(MANIFEST.content_security_policy, undefined);
  const named = [
    ...Object.values(MANIFEST.icons),
    ...Object.values(MANIFEST.action.default_icon),
    MANIFEST.action.default_popup,
    MANIFEST.options_ui.page,
  ];
  assert.deepEqual(
    named.filter((path) => !existsSync(new URL(path, EXTENSION))),
    [],
  );
});
