// What every reader is given and gives, as types. A reader is an asynchronous generator: it yields what it finds
// as it finds it, returns why it ended, and throws what keeps it from going on.

/**
 * `isRead` tells of what came before, also from another reader; a reader leaves those out.
 *
 * @typedef {{
 *   videoId: string, order: "top" | "newest", openReplies: boolean, language: string,
 *   isRead: (id: string) => boolean, signal: AbortSignal,
 * }} Task
 */

/**
 * `announced` is the number of comments in YouTube's words.
 *
 * @typedef {{
 *   comments: import("./comment.js").FoundComment[], announced?: string,
 *   video?: import("./comment.js").Video,
 * }} Batch
 */

/** @typedef {AsyncGenerator<Batch, "end" | "stalled" | "off", void>} Reading */

export {};
