// What a person can send to those who mend the extension when it found too little: versions and what was tried. It
// holds no comment, no video and nothing about the person. In English, whoever reads it.

/** @typedef {import("./types.js").Session} Session */

const LONGEST_TROUBLE = 600;

/**
 * @param {Session} session
 * @param {{ extension: string, browser: string }} versions
 * @returns {string}
 */
export function reportText(session, { extension, browser }) {
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
  ].join("\n");
}

/** @param {string} agent of the browser @returns {string} its name and main version, no more */
export const browserIn = (agent) => /(?:Edg|OPR|Chrome)\/\d+/u.exec(agent)?.[0].replace("/", " ") ?? "unknown";

/** @param {Session} session */
export const reportOf = (session) =>
  reportText(session, {
    extension: chrome.runtime.getManifest().version,
    browser: browserIn(navigator.userAgent),
  });
