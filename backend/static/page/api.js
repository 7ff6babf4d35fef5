// The page's requests to the server that it came from. Knows routes, the token and the limits; every failure is a
// BackendProblem. Knows nothing of what is shown.

import { call } from "../extension/backend/client.js";
import { problemFrom } from "../extension/backend/problem.js";
import { joined, shareOut } from "../extension/analysis/parts.js";
import { labelled } from "../extension/views/opened.js";

/** @typedef {import("../extension/youtube/comment.js").Comment} Comment */
/** @typedef {import("../extension/views/opened.js").Answer} Answer */
/** @typedef {import("../extension/views/opened.js").LabelledComment} LabelledComment */
/** @typedef {import("../extension/views/opened.js").Opened} Opened */
/** @typedef {import("../extension/views/opened.js").Visit} Visit */
/** @typedef {{ comments: number, bytes: number }} Limits */
/** @typedef {(done: number, all: number) => void} Progress */
/** @typedef {{ id: string, title?: string | null, channel?: string | null }} Video */
/** @typedef {{ video: Video, analyses: number, latest: Visit }} StoredVideo */

const TOKEN = "undertone-token";
const ANALYSIS_MS = 600_000;
const READING_MS = 30_000;
const WORDS = 100;
const COMMENTS_A_PAGE = 1_000;
const VISITS_A_PAGE = 100;

/** A token is kept for this tab only. */
const backend = () => ({ address: "", token: sessionStorage.getItem(TOKEN) ?? "" });

/** @param {string} token */
export const useToken = (token) => sessionStorage.setItem(TOKEN, token);

/** @param {string} path @param {Record<string, string | number | undefined>} [query] */
function withQuery(path, query = {}) {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

/**
 * @template T
 * @param {string} path
 * @param {Record<string, string | number | undefined>} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
const get = async (path, query, signal) =>
  /** @type {T} */ (/** @type {unknown} */ (await call(backend(), withQuery(path, query), { timeout: READING_MS, signal })));

/**
 * @param {Video} video
 * @param {Comment[]} comments
 * @param {{ limits: Limits, progress: Progress, signal: AbortSignal }} how
 * @returns {Promise<{ answer: Answer, comments: LabelledComment[], parts: number }>}
 */
export async function analyseAll(video, comments, { limits, progress, signal }) {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const parts = shareOut(comments, limits);
  /** @type {Answer[]} */
  const answers = [];
  let done = 0;
  for (const [index, part] of parts.entries()) {
    progress(done, comments.length);
    const body = {
      video: parts.length > 1 ? partOf(video, index + 1, parts.length) : video,
      comments: part,
      options: { timezone, top: 0, words: WORDS },
    };
    const answer = await call(backend(), "/v1/analyze", { body, timeout: ANALYSIS_MS, signal });
    answers.push(/** @type {Answer} */ (/** @type {unknown} */ (answer)));
    done += part.length;
  }
  progress(done, comments.length);
  const answer = { ...joined(answers, comments, { words: WORDS }), video };
  return { answer, comments: labelled(comments, answer.predictions), parts: parts.length };
}

/**
 * A part is no visit of the whole video, so it has a name of its own in the history.
 *
 * @param {Video} video
 * @param {number} part
 * @param {number} parts
 */
function partOf(video, part, parts) {
  const note = ` (part ${part} of ${parts})`;
  return {
    ...video,
    id: video.id.slice(0, 180) + note,
    ...(video.title ? { title: video.title.slice(0, 270) + note } : {}),
  };
}

/** @param {string} [cursor] */
export const storedVideos = (cursor) =>
  /** @type {Promise<{ videos: StoredVideo[], next: string | null }>} */ (get("/v1/videos", { cursor }));

/** @param {string} video */
const videoPath = (video) => `/v1/videos/${encodeURIComponent(video)}`;

/**
 * @param {string} video
 * @returns {Promise<Visit[]>} oldest first
 */
export async function storedVisits(video) {
  /** @type {{ analyses: Visit[] }} */
  const { analyses } = await get(videoPath(video), { limit: VISITS_A_PAGE });
  return analyses.reverse();
}

/**
 * @param {StoredVideo} stored
 * @param {Visit} visit
 * @param {{ progress: Progress, signal: AbortSignal }} how
 * @returns {Promise<Opened>}
 */
export async function storedAnalysis({ video }, visit, { progress, signal }) {
  const path = `${videoPath(video.id)}/analyses/${encodeURIComponent(visit.id)}`;
  const visits = await storedVisits(video.id);
  /** @type {LabelledComment[]} */
  const comments = [];
  /** @type {string | undefined} */
  let cursor;
  let analysis;
  do {
    progress(comments.length, visit.counts.total);
    /** @type {Omit<Answer, "predictions"> & { comments: LabelledComment[], next: string | null }} */
    const page = await get(path, { limit: COMMENTS_A_PAGE, cursor }, signal);
    comments.push(...page.comments.map((comment) => ({ ...comment, likes: comment.likes ?? 0 })));
    analysis ??= page;
    cursor = page.next ?? undefined;
  } while (cursor);
  const { comments: _, ...numbers } = /** @type {{ comments: unknown } & Omit<Answer, "predictions">} */ (analysis);
  return {
    name: video.title || video.id,
    analysis: numbers,
    comments,
    visits,
    analysedAt: visit.analysed_at,
    remarks: comments.some((comment) => comment.text === null)
      ? ["This server stores no texts: words and what people wrote are not kept."]
      : [],
  };
}

/**
 * @param {"counts" | "trend" | "wordcloud"} chart
 * @param {Omit<Answer, "predictions">} analysis
 * @param {{ theme: string, title: string, words?: string }} options
 * @returns {Promise<Blob>} a PNG
 */
export async function picture(chart, analysis, options) {
  const { token } = backend();
  const { video, counts, score, bucket, trend, undated, words } = analysis;
  const response = await fetch(withQuery(`/v1/charts/${chart}.png`, options), {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ video, counts, score, bucket, trend, undated, words }),
  });
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => undefined));
  return response.blob();
}
