import assert from "node:assert/strict";
import { test } from "node:test";

import { backendAddress, isThisComputer, permissionFor, startCommand } from "../../extension/backend/address.js";
import { commentAddress, videoIdIn, videoIn } from "../../extension/youtube/address.js";

for (const [typed, address] of [
  ["http://127.0.0.1:8000", "http://127.0.0.1:8000"],
  ["  http://localhost:9000/ ", "http://localhost:9000"],
  ["https://mood.example.org/undertone//", "https://mood.example.org/undertone"],
  ["HTTP://LOCALHOST", "http://localhost"],
]) {
  test(`${JSON.stringify(typed)} is the backend ${address}`, () => {
    assert.equal(backendAddress(typed), address);
  });
}

for (const typed of [
  "",
  "127.0.0.1:8000",
  "localhost:8000",
  "ftp://127.0.0.1",
  "javascript:alert(1)",
  "file:///etc/passwd",
  "http://",
  "http://user:secret@127.0.0.1",
  "http://127.0.0.1/?a=b",
  "http://127.0.0.1/#a",
]) {
  test(`${JSON.stringify(typed)} is no backend`, () => {
    assert.equal(backendAddress(typed), null);
  });
}

test("this computer over plain HTTP needs no further permission", () => {
  assert.equal(permissionFor("http://127.0.0.1:8000"), null);
  assert.equal(permissionFor("http://localhost:8000"), null);
});

test("anything else is asked for by its host alone", () => {
  assert.equal(permissionFor("https://mood.example.org:8443/undertone"), "https://mood.example.org/*");
  assert.equal(permissionFor("https://localhost"), "https://localhost/*");
  assert.equal(permissionFor("http://127.0.0.1.example.org"), "http://127.0.0.1.example.org/*");
});

for (const [address, command] of [
  ["http://127.0.0.1:8000", "make serve"],
  ["http://localhost:8000", "make serve"],
  ["http://127.0.0.1:9001", "make serve PORT=9001"],
  ["http://localhost", "make serve PORT=80"],
  ["https://localhost:8000", null],
  ["http://192.168.0.7:8000", null],
  ["https://mood.example.org", null],
]) {
  test(`what runs at ${address} is started with ${command}`, () => {
    assert.equal(startCommand(String(address)), command);
  });
}

test("another computer is never taken for this one", () => {
  assert.ok(isThisComputer("http://127.0.0.1:8000"));
  assert.ok(!isThisComputer("http://127.0.0.1.example.org"));
});

test("a watch page's address holds the video's id", () => {
  assert.equal(videoIdIn("https://www.youtube.com/watch?v=abc123&t=4s"), "abc123");
});

for (const address of [
  undefined,
  "",
  "https://www.youtube.com/",
  "https://www.youtube.com/watch",
  "https://www.youtube.com/watch?v=",
  "https://www.youtube.com.example.org/watch?v=abc123",
  "https://example.org/watch?v=abc123",
]) {
  test(`${address} shows no video`, () => {
    assert.equal(videoIdIn(address), null);
  });
}

test("a comment's address can't be left by what its id holds", () => {
  assert.equal(commentAddress("abc", "Ug.1"), "https://www.youtube.com/watch?v=abc&lc=Ug.1");
  const { origin, searchParams } = new URL(commentAddress("a&b=#c", "javascript:alert(1)//&v=other"));
  assert.equal(origin, "https://www.youtube.com");
  assert.deepEqual(searchParams.getAll("v"), ["a&b=#c"]);
  assert.equal(searchParams.get("lc"), "javascript:alert(1)//&v=other");
});

test("a short's address holds its id, whatever follows it", () => {
  assert.deepEqual(videoIn("https://www.youtube.com/shorts/abc123?feature=share"), { id: "abc123", kind: "shorts" });
  assert.deepEqual(videoIn("https://www.youtube.com/watch?v=abc123"), { id: "abc123", kind: "watch" });
  assert.equal(videoIn("https://www.youtube.com/shorts/"), null);
});
