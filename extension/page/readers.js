// Which reader reads the comments: YouTube's own requests, and where those don't work, what stands on the page.
// Knows the order in which they are tried; doesn't know how either reads.

import { readPage } from "../youtube/page_reader.js";
import { readByRequests } from "../youtube/request_reader.js";

/** @typedef {import("../youtube/reading.js").Reading} Reading */
/** @typedef {import("../youtube/reading.js").Task} Task */
/** @typedef {(task: Task) => Reading} Reader */

/** @type {["requests" | "page", Reader][]} */
const READERS = [
  ["requests", readByRequests],
  ["page", readPage],
];

/**
 * @param {Task} task
 * @param {{ uses: (how: "requests" | "page") => void, troubles: (error: unknown) => void }} tell
 * @returns {Reading} what one left unread when it failed, the next one reads
 */
export async function* readComments(task, { uses, troubles }) {
  for (const [how, reader] of READERS) {
    uses(how);
    try {
      return yield* reader(task);
    } catch (error) {
      task.signal.throwIfAborted();
      if (how === READERS[READERS.length - 1][0]) throw error;
      troubles(error);
    }
  }
  return "end";
}
