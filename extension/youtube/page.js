// Where things stand on YouTube's watch page: every selector is here. It reads and never changes the page, and
// hands likes and dates on in the page's own words.

const SECTION = "ytd-comments";
const THREAD = "ytd-comment-thread-renderer";
const COMMENT = "ytd-comment-view-model, ytd-comment-renderer";
const HEADER = "ytd-comments-header-renderer";
const OFF = "ytd-message-renderer";
const CONTINUATION = "ytd-continuation-item-renderer";
/** On a watch page, or in the panel beside a short; both hold sections. */
const COMMENTS = `${SECTION}, ytd-item-section-renderer, [target-id="engagement-panel-comments-section"]`;
const TOP_LEVEL = "#contents > ";
const MORE_REPLIES = [
  "ytd-comment-replies-renderer #more-replies button",
  "ytd-comment-replies-renderer #more-replies-sub-thread button",
  `ytd-comment-replies-renderer ${CONTINUATION} button`,
].join(", ");
const REPLY_COUNT = "ytd-comment-replies-renderer #more-replies, ytd-comment-replies-renderer #more-replies-sub-thread";
const FEWER_REPLIES = "ytd-comment-replies-renderer #less-replies button";

/** @param {Document} page */
export const sectionOf = (page) => page.querySelector(SECTION);

/** @param {Element | null | undefined} element */
const textOf = (element) => element?.textContent?.trim() ?? "";

/**
 * The words of an element with its emoji, which YouTube draws as images.
 *
 * @param {Node} node
 * @param {(alt: string) => string} [emoji] as which one is written
 * @returns {string}
 */
export function wordsOf(node, emoji = (alt) => alt) {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? "";
  // An element of a frame is no instance of this window's class.
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  const element = /** @type {Element} */ (node);
  if (element.localName === "img") return emoji(element.getAttribute("alt") ?? "");
  if (element.localName === "br") return "\n";
  return Array.from(element.childNodes, (child) => wordsOf(child, emoji)).join("");
}

/**
 * YouTube gives every comment the same ids. Chrome looks for a plain "#id" among all of the page's, which takes longer
 * the more comments there are, and for one inside ":is()" among what is inside: ten times faster with 1,000 comments.
 *
 * @param {Element} comment
 * @param {string} id
 */
const partOf = (comment, id) => comment.querySelector(`:is(#${id})`);

/**
 * @param {Element} comment
 * @returns {{ id: string, videoId: string } | null} null while YouTube hasn't filled it yet
 */
function identityOf(comment) {
  const link = partOf(comment, "published-time-text")?.querySelector("a");
  const href = link?.getAttribute("href");
  if (!href) return null;
  const address = new URL(href, "https://www.youtube.com");
  const id = address.searchParams.get("lc");
  const videoId = address.searchParams.get("v") ?? /^\/shorts\/([\w-]+)/u.exec(address.pathname)?.[1];
  return id && videoId ? { id, videoId } : null;
}

/**
 * The comment that this one answers: the head of the nearest thread around it, else what its id says.
 *
 * @param {Element} comment
 * @param {string} id
 * @returns {string | null}
 */
function answeredBy(comment, id) {
  let thread = comment.closest(THREAD);
  while (thread) {
    const head = thread.querySelector(COMMENT);
    if (head && head !== comment) return identityOf(head)?.id ?? null;
    thread = thread.parentElement?.closest(THREAD) ?? null;
  }
  return id.includes(".") ? id.split(".")[0] : null;
}

/**
 * @param {Element} comment
 * @returns {number} 0 at the top, 1 where it answers such a one, and so on
 */
function levelOf(comment) {
  let level = 0;
  for (let thread = comment.closest(THREAD); thread; thread = thread.parentElement?.closest(THREAD) ?? null) {
    if (thread.querySelector(COMMENT) !== comment) level += 1;
  }
  return level;
}

/**
 * @param {Element} comment
 * @param {{ id: string, videoId: string }} identity
 * @returns {import("./comment.js").FoundComment}
 */
function read(comment, { id, videoId }) {
  const content = comment.querySelector("#content-text");
  const author = comment.querySelector("#author-text");
  const thread = comment.closest(THREAD);
  const isHead = thread?.querySelector(COMMENT) === comment;
  return {
    id,
    videoId,
    text: content ? wordsOf(content).trim() : "",
    author: textOf(author),
    likes: textOf(comment.querySelector("#vote-count-middle")),
    published: textOf(comment.querySelector("#published-time-text a")),
    replies: isHead ? textOf(thread.querySelector(REPLY_COUNT)) : "",
    replyTo: answeredBy(comment, id),
    level: levelOf(comment),
    pinned: comment.querySelector("#pinned-comment-badge > *") !== null,
    hearted: comment.querySelector("#creator-heart > *") !== null,
    byOwner:
      comment.querySelector("#author-text .channel-owner, #author-comment-badge [creator]") !== null,
  };
}

/**
 * Comments of one video on the page, without those another video left behind.
 *
 * @param {Document} page
 * @param {string} videoId
 * @param {(id: string) => boolean} wanted
 * @returns {import("./comment.js").FoundComment[]} in the page's order; an id may come twice
 */
