// The service worker: carries requests of the page and of views to the backend, which a page of YouTube can't
// reach. It keeps nothing, since Chrome stops it at will; who asked asks again.

import { analyse, checkReady, fetchModel, predict, sendFeedback } from "../backend/client.js";
import { BackendProblem, plainProblem } from "../backend/problem.js";
import { loadSettings } from "../ui/settings.js";

/** @typedef {import("./ask.js").Questions} Questions */
/** @typedef {import("./ask.js").Reply} Reply */
/** @typedef {import("../ui/settings.js").Settings} Settings */

/** Chrome stops a worker that does nothing but wait for this long a time; a call of its interface is doing. */
const HEARTBEAT_MS = 20_000;

/** @type {{ [Kind in keyof Questions]: (settings: Settings, content: Questions[Kind][0]) => Promise<unknown> }} */
const ANSWERS = {
  analyze: (settings, { request }) => analyse(settings, request),
  predict: (settings, { comments }) => predict(settings, comments),
  feedback: (settings, { feedback }) => sendFeedback(settings, feedback).then(() => true),
  ready: (settings) => checkReady(settings).then(() => true),
  model: fetchModel,
  settings: async ({ token: _, ...shared }) => shared,
};

/**
 * @param {{ kind: keyof Questions }} message
 * @returns {Promise<Reply>}
 */
async function replyTo({ kind, ...content }) {
  const heartbeat = setInterval(() => void chrome.runtime.getPlatformInfo(), HEARTBEAT_MS);
  try {
    const answer = /** @type {(settings: Settings, content: object) => Promise<unknown>} */ (ANSWERS[kind]);
    return { ok: true, value: await answer(await loadSettings(), content) };
  } catch (error) {
    const problem = error instanceof BackendProblem ? error : new BackendProblem("failed", { detail: String(error) });
    return { ok: false, problem: plainProblem(problem) };
  } finally {
    clearInterval(heartbeat);
  }
}

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  if (sender.id !== chrome.runtime.id || !Object.hasOwn(ANSWERS, message?.kind)) return false;
  void replyTo(message).then(respond);
  return true;
});
