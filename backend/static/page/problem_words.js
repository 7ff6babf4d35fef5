// What went wrong between the page and its server, in words and with what to do. Knows kinds of failures.

import { BackendProblem } from "../extension/backend/problem.js";

/** @typedef {import("../extension/backend/problem.js").Kind} Kind */

/** @type {Record<Kind, [string, string]>} */
const WORDS = {
  unreachable: ["The server doesn’t answer", "Check that it still runs, then try again."],
  timeout: ["No answer in time", "The server is there but took too long. Try again, or bring fewer comments."],
  token: ["This server wants an access token", "Enter the one that you were given; it is kept for this tab only."],
  too_large: ["Too much to send at once", "Bring fewer comments."],
  refused: ["The server refused the comments", "What it says of them is below."],
  permission: ["The server can’t be reached", "The browser doesn’t let this page reach it."],
  busy: ["Too much was asked at once", "The server takes so many requests a minute. Try again in a moment."],
  not_ready: ["The server isn’t ready", "It is busy, or its model doesn’t answer. Try again in a moment."],
  failed: ["Something went wrong in the server", "Its log says more. Trying again may help."],
  stranger: ["The server gave an answer that this page doesn’t understand", "Reload the page."],
};

/**
 * @param {unknown} error
 * @returns {{ title: string, advice: string, said: string[], needsToken: boolean }}
 */
export function wordsFor(error) {
  if (!(error instanceof BackendProblem)) {
    const said = error instanceof Error ? error.message : String(error);
    return { title: "Something went wrong", advice: "Reloading the page may help.", said: [said], needsToken: false };
  }
  const [title, advice] = WORDS[error.kind];
  const said = [[error.title, error.detail].filter(Boolean).join(": "), ...error.faults, error.requestId && `Request ${error.requestId}`];
  return { title, advice, said: said.flatMap((line) => line || []), needsToken: error.kind === "token" };
}
