// The list of videos that were analysed before, each with its visits. Knows that a server may keep no history.

import { BackendProblem } from "../../extension/backend/problem.js";
import { element } from "../../extension/ui/element.js";
import { moment, number, score } from "../../extension/ui/format.js";
import { button } from "../../extension/views/card.js";
import { storedVideos, storedVisits } from "../api.js";
import { wordsFor } from "../problem_words.js";

/** @typedef {import("../api.js").StoredVideo} StoredVideo */
/** @typedef {import("../../extension/views/opened.js").Visit} Visit */
/** @typedef {(video: StoredVideo, visit: Visit) => void} Open */

/**
 * @param {StoredVideo} stored
 * @param {Open} open
 */
function entry(stored, open) {
  const { video, analyses, latest } = stored;
  const others = element("ul", { class: "visits-list" });
  const toggle = element("details", { class: "numbers" }, element("summary", {}, `${number(analyses)} visits`), others);
  toggle.addEventListener("toggle", async () => {
    if (!toggle.open || others.hasChildNodes()) return;
    const visits = await storedVisits(video.id);
    others.append(
      ...visits.reverse().map((visit) =>
        element("li", {}, button(moment(visit.analysed_at), () => open(stored, visit), "link"), ` ${score(visit.score.mean)}`),
      ),
    );
  });
  return element(
    "li",
    { "data-video": video.id },
    button(video.title || video.id, () => open(stored, latest), "link"),
    element("p", { class: "muted" }, `${number(latest.counts.total)} comments, ${score(latest.score.mean)}, ${moment(latest.analysed_at)}`),
    analyses > 1 && toggle,
  );
}

/**
 * @param {HTMLElement} place
 * @param {Open} open
 * @throws {BackendProblem} the server wants a token
 */
export async function showStored(place, open) {
  const list = element("ul", { class: "videos" });
  const more = button("Show more", () => void load());
  /** @type {string | undefined} */
  let cursor;
  async function load() {
    const { videos, next } = await storedVideos(cursor);
    list.append(...videos.map((video) => entry(video, open)));
    cursor = next ?? undefined;
    more.hidden = !next;
  }
  try {
    await load();
    place.replaceChildren(
      ...(list.hasChildNodes() ? [list, more] : [element("p", { class: "muted" }, "Nothing yet. What you analyse will be listed here.")]),
    );
  } catch (error) {
    const off = error instanceof BackendProblem && error.status === 404;
    const words = off
      ? "This server keeps no history, so there is nothing to pick from and no trend across visits."
      : `The history can’t be read now. ${wordsFor(error).title}.`;
    place.replaceChildren(element("p", { class: "muted", "data-history": off ? "off" : "failed" }, words));
    if (error instanceof BackendProblem && error.kind === "token") throw error;
  }
}
