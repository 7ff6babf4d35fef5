// Tries a backend as the popup would use it, and says what is wrong in words that help. Knows the order of the
// questions and what each failure means to the person who typed the address.

import { isThisComputer, startCommand } from "../backend/address.js";
import { checkReady, fetchModel } from "../backend/client.js";
import { BackendProblem } from "../backend/problem.js";
import { text } from "../ui/messages.js";
import { problemTitle } from "../ui/problem_words.js";

/** @typedef {import("../backend/client.js").Backend} Backend */
/**
 * @typedef {{ good: boolean, title: string, advice?: string, command?: string | null, details?: string }} Finding
 *   command is what to type in a terminal; details are for whoever looks after the backend
 */

const UNAUTHORISED = 401;

/** @param {string} address */
const isOpen = (address) => new URL(address).protocol === "http:" && !isThisComputer(address);

/**
 * @param {BackendProblem} problem
 * @param {Backend} backend
 * @returns {Finding}
 */
function whatIsWrong(problem, { address, token }) {
  const { status, title, detail, requestId } = problem;
  const details = [address, status && `HTTP ${status}`, title, detail, requestId].filter(Boolean).join(" · ");
  if (problem.kind === "unreachable") {
    const command = startCommand(address);
    return command
      ? { good: false, title: text("backendDownTitle"), advice: text("backendDownBody"), command, details }
      : { good: false, title: text("backendElsewhereTitle"), advice: text("connectionElsewhere"), details };
  }
  if (problem.kind === "token") {
    const [said, advice] =
      status !== UNAUTHORISED
        ? [text("connectionScope"), text("connectionScopeBody")]
        : token
          ? [text("problemToken"), text("connectionTokenWrong")]
          : [text("connectionTokenMissing"), text("connectionTokenMissingBody")];
    return { good: false, title: said, advice, details };
  }
  const name = problemTitle(problem);
  return { good: false, title: text(name), advice: text(`${name}Body`), details };
}

/**
 * @param {Backend} backend
 * @returns {Promise<Finding>}
 */
export async function tryConnection(backend) {
  try {
    await checkReady(backend);
    const { name, version } = await fetchModel(backend);
    return {
      good: true,
      title: text("testGood", `${name} ${version}`),
      advice: isOpen(backend.address) ? text("connectionOpen") : undefined,
      details: backend.address,
    };
  } catch (error) {
    if (!(error instanceof BackendProblem)) throw error;
    return whatIsWrong(error, backend);
  }
}
