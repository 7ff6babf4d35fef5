// What the collector and the popup tell each other, as types.

/**
 * From the page to the popup. Every message names its video, so that nothing of one video is counted for another.
 *
 * @typedef {{ kind: "comments", videoId: string, language: string, announced: string,
 *             video: import("./comment.js").Video, comments: import("./comment.js").FoundComment[] }} CommentsMessage
 * @typedef {"end" | "limit" | "cancelled" | "stalled" | "off"} EndReason
 * @typedef {{ kind: "finished", videoId: string, announced: string, reason: EndReason }} FinishedMessage
 * @typedef {{ kind: "moved", videoId: string }} MovedMessage
 * @typedef {{ kind: "failed", videoId: string, error: string }} FailedMessage
 * @typedef {CommentsMessage | FinishedMessage | MovedMessage | FailedMessage} PageMessage
 */

/**
 * From the popup to the page.
 *
 * @typedef {{ kind: "collect", limit: number, openReplies: boolean } | { kind: "cancel" }} PopupMessage
 */

export {};