export function comments(page, videoId, wanted) {
  const found = [];
  for (const comment of sectionOf(page)?.querySelectorAll(COMMENT) ?? []) {
    const identity = identityOf(comment);
    if (identity?.videoId === videoId && wanted(identity.id)) found.push(read(comment, identity));
  }
  return found;
}

/** The thread of the top level that a comment belongs to. @param {Element} comment */
function wholeThreadOf(comment) {
  let whole = comment.closest(THREAD);
  for (let outer = whole; outer; outer = outer.parentElement?.closest(THREAD) ?? null) whole = outer;
  return whole ?? comment;
}

/** @typedef {{ id: string, text: string, author: string, place: Element, thread: Element }} Placed */

/**
 * Where the comments of one video stand, on a watch page or beside a short, and room for a sign beside each one's date.
 *
 * @param {Document} page
 * @param {string} videoId
 * @returns {Generator<Placed>}
 */
export function* placesOf(page, videoId) {
  for (const comment of page.querySelectorAll(COMMENT)) {
    const identity = identityOf(comment);
    const place = partOf(comment, "published-time-text");
    const content = partOf(comment, "content-text");
    if (identity?.videoId !== videoId || !place || !content) continue;
    const author = textOf(partOf(comment, "author-text"));
    yield { id: identity.id, text: wordsOf(content).trim(), author, place, thread: wholeThreadOf(comment) };
  }
}

/** @param {Element} list of threads @returns {Element | null} what YouTube replaces by more of them once it is in view */
export const continuationOf = (list) => list.querySelector(`:scope > ${CONTINUATION}`);

/** @param {MutationRecord} change to the children of an element @returns {boolean} whether comments may be among them */
export const concernsComments = ({ target, addedNodes }) =>
  (target instanceof Element && target.closest(COMMENTS) !== null) ||
  [...addedNodes].some((node) => node instanceof Element && (node.matches(COMMENTS) || node.querySelector(COMMENTS)));

/**
 * @param {Document} page
 * @param {string} videoId
 * @returns {"off" | "none" | "loading" | "shown"} a header without anything under it means that there is none
 */
export function commentsState(page, videoId) {
  const section = sectionOf(page);
  if (!section) return "loading";
  for (const comment of section.querySelectorAll(COMMENT)) {
    if (identityOf(comment)?.videoId === videoId) return "shown";
  }
  if (section.querySelector(THREAD) || continuation(page)) return "loading";
  if (section.querySelector(OFF)) return "off";
  return section.querySelector(HEADER) ? "none" : "loading";
}

/**
 * @param {Document} page
 * @returns {Element | null} what YouTube replaces by more threads once it is in view
 */
export function continuation(page) {
  return sectionOf(page)?.querySelector(`ytd-item-section-renderer > ${TOP_LEVEL}${CONTINUATION}`) ?? null;
}

/** A short's name stands nowhere but in the window's title. @param {Document} page */
const titleOfShort = ({ location, title }) =>
  location?.pathname.startsWith("/shorts/") ? title.replace(/ - YouTube$/u, "").trim() : "";

/**
 * What YouTube says of the video, each only where it is surely about this one.
 *
 * @param {Document} page
 * @param {string} videoId
 * @returns {import("./comment.js").Video}
 */
export function video(page, videoId) {
  const title = textOf(page.querySelector("ytd-watch-metadata h1")) || titleOfShort(page);
  const channel = textOf(page.querySelector("ytd-watch-metadata ytd-channel-name #text"));
  const described = page.querySelector('meta[itemprop="identifier"]')?.getAttribute("content");
  const date = page.querySelector('meta[itemprop="datePublished"]')?.getAttribute("content") ?? "";
  /** @type {import("./comment.js").Video} */
  const details = { id: videoId };
  if (title) details.title = title;
  if (channel) details.channel = channel;
  if (described === videoId && !Number.isNaN(Date.parse(date))) {
    details.published_at = new Date(date).toISOString();
  }
  return details;
}

/**
 * @param {ParentNode} place
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
function visible(place, selector) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll(selector))].filter(
    (element) => element.checkVisibility(),
  );
}

/**
 * @param {Element} button one of moreRepliesButtons that was pressed
 * @param {Element | null} thread it stood in
 * @returns {boolean} whether the page is yet to act on it, or shows that it is loading
 */
export function repliesToCome(button, thread) {
  if (button.checkVisibility()) return true;
  return thread !== null && visible(thread, CONTINUATION).some((each) => visible(each, "button").length === 0);
}

/** @param {Document} page the number of comments in YouTube's words, replies included */
export const announced = (page) => textOf(sectionOf(page)?.querySelector(`${HEADER} #count`));

/** @param {Document} page */
export const language = (page) => page.documentElement.lang || "en";

/** @param {Document} page */
export const moreRepliesButtons = (page) => visible(sectionOf(page) ?? page, MORE_REPLIES);

/** @param {Element} button one of moreRepliesButtons */
export const threadOf = (button) => button.closest(THREAD);

/** @param {Element} thread */
export const fewerRepliesButtons = (thread) => visible(thread, FEWER_REPLIES);
