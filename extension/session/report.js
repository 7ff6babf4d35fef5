// What a person can send to those who mend the extension when it found too little: versions and what was tried. It
// holds no comment, no video and nothing about the person. In English, whoever reads it.

/** @typedef {import("./types.js").Session} Session */

const LONGEST_TROUBLE = 600;

/** @param {import("./types.js").Chat} chat */
const chatLine = ({ kind, room, state, seen, judged, skipped, removed, problem }) =>
  `Chat: ${kind ?? "none"}, ${room}, ${state}; ${judged} of ${seen} read, ${skipped} skipped, ${removed} taken back` +
  `${problem ? `; backend ${[problem.kind, problem.status].filter(Boolean).join(", ")}` : ""}`;

/**
 * @param {Session} session
 * @param {{ extension: string, browser: string }} versions
 * @param {import("./types.js").Chat | null} [chat]
 * @returns {string}
 */
export function reportText(session, { extension, browser }, chat = null) {
  const { video, language, how, order, wishes, read, announced, reason, trouble, analysis, problem } = session;
  return [
    "Undertone report",
    `Extension: ${extension}`,
    `Browser: ${browser}`,
    `Page: ${video.kind}${video.durationLive ? ` (${video.durationLive})` : ""}, in ${language}`,
    `Reader: ${how ?? "none"}; order ${order}${wishes ? `; limit ${wishes.limit}; replies ${wishes.openReplies ? "opened" : "left"}` : ""}`,
    `Found: ${read} of ${announced ?? "unknown"}; ended by ${reason ?? "nothing yet"}`,
    `Trouble: ${trouble?.slice(0, LONGEST_TROUBLE) ?? "none"}`,
    `Model: ${analysis ? `${analysis.model.name} ${analysis.model.version}` : "none yet"}`,
    `Backend: ${problem ? [problem.kind, problem.status, problem.requestId].filter(Boolean).join(", ") : "no problem"}`,
    ...(chat ? [chatLine(chat)] : []),
  ].join("\n");
}

/** @param {string} agent of the browser @returns {string} its name and main version, no more */
export const browserIn = (agent) => /(?:Edg|OPR|Chrome)\/\d+/u.exec(agent)?.[0].replace("/", " ") ?? "unknown";

/** @param {Session} session @param {import("./types.js").Chat | null} [of] its chat */
export const reportOf = (session, of = null) =>
  reportText(
    session,
    { extension: chrome.runtime.getManifest().version, browser: browserIn(navigator.userAgent) },
    of,
  );
