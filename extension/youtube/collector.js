// Collects the comments of the watch page it is injected in: reads what is loaded, scrolls for more, opens
// replies, and puts the page back as it was. A classic script beside page.js, which knows the page's elements;
// this one knows time: when to scroll, how long to wait, when to stop. It talks to whoever connects a port.

/** @typedef {import("./port.js").PageMessage} PageMessage */
/** @typedef {import("./port.js").PopupMessage} PopupMessage */
/** @typedef {import("./port.js").EndReason} EndReason */
/** @typedef {import("./comment.js").FoundComment} FoundComment */

/** @type {boolean | undefined} */
var undertoneListens;

(() => {
  // Each opening of the popup injects this again.
  if (undertoneListens) return;
  undertoneListens = true;

  const POLL_MS = 120;
  const FIRST_COMMENTS_MS = 15_000;
  const MORE_COMMENTS_MS = 12_000;
  const REPLIES_MS = 6_000;
  const NUDGE_MS = 2_500;
  const NUDGE_PX = 300;
  const BETWEEN_REPLIES_MS = 150;
  const FAILED_REPLIES_IN_A_ROW = 3;
  const SETTLED_POLLS = 4;
  const SURE_POLLS = 8;

  class Stopped extends Error {}

  /** @param {number} milliseconds */
  const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  const currentVideo = () => undertonePage.videoId(location);

  /** One reading of one video's comments. */
  class Collection {
    /** @type {Set<string>} */
    #seen = new Set();
    #cancelled = false;
    #scroll = { left: scrollX, top: scrollY };
    /** @type {Set<Element>} */
    #openedThreads = new Set();

    /**
     * @param {string} videoId
     * @param {{ limit: number, openReplies: boolean }} wishes
     * @param {(message: PageMessage) => void} send
     */
    constructor(videoId, wishes, send) {
      this.videoId = videoId;
      this.wishes = wishes;
      this.send = send;
    }

    cancel() {
      this.#cancelled = true;
    }

    async run() {
      /** @type {EndReason} */
      let reason;
      try {
        reason = await this.#readAll();
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        reason = "cancelled";
      }
      if (currentVideo() !== this.videoId) return;
      this.#putBack();
      this.send({
        kind: "finished",
        videoId: this.videoId,
        announced: undertonePage.announced(document),
        reason,
      });
    }

    /** @returns {Promise<EndReason>} */
    async #readAll() {
      const state = await this.#firstComments();
      if (state === "off") return "off";
      if (state !== "shown") return "end";
      const reason = await this.#readThreads();
      if (reason !== "end" || !this.wishes.openReplies) return reason;
      return this.#readReplies();
    }

    /** What another video left behind goes away within a moment, so the absence of comments has to last. */
    async #firstComments() {
      let state = undertonePage.commentsState(document, this.videoId);
      let pollsWithout = 0;
      for (let waited = 0; state !== "shown" && waited < FIRST_COMMENTS_MS; waited += POLL_MS) {
        pollsWithout = state === "loading" ? 0 : pollsWithout + 1;
        if (pollsWithout >= SURE_POLLS) break;
        undertonePage.commentsSection(document)?.scrollIntoView({ behavior: "instant" });
        await this.#pause(POLL_MS);
        state = undertonePage.commentsState(document, this.videoId);
      }
      return state;
    }

    /** @returns {Promise<EndReason>} */
    async #readThreads() {
      let waited = 0;
      let pollsWithoutMore = 0;
      while (waited < MORE_COMMENTS_MS) {
        if (this.#takeNew() > 0) waited = 0;
        if (this.#full()) return "limit";
        const more = undertonePage.continuation(document);
        pollsWithoutMore = more ? 0 : pollsWithoutMore + 1;
        if (pollsWithoutMore >= SETTLED_POLLS) return "end";
        if (waited > 0 && waited % NUDGE_MS < POLL_MS) scrollBy({ top: -NUDGE_PX, behavior: "instant" });
        else more?.scrollIntoView({ block: "center", behavior: "instant" });
        await this.#pause(POLL_MS);
        waited += POLL_MS;
      }
      return "stalled";
    }

    /** @returns {Promise<EndReason>} */
    async #readReplies() {
      /** @type {WeakSet<HTMLElement>} */
      const tried = new WeakSet();
      let failed = 0;
      for (;;) {
        const button = undertonePage.moreRepliesButtons(document).find((each) => !tried.has(each));
        if (!button) return "end";
        tried.add(button);
        failed = (await this.#openReplies(button)) ? 0 : failed + 1;
        if (this.#full()) return "limit";
        if (failed >= FAILED_REPLIES_IN_A_ROW) return "stalled";
      }
    }

    /**
     * @param {HTMLElement} button
     * @returns {Promise<boolean>} whether replies came, or had come before
     */
    async #openReplies(button) {
      button.scrollIntoView({ block: "center", behavior: "instant" });
      const thread = undertonePage.threadOf(button);
      if (thread) this.#openedThreads.add(thread);
      button.click();
      let pollsWithoutMore = 0;
      for (let waited = 0; waited < REPLIES_MS; waited += POLL_MS) {
        await this.#pause(POLL_MS);
        if (this.#takeNew() > 0) {
          await this.#pause(BETWEEN_REPLIES_MS);
          return true;
        }
        pollsWithoutMore = undertonePage.repliesToCome(button, thread) ? 0 : pollsWithoutMore + 1;
        if (pollsWithoutMore >= SETTLED_POLLS) return true;
      }
      return false;
    }

    #full() {
      return this.#seen.size >= this.wishes.limit;
    }

    /** @returns {number} how many comments were new */
    #takeNew() {
      /** @type {FoundComment[]} */
      const fresh = [];
      const found = undertonePage.comments(document, this.videoId, (id) => !this.#seen.has(id));
      for (const comment of found) {
        if (this.#full()) break;
        if (this.#seen.has(comment.id)) continue;
        this.#seen.add(comment.id);
        fresh.push(comment);
      }
      if (fresh.length > 0) {
        this.send({
          kind: "comments",
          videoId: this.videoId,
          language: undertonePage.language(document),
          announced: undertonePage.announced(document),
          video: undertonePage.video(document, this.videoId),
          comments: fresh,
        });
      }
      return fresh.length;
    }

    /** @param {number} milliseconds */
    async #pause(milliseconds) {
      await sleep(milliseconds);
      if (this.#cancelled || currentVideo() !== this.videoId) throw new Stopped();
    }

    #putBack() {
      for (const thread of this.#openedThreads) {
        for (const fewer of undertonePage.fewerRepliesButtons(thread)) fewer.click();
      }
      scrollTo({ ...this.#scroll, behavior: "instant" });
    }
  }

  /** @param {chrome.runtime.Port} port */
  function serve(port) {
    /** @type {Collection | null} */
    let collection = null;
    const shown = currentVideo();
    let connected = true;
    /** @param {PageMessage} message */
    const send = (message) => {
      if (connected) port.postMessage(message);
    };

    function onNavigation() {
      const videoId = currentVideo();
      if (videoId === shown) return;
      send({ kind: "moved", videoId: videoId ?? "" });
      port.disconnect();
      stop();
    }
    function stop() {
      connected = false;
      collection?.cancel();
      document.removeEventListener("yt-navigate-finish", onNavigation);
    }

    document.addEventListener("yt-navigate-finish", onNavigation);
    port.onMessage.addListener((/** @type {PopupMessage} */ message) => {
      if (message.kind === "cancel") collection?.cancel();
      if (message.kind === "collect" && shown) {
        collection = new Collection(shown, message, send);
        collection.run().catch((error) => send({ kind: "failed", videoId: shown, error: String(error) }));
      }
    });
    port.onDisconnect.addListener(stop);
  }

  chrome.runtime.onConnect.addListener(serve);
})();
