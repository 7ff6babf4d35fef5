import assert from "node:assert/strict";
import { test } from "node:test";

import { analyzeRequest, MOST_COMMENTS } from "../../extension/backend/request.js";
import { commentFrom, sendable } from "../../extension/youtube/comment.js";

const PAGE = { language: "en", now: Date.UTC(2026, 10, 24) };
const FOUND = {
  id: "Ug1",
  videoId: "abc",
  text: "Great 😂",
  author: "@ada",
  likes: "1.2K",
  published: "1 day ago",
  replies: "",
  level: 0,
  replyTo: null,
  pinned: false,
  hearted: false,
  byOwner: true,
};

test("a comment carries what the page shows, in the backend's words", () => {
  assert.deepEqual(commentFrom({ ...FOUND, pinned: true, hearted: true, replyTo: "Ug0" }, PAGE), {
    id: "Ug1",
    text: "Great 😂",
    author: "@ada",
    likes: 1200,
    published_at: "2026-11-22T12:00:00.000Z",
    published_at_width: 86_400,
    reply_to: "Ug0",
    pinned: true,
    hearted: true,
  });
});

test("what the page doesn't show, or shows in a way nobody understands, is left out", () => {
  const bare = { ...FOUND, author: "", likes: "many", published: "once upon a time" };
  assert.deepEqual(commentFrom(bare, PAGE), { id: "Ug1", text: "Great 😂" });
});

test("NUL and half surrogate pairs are never sent, whole pairs are", () => {
  assert.equal(sendable("a\0b\ud83dc\ude02d😂"), "ab\ufffdc\ufffdd😂");
});

test("a name is cut to what the backend takes, without leaving half an emoji", () => {
  const { author = "" } = commentFrom({ ...FOUND, author: `${"n".repeat(299)}😂` }, PAGE);
  assert.equal(author.length, 300);
  assert.ok(author.isWellFormed());
});

test("a request holds the comments that have words, up to the contract's limit", () => {
  const comments = Array.from({ length: MOST_COMMENTS + 10 }, (_, index) => ({
    id: String(index),
    text: index === 0 ? "" : "words",
  }));
  const request = analyzeRequest({ id: "abc", title: "T\0itle" }, comments, "Europe/Berlin");
  assert.equal(request.comments.length, MOST_COMMENTS);
  assert.equal(request.comments[0].id, "1");
  assert.deepEqual(request.video, { id: "abc", title: "Title" });
  assert.equal(request.options.timezone, "Europe/Berlin");
});
