// The frame of a live chat, or of its replay, that behaves like YouTube's where the extension can notice: it does what
// actions say, in the shape in which YouTube sends them, fills an element after it is in the list, keeps the list
// short by dropping its oldest, and empties it when somebody goes to another place of a replay.

const MOST_SHOWN = 250;
/** What of a replay is shown at once at the place that somebody goes to. */
const BEFORE_SEEK_MS = 120_000;
const REPLAY = location.pathname === "/live_chat_replay";

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const textOf = (words) => words?.simpleText ?? words?.runs?.map(({ text }) => text ?? "").join("") ?? "";

/** Words with emoji as images: those of a channel have a name, the others are what they are. */
const contentOf = (words) =>
  (words?.runs ?? []).map(({ text, emoji }) => {
    if (!emoji) return text;
    const alt = emoji.isCustomEmoji ? emoji.shortcuts[0].replaceAll(":", "") : emoji.emojiId;
    return make("img", { class: "emoji", alt, "data-emoji-id": emoji.emojiId });
  });

function roleOf({ authorBadges = [] }) {
  const [badge] = authorBadges.map(({ liveChatAuthorBadgeRenderer: each }) => each);
  if (!badge) return "";
  return badge.icon ? badge.icon.iconType.toLowerCase() : "member";
}

function timeOf({ timestampText, timestampUsec }) {
  const written = new Date(Number(timestampUsec) / 1000);
  return timestampText ? textOf(timestampText) : written.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });
}

const author = (renderer) => make("yt-live-chat-author-chip", {}, make("span", { id: "author-name" }, textOf(renderer.authorName)));
const time = (renderer) => make("span", { id: "timestamp" }, timeOf(renderer));
const message = (renderer) => make("span", { id: "message" }, ...contentOf(renderer.message));

const FILLINGS = {
  liveChatTextMessageRenderer: ["text-message", (each) => [time(each), author(each), message(each)]],
  liveChatPaidMessageRenderer: [
    "paid-message",
    (each) => [author(each), time(each), make("div", { id: "purchase-amount" }, textOf(each.purchaseAmountText)), message(each)],
  ],
  liveChatPaidStickerRenderer: ["paid-sticker", (each) => [author(each), time(each)]],
  liveChatMembershipItemRenderer: [
    "membership-item",
    (each) => [author(each), make("div", { id: "header-subtext" }, textOf(each.headerSubtext)), time(each), ...(each.message ? [message(each)] : [])],
  ],
  liveChatPlaceholderItemRenderer: ["placeholder-item", () => []],
  liveChatViewerEngagementMessageRenderer: ["viewer-engagement-message", (each) => [message(each)]],
  liveChatModeChangeMessageRenderer: [
    "mode-change-message",
    (each) => [make("div", { id: "text" }, textOf(each.text)), make("div", { id: "subtext" }, textOf(each.subtext))],
  ],
};

function elementOf(item) {
  const [[kind, renderer]] = Object.entries(item);
  const [name, fill] = FILLINGS[kind];
  const element = make(`yt-live-chat-${name}-renderer`, { id: renderer.id });
  if (roleOf(renderer)) element.setAttribute("author-type", roleOf(renderer));
  queueMicrotask(() => element.append(...fill(renderer)));
  return element;
}

const list = () => document.querySelector("yt-live-chat-item-list-renderer #items");
const found = (id) => list().querySelector(`[id="${CSS.escape(id)}"]`);

const ACTIONS = {
  addChatItemAction({ item }) {
    list().append(elementOf(item));
    while (list().children.length > MOST_SHOWN) list().firstElementChild.remove();
  },
  addLiveChatTickerItemAction({ item }) {
    const { liveChatTickerPaidMessageItemRenderer: ticker } = item;
    if (!ticker) return;
    const { renderer } = ticker.showItemEndpoint.showLiveChatItemEndpoint;
    document.querySelector("yt-live-chat-ticker-renderer #items").prepend(elementOf(renderer));
  },
  removeChatItemAction: ({ targetItemId }) => found(targetItemId)?.remove(),
  markChatItemAsDeletedAction({ targetItemId, deletedStateMessage }) {
    found(targetItemId)?.setAttribute("is-deleted", "");
    found(targetItemId)?.querySelector("#message")?.replaceChildren(textOf(deletedStateMessage));
  },
};

/** Does what an answer of YouTube's says. */
function show(actions) {
  for (const action of actions) {
    for (const [name, content] of Object.entries(action)) ACTIONS[name]?.(content);
  }
}

function openList() {
  document.querySelector("#contents").replaceChildren(
    make("yt-live-chat-item-list-renderer", {}, make("div", { id: "item-offset" }, make("div", { id: "items" }))),
  );
}

/** The chat is turned off, or over: words stand in the place of the list. */
function close(words) {
  document.querySelector("#contents").replaceChildren(make("yt-live-chat-message-renderer", {}, make("div", { id: "text" }, words)));
}

/** Many messages a second, as YouTube sends them: some at once. */
function flood(perSecond, seconds, texts) {
  let said = 0;
  const timer = setInterval(() => {
    for (let each = 0; each < perSecond / 5; each += 1) {
      const text = `${texts[said % texts.length]} ${said}`;
      const usec = String(Date.now() * 1000);
      const renderer = { id: `flood${said}`, message: { runs: [{ text }] }, authorName: { simpleText: "@many" }, timestampUsec: usec };
      show([{ addChatItemAction: { item: { liveChatTextMessageRenderer: renderer } } }]);
      said += 1;
    }
    if (said >= perSecond * seconds) clearInterval(timer);
  }, 200);
}

/** A replay follows the player, which tells it where it is. */
function replay(actions) {
  let at = 0;
  const until = (from, to) =>
    actions
      .map(({ replayChatItemAction: each }) => each)
      .filter(({ videoOffsetTimeMsec: offset }) => Number(offset) > from && Number(offset) <= to)
      .flatMap((each) => each.actions);
  addEventListener("message", ({ data }) => {
    const now = data["yt-player-video-progress"] * 1000;
    const went = now < at || now > at + 10_000;
    if (went) list().replaceChildren();
    show(went ? until(now - BEFORE_SEEK_MS, now) : until(at, now));
    at = now;
  });
}

async function load() {
  const { chat } = await (await fetch(`/fixture/${new URLSearchParams(location.search).get("continuation")}.json`)).json();
  if (chat.off) return close(chat.off);
  openList();
  if (REPLAY) replay(chat.actions);
  else show(chat.actions);
}
void load();
