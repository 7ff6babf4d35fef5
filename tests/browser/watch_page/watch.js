// A watch page that behaves like YouTube's where the extension can notice: comments come in batches of 20 when
// the end of the list is in view, replies when they are asked for, YouTube renders a thread again when it likes,
// they can be sorted anew, and another video is shown without loading another page; beside a short they are in a panel.
// What a video holds comes from /fixture/ID.json.

const BATCH = 20;
const REPLY_BATCH = 10;
const EMOJI = /\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f|\u200d\p{Extended_Pictographic})*/gu;

let video;
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

function contentOf(text) {
  const content = make("span", { class: "ytAttributedStringHost", dir: "auto", role: "text" });
  let end = 0;
  for (const emoji of text.matchAll(EMOJI)) {
    content.append(text.slice(end, emoji.index));
    const image = make("img", { alt: emoji[0], class: "ytCoreImageHost" });
    content.append(make("span", { class: "ytAttributedStringInlineBlockMod" }, image));
    end = emoji.index + emoji[0].length;
  }
  content.append(text.slice(end));
  return content;
}

function commentElement(comment) {
  const href = `/watch?v=${video.id}&lc=${comment.id}`;
  return make(
    "ytd-comment-view-model",
    { id: "comment" },
    make(
      "div",
      { id: "main" },
      make(
        "div",
        { id: "header" },
        make(
          "div",
          { id: "pinned-comment-badge" },
          ...(comment.pinned ? [make("ytd-pinned-comment-badge-renderer", {}, "Pinned by the channel")] : []),
        ),
        make(
          "div",
          { id: "header-author" },
          make("h3", {}, make("a", { id: "author-text", href: `/${comment.author}` },
            make("span", { class: comment.by_owner ? "channel-owner" : "" }, `\n  ${comment.author}\n`))),
          make("span", { id: "published-time-text" }, make("a", { href }, `\n  ${comment.published}\n`)),
        ),
      ),
      make("ytd-expander", { id: "expander" },
        make("div", { id: "content" }, make("yt-attributed-string", { id: "content-text" }, contentOf(comment.text)))),
      make("ytd-comment-engagement-bar", { id: "action-buttons" },
        make("span", { id: "vote-count-middle" }, `\n  ${comment.likes_shown}\n`),
        make("div", { id: "creator-heart" },
          ...(comment.hearted ? [make("ytd-creator-heart-renderer")] : []))),
    ),
  );
}

function repliesElement(comment) {
  if (comment.replies.length === 0) return make("div", { id: "replies" });
  const more = make("ytd-button-renderer", { id: "more-replies" },
    make("button", {}, `${comment.replies.length} replies`));
  const less = make("ytd-button-renderer", { id: "less-replies", hidden: true }, make("button", {}, "Hide"));
  const contents = make("div", { id: "contents" });
  const expander = make("div", { id: "expander-contents", hidden: true }, contents);
  let shown = 0;

  async function showMore() {
    const place = make("ytd-continuation-item-renderer");
    contents.append(place);
    await wait(video.delay);
    const batch = comment.replies.slice(shown, shown + REPLY_BATCH);
    shown += batch.length;
    place.replaceWith(...batch.map(commentElement));
    if (shown < comment.replies.length) {
      const button = make("button", {}, "Show more replies");
      const continuation = make("ytd-continuation-item-renderer", {}, button);
      button.addEventListener("click", () => {
        continuation.remove();
        void showMore();
      });
      contents.append(continuation);
    }
  }
  function open(isOpen) {
    more.hidden = isOpen;
    less.hidden = !isOpen;
    expander.hidden = !isOpen;
  }
  more.addEventListener("click", () => {
    open(true);
    if (shown === 0) void showMore();
  });
  less.addEventListener("click", () => open(false));
  return make("div", { id: "replies" }, make("ytd-comment-replies-renderer", {}, more, less, expander));
}

const threadElement = (comment) =>
  make(
    "ytd-comment-thread-renderer",
    { class: "style-scope ytd-item-section-renderer" },
    make("div", { id: "comment-container" }, commentElement(comment)),
    repliesElement(comment),
  );

/** YouTube draws threads anew now and then: other elements, the same comments. */
function renderAgain(contents, sorted) {
  const drawn = [...contents.querySelectorAll(":scope > ytd-comment-thread-renderer")].slice(0, BATCH);
  drawn.forEach((thread, index) => thread.replaceWith(threadElement(sorted[index])));
}

