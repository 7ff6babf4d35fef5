// How much of the comment section was read, and why not all of it. Knows reasons; the sentences are messages.

/** @typedef {import("../session/types.js").EndReason} EndReason */

/** @type {Record<EndReason, string | null>} */
const WHY = {
  limit: "partialLimit",
  cancelled: "partialCancelled",
  stalled: "partialStalled",
  end: "partialHidden",
  failed: "partialFailed",
  off: null,
};

/**
 * @param {{ read: number, announced: number | null, reason: EndReason, repliesOpened: boolean }} reading
 * @returns {{ partial: boolean, why: string | null }} name of the message that tells why
 */
export function coverage({ read, announced, reason, repliesOpened }) {
  const stopped = reason === "cancelled" || reason === "stalled" || reason === "failed";
  const partial = announced === null ? stopped : read < announced;
  if (!partial) return { partial, why: null };
  if (reason === "end" && !repliesOpened) return { partial, why: "partialReplies" };
  return { partial, why: WHY[reason] };
}
