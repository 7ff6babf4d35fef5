// Asks the service worker, from the page or from a view. Knows that Chrome may stop a worker at any moment, its
// answer with it, and that a second question starts it again; doesn't know what the questions mean.

import { BackendProblem } from "../backend/problem.js";

/** @typedef {import("../backend/problem.js").Problem} Problem */
/** @typedef {import("../ui/settings.js").Settings} Settings */
/**
 * What may be asked, and what is answered. Settings go without the token: a page has no use for it.
 *
 * @typedef {{
 *   analyze: [{ request: import("../backend/request.js").AnalyzeRequest }, import("../backend/answer.js").Answer],
 *   predict: [{ comments: { id: string, text: string }[] }, import("../backend/answer.js").Prediction[]],
 *   feedback: [{ feedback: import("../backend/client.js").Feedback }, true],
 *   ready: [{}, true],
 *   model: [{}, { name: string, version: string }],
 *   settings: [{}, Omit<Settings, "token">],
 * }} Questions
 */
/** @typedef {{ ok: true, value: unknown } | { ok: false, problem: Problem }} Reply */

const TRIES = 4;
const BETWEEN_TRIES_MS = 250;

/** The extension was updated or removed, and what is left of it in this page has nobody to talk to. */
export class Orphaned extends Error {}

/** @returns {boolean} */
export const isOrphan = () => !globalThis.chrome?.runtime?.id;

/**
 * @template {keyof Questions} Kind
 * @param {Kind} kind
 * @param {Questions[Kind][0]} content
 * @returns {Promise<Questions[Kind][1]>}
 * @throws {BackendProblem} what the backend, or the way to it, has against it
 */
export async function ask(kind, content) {
  let lost;
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (isOrphan()) throw new Orphaned();
    try {
      /** @type {Reply | undefined} */
      const reply = await chrome.runtime.sendMessage({ kind, ...content });
      if (reply?.ok) return /** @type {Questions[Kind][1]} */ (reply.value);
      if (reply) throw new BackendProblem(reply.problem.kind, reply.problem);
    } catch (error) {
      if (error instanceof BackendProblem) throw error;
      lost = error;
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS * 2 ** tried));
  }
  throw lost instanceof Error ? lost : new Error("the service worker gave no answer");
}
