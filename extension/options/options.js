// The settings page: shows what is stored, checks what is typed, keeps it. What Chrome must be asked for and whether
// a backend answers are found out elsewhere.

import { backendAddress, DEFAULT_ADDRESS } from "../backend/address.js";
import { mayReach } from "../backend/permission.js";
import { element } from "../ui/element.js";
import { number } from "../ui/format.js";
import { speak } from "../ui/language.js";
import { isLocale, LOCALES, nameOfLocale, tagOf } from "../ui/locales.js";
import { fillWords, text } from "../ui/messages.js";
import { FEWEST_COMMENTS, isLimit, loadSettings, MOST_COMMENTS, ORDERS, saveSettings } from "../ui/settings.js";
import { tryConnection } from "./connection.js";
import { askFor, giveBackAllBut } from "./permissions.js";

/** @typedef {import("../ui/settings.js").Settings} Settings */

const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const input = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (at(id));
const choice = (/** @type {string} */ id) => /** @type {HTMLSelectElement} */ (at(id));

const [address, token, limit, replies, marks] = ["address", "token", "limit", "replies", "marks"].map(input);
const [order, language] = ["order", "language"].map(choice);

/** @type {"saved" | "unsaved" | ""} */
let state = "";
let trouble = "";

/**
 * @param {HTMLInputElement} field
 * @param {string} complaint empty where there is none
 */
function complain(field, complaint) {
  at(`${field.id}-wrong`).textContent = complaint;
  field.setAttribute("aria-invalid", String(complaint !== ""));
  if (complaint) field.focus();
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
    order: ORDERS.find((known) => known === order.value) ?? "top",
    openReplies: replies.checked,
    marks: marks.checked,
    interfaceLanguage: isLocale(language.value) ? language.value : "",
  };
}

/** @param {Settings} settings */
function show(settings) {
  address.value = settings.address;
  token.value = settings.token;
  limit.value = String(settings.limit);
  order.value = settings.order;
  replies.checked = settings.openReplies;
  marks.checked = settings.marks;
  language.value = settings.interfaceLanguage;
}

/**
 * @param {typeof state} next
 * @param {string} [reason] why it couldn't be saved, in Chrome's words
 */
function showState(next, reason = "") {
  [state, trouble] = [next, reason];
  at("state").textContent = reason ? text("notSaved", reason) : state && text(state);
  at("state").className = reason ? "wrong" : state === "saved" ? "saved" : "muted";
}

/** @param {import("./connection.js").Finding | null} finding */
function showFinding(finding) {
  at("tested").className = finding ? (finding.good ? "good" : "bad") : "";
  if (!finding) return at("tested").replaceChildren();
  const { title, advice, command, details } = finding;
  return at("tested").replaceChildren(
    element("strong", {}, title),
    ...[
      advice && element("p", {}, advice),
      command && element("p", {}, element("code", {}, command)),
      details && element("p", { class: "muted details" }, details),
    ].filter((part) => part instanceof Node),
  );
}

async function save() {
  const settings = typed();
  if (!settings) return;
  if (!(await askFor(settings.address))) return complain(address, text("addressDenied"));
  await saveSettings(settings);
  await giveBackAllBut(settings.address);
  await speak(settings.interfaceLanguage);
  showWords();
  show(settings);
  showState("saved");
}

async function test() {
  showFinding(null);
  const settings = typed();
  if (!settings) return;
  // Whoever says no may still be let in by the backend, which then allows every extension.
  await askFor(settings.address);
  const button = /** @type {HTMLButtonElement} */ (at("test"));
  button.disabled = true;
  at("tested").textContent = text("testing");
  try {
    showFinding(await tryConnection(settings));
  } finally {
    button.disabled = false;
  }
}

function showReveal() {
  const hidden = token.type === "password";
  at("reveal").textContent = text(hidden ? "showToken" : "hideToken");
  at("reveal").setAttribute("aria-pressed", String(!hidden));
}

/** Writes every word of the page, in the language that is spoken now. */
function showWords() {
  fillWords(document);
  document.title = `${text("name")}: ${text("optionsTitle")}`;
  at("address-hint").textContent = text("addressHint", DEFAULT_ADDRESS);
  at("limit-hint").textContent = text("limitHint", number(FEWEST_COMMENTS), number(MOST_COMMENTS));
  at("version").textContent = text("versionLine", chrome.runtime.getManifest().version);
  showReveal();
  showState(state, trouble);
}

async function open() {
  const settings = await loadSettings();
  language.append(
    ...LOCALES.map((locale) => element("option", { value: locale, lang: tagOf(locale) }, nameOfLocale(locale))),
  );
  limit.min = String(FEWEST_COMMENTS);
  limit.max = String(MOST_COMMENTS);
  showWords();
  show(settings);
  await giveBackAllBut(settings.address);
  document.body.dataset.open = "";
  if (await mayReach(settings.address)) return;
  const finding = await tryConnection(settings);
  if (!finding.good) showFinding(finding);
}

at("reveal").addEventListener("click", () => {
  token.type = token.type === "text" ? "password" : "text";
  showReveal();
});
at("test").addEventListener("click", () => void test());
at("form").addEventListener("input", () => {
  showState("unsaved");
  showFinding(null);
});
at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  save().catch((error) => showState("unsaved", error instanceof Error ? error.message : String(error)));
});
await open();
