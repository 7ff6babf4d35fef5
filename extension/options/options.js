// The settings page: shows what is stored, checks what is typed, asks Chrome for what an address needs, and
// tells at once whether the backend there answers.

import { backendAddress, DEFAULT_ADDRESS, permissionFor } from "../backend/address.js";
import { checkReady, fetchModel } from "../backend/client.js";
import { BackendProblem } from "../backend/problem.js";
import { MOST_COMMENTS } from "../backend/request.js";
import { number } from "../ui/format.js";
import { fillWords, text } from "../ui/messages.js";
import { problemTitle } from "../ui/problem_words.js";
import { FEWEST_COMMENTS, isLimit, loadSettings, saveSettings } from "../ui/settings.js";

/** @typedef {import("../ui/settings.js").Settings} Settings */

const field = (/** @type {string} */ id) =>
  /** @type {HTMLInputElement} */ (document.getElementById(id));
const place = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

const address = field("address");
const token = field("token");
const limit = field("limit");
const replies = field("replies");

/**
 * @param {HTMLInputElement} input
 * @param {string} complaint empty where there is none
 */
function complain(input, complaint) {
  place(`${input.id}-wrong`).textContent = complaint;
  input.setAttribute("aria-invalid", String(complaint !== ""));
  if (complaint) input.focus();
}

/** @returns {Settings | null} null where something typed is wrong, which is then said beside it */
function typed() {
  const where = backendAddress(address.value);
  const limitIsGood = isLimit(limit.valueAsNumber);
  complain(limit, limitIsGood ? "" : text("limitWrong", number(FEWEST_COMMENTS), number(MOST_COMMENTS)));
  complain(address, where === null ? text("addressWrong", DEFAULT_ADDRESS) : "");
  if (where === null || !limitIsGood) return null;
  return {
    address: where,
    token: token.value.trim(),
    limit: limit.valueAsNumber,
    openReplies: replies.checked,
  };
}

/**
 * Chrome only asks while it handles a click, so this comes before anything that waits.
 *
 * @param {Settings} settings
 * @returns {Promise<boolean>}
 */
async function allowed(settings) {
  const pattern = permissionFor(settings.address);
  if (pattern === null) return true;
  const granted = await chrome.permissions.request({ origins: [pattern] });
  if (!granted) complain(address, text("addressDenied"));
  return granted;
}

/**
 * @param {"saved" | "unsaved" | ""} state
 */
function showState(state) {
  place("state").textContent = state && text(state);
  place("state").className = state === "saved" ? "saved" : "muted";
}

/**
 * @param {"good" | "bad" | ""} outcome
 * @param {string} words
 */
function showTested(outcome, words) {
  place("tested").textContent = words;
  place("tested").className = outcome;
}

async function save() {
  const settings = typed();
  if (!settings || !(await allowed(settings))) return;
  await saveSettings(settings);
  show(settings);
  showState("saved");
}

async function test() {
  showTested("", "");
  const settings = typed();
  if (!settings || !(await allowed(settings))) return;
  const button = /** @type {HTMLButtonElement} */ (place("test"));
  button.disabled = true;
  showTested("", text("testing"));
  try {
    await checkReady(settings);
    const { name, version } = await fetchModel(settings);
    showTested("good", text("testGood", `${name} ${version}`));
  } catch (error) {
    if (!(error instanceof BackendProblem)) throw error;
    const title = text(problemTitle(error));
    showTested("bad", [title, settings.address, error.detail].filter(Boolean).join(" · "));
  } finally {
    button.disabled = false;
  }
}

/** @param {Settings} settings */
function show(settings) {
  address.value = settings.address;
  token.value = settings.token;
  limit.value = String(settings.limit);
  replies.checked = settings.openReplies;
}

function reveal() {
  const hidden = token.type === "text";
  token.type = hidden ? "password" : "text";
  place("reveal").textContent = text(hidden ? "showToken" : "hideToken");
  place("reveal").setAttribute("aria-pressed", String(!hidden));
}

fillWords(document);
document.title = `${text("name")}: ${text("optionsTitle")}`;
limit.min = String(FEWEST_COMMENTS);
limit.max = String(MOST_COMMENTS);
place("address-hint").textContent = text("addressHint", DEFAULT_ADDRESS);
place("limit-hint").textContent = text("limitHint", number(FEWEST_COMMENTS), number(MOST_COMMENTS));
place("reveal").textContent = text("showToken");
place("reveal").addEventListener("click", reveal);
place("test").addEventListener("click", () => void test());
place("form").addEventListener("input", () => {
  showState("unsaved");
  showTested("", "");
});
place("form").addEventListener("submit", (event) => {
  event.preventDefault();
  void save();
});
show(await loadSettings());