/** Beside a short, a panel takes the place of what a watch page has below its video. */
function placeOfComments() {
  const place = document.querySelector("ytd-comments, ytd-section-list-renderer");
  if (place.localName !== "ytd-comments" || !location.pathname.startsWith("/shorts/")) return place;
  const list = make("ytd-section-list-renderer");
  place.replaceWith(make("ytd-engagement-panel-section-list-renderer",
    { "target-id": "engagement-panel-comments-section" }, make("div", { id: "content" }, list)));
  document.getElementById("player").remove();
  return list;
}

function fillComments() {
  const shownVideo = video;
  const header = make("div", { id: "header" });
  const contents = make("div", { id: "contents" });
  const section = make("ytd-item-section-renderer", { id: "sections" }, header, contents);
  placeOfComments().replaceChildren(section);
  if (video.comments_off) {
    contents.append(make("ytd-message-renderer", {}, "Comments are turned off. Learn more"));
    return;
  }
  let shown = 0;
  let sorted = video.comments;

  const observer = new IntersectionObserver(async (entries) => {
    const seen = entries.find((entry) => entry.isIntersecting)?.target;
    if (!seen || seen.dataset.asked) return;
    if (video.stalls_after !== null && shown >= video.stalls_after) return;
    seen.dataset.asked = "yes";
    await wait(video.delay);
    if (video !== shownVideo || !seen.isConnected) return;
    if (!header.hasChildNodes()) {
      header.append(make("ytd-comments-header-renderer", {},
        make("h2", { id: "count" }, make("yt-formatted-string", {}, video.announced)),
        sortButton));
    }
    const batch = sorted.slice(shown, shown + BATCH);
    shown += batch.length;
    seen.replaceWith(...batch.map(threadElement));
    if (shown === 3 * BATCH) renderAgain(contents, sorted);
    if (shown < video.comments.length) addContinuation();
  });
  function addContinuation() {
    const continuation = make("ytd-continuation-item-renderer");
    contents.append(continuation);
    observer.observe(continuation);
  }
  const sortButton = make("button", { id: "sort" }, "Newest first");
  sortButton.addEventListener("click", () => {
    [sorted, shown] = [video.comments.toReversed(), 0];
    contents.replaceChildren();
    addContinuation();
  });
  addContinuation();
}

/** The frame of the chat stays when another video is shown, until that one's chat is put into it. */
function fillChat() {
  document.querySelector("ytd-live-chat-frame")?.toggleAttribute("hidden", !video.chat);
  if (!video.chat) return document.querySelector("#chatframe")?.remove();
  const host = document.querySelector("ytd-live-chat-frame") ?? make("ytd-live-chat-frame", { id: "chat" });
  if (!host.isConnected) document.querySelector("ytd-watch-flexy").prepend(host);
  const address = `/live_chat${video.chat.replay ? "_replay" : ""}?continuation=${video.id}`;
  const frame = host.querySelector("iframe");
  if (frame) frame.contentWindow.location.replace(address);
  else if (!video.chat.closed) host.append(make("iframe", { id: "chatframe", src: address }));
  return undefined;
}

/** The player goes to a second of the video, and tells the chat. */
function play(seconds) {
  document.querySelector("#movie_player video").currentTime = seconds;
  document.querySelector("#chatframe").contentWindow.postMessage({ "yt-player-video-progress": seconds }, "*");
}

async function load(id) {
  video = await (await fetch(`/fixture/${id}.json`)).json();
  document.documentElement.lang = video.language;
  document.title = `${video.title} - YouTube`;
  document.querySelector("ytd-watch-flexy").setAttribute("video-id", id);
  document.querySelector("ytd-watch-metadata h1 yt-formatted-string").textContent = video.title;
  document.querySelector("ytd-watch-metadata ytd-channel-name #text").textContent = video.channel;
}

/** Another video in the same page. YouTube leaves the old comments standing for a moment. */
async function navigate(id) {
  document.dispatchEvent(new CustomEvent("yt-navigate-start"));
  history.pushState({}, "", `/watch?v=${id}`);
  await load(id);
  document.dispatchEvent(new CustomEvent("yt-navigate-finish"));
  await wait(300);
  fillChat();
  fillComments();
}

document.getElementById("next-video").addEventListener("click", (event) => {
  event.preventDefault();
  void navigate(video.next);
});
const [, short] = /^\/shorts\/(.+)$/u.exec(location.pathname) ?? [];
void load(short ?? new URLSearchParams(location.search).get("v")).then(() => {
  fillChat();
  fillComments();
});
