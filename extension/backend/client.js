// Talks to the backend over HTTP. Knows its routes, the token and how long to wait; knows nothing of YouTube or
// of what is shown. Every failure is a BackendProblem.

import { mayReach } from "./permission.js";
import { BackendProblem, problemFrom } from "./problem.js";

/** @typedef {{ address: string, token: string }} Backend */
/** @typedef {import("./answer.js").Analysis} Analysis */
/** @typedef {import("./answer.js").Label} Label */
/** @typedef {import("./answer.js").Prediction} Prediction */
/**
 * @typedef {{
 *   comment_id: string, text: string, label: Label, predicted?: Label, video_id: string,
 * }} Feedback
 */

const PROBE_MS = 8_000;
const FEEDBACK_MS = 15_000;
const ANALYSIS_MS = 180_000;

/**
 * @param {Response} response
 * @returns {Promise<unknown>} undefined where the body isn't JSON
 */
async function jsonOf(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * @param {Backend} backend
 * @param {string} path
 * @param {{ body?: unknown, timeout: number, signal?: AbortSignal }} options
 * @returns {Promise<Record<string, unknown>>}
 */
export async function call({ address, token }, path, { body, timeout, signal }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const deadline = AbortSignal.timeout(timeout);
  let response, answer;
  try {
    response = await fetch(address + path, {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    answer = await jsonOf(response);
  } catch (error) {
    if (signal?.aborted) throw error;
    if (deadline.aborted) throw new BackendProblem("timeout");
    throw new BackendProblem((await mayReach(address)) ? "unreachable" : "permission");
  }
  if (!response.ok) throw problemFrom(response.status, answer);
  if (typeof answer !== "object" || answer === null) throw new BackendProblem("stranger");
  return /** @type {Record<string, unknown>} */ (answer);
}

/**
 * @param {Backend} backend
 * @param {AbortSignal} [signal]
 */
export async function checkReady(backend, signal) {
  const answer = await call(backend, "/health/ready", { timeout: PROBE_MS, signal });
  if (answer.status !== "ready") throw new BackendProblem("stranger");
}

/**
 * @param {Backend} backend
 * @returns {Promise<{ name: string, version: string }>}
 */
export async function fetchModel(backend) {
  const { name, version } = await call(backend, "/v1/model", { timeout: PROBE_MS });
  if (typeof name !== "string" || typeof version !== "string") throw new BackendProblem("stranger");
  return { name, version };
}

/**
 * @param {Backend} backend
 * @param {import("./request.js").AnalyzeRequest} request
 * @param {AbortSignal} [signal]
 * @returns {Promise<Analysis>}
 */
export async function analyse(backend, request, signal) {
  const answer = await call(backend, "/v1/analyze", { body: request, timeout: ANALYSIS_MS, signal });
  if (!answer.counts || !answer.score) throw new BackendProblem("stranger");
  return /** @type {Analysis} */ (/** @type {unknown} */ (answer));
}

/**
 * @param {Backend} backend
 * @param {{ id: string, text: string }[]} comments
 * @returns {Promise<Prediction[]>} in the order of the comments
 */
export async function predict(backend, comments) {
  const answer = await call(backend, "/v1/predict", { body: { comments }, timeout: ANALYSIS_MS });
  if (!Array.isArray(answer.predictions)) throw new BackendProblem("stranger");
  return answer.predictions;
}

/**
 * @param {Backend} backend
 * @param {Feedback} feedback
 */
export async function sendFeedback(backend, feedback) {
  await call(backend, "/v1/feedback", { body: feedback, timeout: FEEDBACK_MS });
}
