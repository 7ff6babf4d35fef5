// The message that names each kind of failure. A message of the same name with "Body" says what to do.

/** @typedef {import("../backend/problem.js").Kind} Kind */

/** @type {Record<Kind, string>} */
const TITLES = {
  unreachable: "backendDownTitle",
  permission: "problemPermission",
  timeout: "problemTimeout",
  token: "problemToken",
  too_large: "problemTooLarge",
  refused: "problemRefused",
  busy: "problemBusy",
  not_ready: "problemNotReady",
  failed: "problemFailed",
  stranger: "problemStranger",
};

/**
 * @param {{ kind: Kind }} problem
 * @returns {string} name of a message
 */
export const problemTitle = ({ kind }) => TITLES[kind];
