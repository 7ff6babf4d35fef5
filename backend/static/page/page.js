// The creator's page: bring comments or open what is stored, see them analysed, compare. Knows the order of things;
// reading files, asking the server and drawing are elsewhere.

import { element } from "../extension/ui/element.js";
import { number } from "../extension/ui/format.js";
import { button } from "../extension/views/card.js";
import { videoIdIn } from "../extension/youtube/address.js";
import { analyseAll, storedAnalysis, useToken } from "./api.js";
import { read } from "./intake/read.js";
import { Unreadable } from "./intake/unreadable.js";
import { wordsFor } from "./problem_words.js";
import { showResults } from "./views/results.js";
import { showStored } from "./views/stored.js";

/** @typedef {import("../extension/views/opened.js").Opened} Opened */
/** @typedef {import("./intake/read.js").Intake} Intake */

const MOST_FILE_BYTES = 64 * 2 ** 20;
const MOST_NOTES = 20;

/**
 * @template {HTMLElement} E
 * @param {string} id
 * @returns {E}
 */
const at = (id) => /** @type {E} */ (document.getElementById(id));

const main = at("main");
const [intake, busy, results, trouble, status] = ["intake", "busy", "results", "trouble", "status"].map(at);
const [file, title, video] = ["file", "title", "video"].map((id) => /** @type {HTMLInputElement} */ (at(id)));
const paste = /** @type {HTMLTextAreaElement} */ (at("paste"));
const column = /** @type {HTMLSelectElement} */ (at("column"));
const bar = /** @type {HTMLProgressElement} */ (at("progress"));

const limits = { comments: Number(main.dataset.mostComments), bytes: Number(main.dataset.mostBytes) };

/** @type {Opened[]} the first, and the one it is compared with */
let opened = [];
let work = new AbortController();

/** @param {"intake" | "busy" | "results"} name */
function show(name) {
  intake.hidden = name !== "intake";
  busy.hidden = name !== "busy";
  results.hidden = name !== "results";
  main.setAttribute("aria-busy", String(name === "busy"));
  at("cancel").hidden = opened.length === 0;
  at("intake-title").textContent =
    opened.length === 1 ? `Compare “${opened[0].name}” with …` : "What do the people under your video feel?";
}

/** @type {import("./api.js").Progress} */
function progress(done, all) {
  at("busy-count").textContent = number(all);
  at("busy-words").textContent =
    all > limits.comments || done ? `${number(done)} of ${number(all)} comments` : "The model reads every comment.";
  if (done || all > limits.comments) {
    bar.max = all;
    bar.value = done;
  } else bar.removeAttribute("value");
}

/** @param {unknown} error @param {() => void} again */
function showTrouble(error, again) {
  if (error instanceof Unreadable) {
    askForColumn(error.columns);
    trouble.replaceChildren(element("p", { class: "notice bad", "data-trouble": "unreadable" }, error.message));
    return;
  }
  const { title: what, advice, said, needsToken } = wordsFor(error);
  trouble.replaceChildren(
    element(
      "div",
      { class: "notice bad", "data-trouble": "server" },
      element("strong", {}, what),
      element("p", {}, advice),
      ...said.map((line) => element("p", { class: "muted" }, line)),
      needsToken && tokenForm(again),
    ),
  );
}

/** @param {() => void} again */
function tokenForm(again) {
  const token = element("input", { type: "password", autocomplete: "off", "aria-label": "Access token", required: true });
  const form = element("form", { class: "with-button" }, token, element("button", { class: "button" }, "Use"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    useToken(token.value.trim());
    trouble.replaceChildren();
    if (again !== listStored) listStored();
    again();
  });
  return form;
}

/** @param {string[]} names */
function askForColumn(names) {
  at("columns").hidden = names.length === 0;
  column.replaceChildren(...names.map((name) => element("option", {}, name)));
}

/**
 * @param {(signal: AbortSignal) => Promise<Opened>} open
 */
async function start(open) {
  work = new AbortController();
  const { signal } = work;
  trouble.replaceChildren();
  at("busy-count").textContent = "";
  at("busy-words").textContent = "";
  show("busy");
  status.textContent = "Analysing";
  try {
    const next = await open(signal);
    opened = [...opened.slice(0, 1), next];
    /** @type {HTMLFormElement} */ (at("bring")).reset();
    showFile();
    showOpened();
  } catch (error) {
    show("intake");
    status.textContent = "";
    if (!signal.aborted) showTrouble(error, () => void start(open));
  }
}

