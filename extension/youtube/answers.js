// What YouTube answers to its own page when that asks for comments, in both shapes that it sends: entities beside the
// threads, and the older renderers within them. Knows where things stand in an answer; asks for nothing.

/** @typedef {import("./comment.js").FoundComment} FoundComment */
/** @typedef {Record<string, any>} Thing any of it may be missing or of another type */
/**
 * next brings more of the same list; replies are asked for by their own tokens, each for the answers to `parent`.
 *
 * @typedef {{
 *   comments: FoundComment[], next: string | null, replies: { token: string, parent: string }[], announced: string,
 *   orders: { top: string | null, newest: string | null },
 * }} Answer
 */

const SECTION = "comment-item-section";
const HEARTED = "TOOLBAR_HEART_STATE_HEARTED";

/**
 * @param {unknown} value
 * @returns {Thing[]}
 */
const list = (value) => (Array.isArray(value) ? value : []);

/** @param {unknown} value */
const words = (value) => (typeof value === "string" ? value.trim() : "");

/** @param {Thing | undefined} text a string in any of YouTube's wrappings; an emoji of a channel is its short name */
const textIn = (text) =>
  words(text?.simpleText ?? text?.content) ||
  list(text?.runs)
    .map((run) => (typeof run.text === "string" ? run.text : ""))
    .join("")
    .trim();

/** @param {Thing | undefined} item */
const tokenOf = (item) => {
  const { continuationEndpoint, button } = item?.continuationItemRenderer ?? {};
  const command = continuationEndpoint ?? button?.buttonRenderer?.command;
  return words(command?.continuationCommand?.token) || null;
};

/**
 * @param {Thing} answer to a question about a video
 * @returns {{ token: string | null, off: boolean }} where its comments begin; off says that it takes none
 */
export function sectionIn(answer) {
  const results = answer.contents?.twoColumnWatchNextResults?.results?.results?.contents;
  const sections = list(results).map((item) => item.itemSectionRenderer);
  const section = sections.find((one) => one?.sectionIdentifier === SECTION);
  const token = list(section?.contents).map(tokenOf).find(Boolean) ?? null;
  return { token, off: token === null && list(section?.contents).some((item) => item.messageRenderer) };
}

/** @param {Thing} answer */
function itemsIn(answer) {
  const received = [...list(answer.onResponseReceivedEndpoints), ...list(answer.onResponseReceivedActions)];
  return received.flatMap((one) =>
    list((one.reloadContinuationItemsCommand ?? one.appendContinuationItemsAction)?.continuationItems),
  );
}

/**
 * @param {Thing} answer
 * @returns {{ comments: Map<string, Thing>, states: Map<string, Thing> }} entities by their keys
 */
function entitiesIn(answer) {
  const comments = new Map();
  const states = new Map();
  for (const { payload } of list(answer.frameworkUpdates?.entityBatchUpdate?.mutations)) {
    const comment = payload?.commentEntityPayload;
    const state = payload?.engagementToolbarStateEntityPayload;
    if (comment?.key) comments.set(comment.key, comment);
    if (state?.key) states.set(state.key, state);
  }
  return { comments, states };
}

/**
 * @param {Thing} entity
 * @param {{ videoId: string, parent: string | null, pinned: boolean, hearted: boolean }} known
 * @returns {FoundComment}
 */
function fromEntity({ properties, author, toolbar }, { videoId, parent, pinned, hearted }) {
  const id = words(properties?.commentId);
  const level = Number.isInteger(properties?.replyLevel) ? properties.replyLevel : Number(id.includes("."));
  return {
    id,
    videoId,
    text: textIn(properties?.content),
    author: words(author?.displayName),
    likes: words(toolbar?.likeCountNotliked),
    published: words(properties?.publishedTime),
    replies: words(toolbar?.replyCount),
    replyTo: level === 0 ? null : (parent ?? id.split(".")[0]),
    level,
    pinned,
    hearted,
    byOwner: author?.isCreator === true,
  };
}

/**
 * @param {Thing} renderer
 * @param {{ videoId: string, parent: string | null }} known
 * @returns {FoundComment}
 */
function fromRenderer(renderer, { videoId, parent }) {
  const id = words(renderer.commentId);
  const answered = parent ?? (id.includes(".") ? id.split(".")[0] : null);
  return {
    id,
    videoId,
    text: textIn(renderer.contentText),
    author: textIn(renderer.authorText),
    likes: textIn(renderer.voteCount),
    published: textIn(renderer.publishedTimeText),
    replies: String(renderer.replyCount ?? ""),
    replyTo: answered,
    level: answered === null ? 0 : 1,
    pinned: Boolean(renderer.pinnedCommentBadge),
    hearted: Boolean(renderer.actionButtons?.commentActionButtonsRenderer?.creatorHeart),
    byOwner: renderer.authorIsChannelOwner === true,
  };
}

/** @param {Thing | undefined} header */
function ordersIn(header) {
  const items = list(header?.sortMenu?.sortFilterSubMenuRenderer?.subMenuItems);
  const [top, newest] = items.map((item) => words(item.serviceEndpoint?.continuationCommand?.token) || null);
  return { top: top ?? null, newest: newest ?? null };
}

/**
 * @param {Thing} answer to a question with a token
 * @param {{ videoId: string, parent: string | null }} asked parent: what the replies answer that were asked for
 * @returns {Answer}
 * @throws {Error} it has comments, but not where they are known to stand
 */
export function commentsIn(answer, { videoId, parent }) {
  const entities = entitiesIn(answer);
  /** @type {Answer} */
  const found = { comments: [], next: null, replies: [], announced: "", orders: ordersIn(undefined) };
  let unread = 0;
  for (const item of itemsIn(answer)) {
    const header = item.commentsHeaderRenderer;
    if (header) Object.assign(found, { announced: textIn(header.countText), orders: ordersIn(header) });
    const token = tokenOf(item);
    if (token) found.next = token;
    if (header || token) continue;
    const thread = item.commentThreadRenderer;
    const view = thread?.commentViewModel?.commentViewModel ?? item.commentViewModel;
    const renderer = thread?.comment?.commentRenderer ?? item.commentRenderer;
    const entity = entities.comments.get(view?.commentKey);
    const state = entities.states.get(view?.toolbarStateKey);
    const hearted = state?.heartState === HEARTED;
    const comment = entity
      ? fromEntity(entity, { videoId, parent, pinned: Boolean(view.pinnedText), hearted })
      : renderer && fromRenderer(renderer, { videoId, parent });
    if (!comment?.id) {
      unread += Number(Boolean(thread ?? view ?? renderer));
      continue;
    }
    found.comments.push(comment);
    const { contents, subThreads } = thread?.replies?.commentRepliesRenderer ?? {};
    for (const more of [...list(contents), ...list(subThreads)].map(tokenOf)) {
      if (more) found.replies.push({ token: more, parent: comment.id });
    }
  }
  if (unread > found.comments.length) throw new Error(`${unread} comments of an answer are in a shape that is not known`);
  return found;
}
