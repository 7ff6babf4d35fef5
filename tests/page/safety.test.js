import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const PAGE = new URL("../../backend/static/page/", import.meta.url);
const TEMPLATE = readFileSync(new URL("../../backend/templates/page.html", import.meta.url), "utf8");
const sources = readdirSync(PAGE, { recursive: true })
  .map(String)
  .filter((path) => /\.(?:js|css)$/u.test(path))
  .map((path) => /** @type {const} */ ([path, readFileSync(new URL(path, PAGE), "utf8")]));

test("text only ever becomes a text node", () => {
  const markup = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|setHTML/u;
  assert.ok(sources.length > 10);
  assert.deepEqual(sources.filter(([, source]) => markup.test(source)).map(([path]) => path), []);
});

test("nothing comes from elsewhere", () => {
  const elsewhere = /(?:src|href)="(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\/|import\(?\s*["']https?:|from "https?:/u;
  assert.deepEqual([...sources, ["page.html", TEMPLATE]].filter(([, source]) => elsewhere.test(source)), []);
});

test("the page holds no script or style of its own, which its policy forbids", () => {
  assert.doesNotMatch(TEMPLATE, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/u);
  assert.doesNotMatch(TEMPLATE, /\|\s*safe/u);
});