function showOpened() {
  showResults(results, opened, { compare, again, drop });
  show("results");
  results.focus();
  scrollTo(0, 0);
  status.textContent = `Done. ${results.querySelector("h2")?.textContent ?? ""}.`;
}

function compare() {
  askForColumn([]);
  show("intake");
  at("bring").querySelector("input")?.focus();
}

function again() {
  opened = [];
  results.replaceChildren();
  askForColumn([]);
  show("intake");
  listStored();
}

/** @param {number} index */
function drop(index) {
  opened.splice(index, 1);
  showOpened();
}

/** What a file said beside its comments, for people. @param {Intake} taken @param {number} parts @returns {string[]} */
function remarksOn({ empty, repeated, notes }, parts) {
  const rows = notes.slice(0, MOST_NOTES).map(({ row, message }) => `Row ${row}: ${message}.`);
  return [
    parts > 1 && `A request may hold ${number(limits.comments)} comments, so they were sent in ${number(parts)} parts. Counts and means are exact; the words of the parts were joined.`,
    empty > 0 && `${number(empty)} ${empty === 1 ? "row has" : "rows have"} no text and ${empty === 1 ? "was" : "were"} left out.`,
    repeated > 0 && `${number(repeated)} ${repeated === 1 ? "comment is" : "comments are"} in it twice and ${repeated === 1 ? "counts" : "count"} once.`,
    ...rows,
    notes.length > rows.length && `… and ${number(notes.length - rows.length)} more rows with such values.`,
  ].filter((remark) => typeof remark === "string");
}

/** @returns {Promise<{ text: string, name: string }>} */
async function brought() {
  const given = file.files?.[0];
  if (!given) return { text: paste.value, name: "" };
  if (given.size > MOST_FILE_BYTES) {
    throw new Unreadable(`${given.name} has ${number(given.size / 2 ** 20)} MiB, more than the ${MOST_FILE_BYTES / 2 ** 20} this page reads. Split it.`);
  }
  return { text: await given.text(), name: given.name.replace(/\.\w+$/u, "") };
}

/** @param {AbortSignal} signal @returns {Promise<Opened>} */
async function analyseBrought(signal) {
  const { text, name } = await brought();
  const taken = read(text, { now: Date.now(), column: at("columns").hidden ? undefined : column.value });
  const known = { ...taken.video, ...(title.value.trim() && { title: title.value.trim() }) };
  const id = videoIdIn(video.value.trim()) ?? (video.value.trim() || known.id || (known.title ?? name) || "pasted-comments");
  const about = { ...known, id: id.slice(0, 200), title: (known.title ?? (name || "Pasted comments")).slice(0, 300) };
  const { answer, comments, parts } = await analyseAll(about, taken.comments, { limits, progress, signal });
  const { predictions: _, ...analysis } = answer;
  return { name: about.title, analysis, comments, visits: [], analysedAt: null, remarks: remarksOn(taken, parts) };
}

/** @type {import("./views/stored.js").Open} */
function openStored(stored, visit) {
  void start((signal) => storedAnalysis(stored, visit, { progress, signal }));
}

function listStored() {
  showStored(at("stored"), openStored).catch((error) => showTrouble(error, listStored));
}

function showFile() {
  const given = file.files?.[0];
  const words = at("drop").querySelector(".drop-words");
  words?.replaceChildren(...(given ? [element("strong", {}, given.name), " is chosen"] : [element("strong", {}, "Choose a file"), " or drop it here"]));
  askForColumn([]);
  trouble.replaceChildren();
  document.getElementById("forget")?.remove();
  if (given) {
    const forget = button("Forget the file", () => {
      file.value = "";
      showFile();
    });
    forget.id = "forget";
    at("drop").after(forget);
  }
}

at("bring").addEventListener("submit", (event) => {
  event.preventDefault();
  void start(analyseBrought);
});
file.addEventListener("change", showFile);
paste.addEventListener("input", () => askForColumn([]));
at("refresh").addEventListener("click", listStored);
at("stop").addEventListener("click", () => work.abort());
at("cancel").addEventListener("click", () => show("results"));
for (const kind of ["dragover", "dragleave", "drop"]) {
  at("drop").addEventListener(kind, (event) => at("drop").classList.toggle("over", event.type === "dragover"));
  addEventListener(kind, (event) => event.preventDefault());
}
at("drop").addEventListener("drop", (event) => {
  const files = /** @type {DragEvent} */ (event).dataTransfer?.files;
  if (!files?.length) return;
  file.files = files;
  showFile();
});
show("intake");
listStored();
