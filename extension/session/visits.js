// Finished analyses that this browser remembers, so that a video can be compared with itself and with others: their
// numbers and words, never a comment. Bounded; the oldest go first. Knows IndexedDB; knows nothing of what is shown.

/** @typedef {import("../analysis/tally.js").Numbers} Numbers */
/** @typedef {import("../backend/answer.js").Score} Score */
/** @typedef {import("../backend/answer.js").Word} Word */
/** @typedef {import("../views/opened.js").Opened} Opened */
/** @typedef {import("../analysis/tally.js").Tally} Tally */
/** @typedef {import("./types.js").Session} Session */
/**
 * key is of one reading, which is kept once, however often it is shown; at is in milliseconds.
 *
 * @typedef {{
 *   key: string, videoId: string, title: string, channel: string, at: number, read: number, announced: number | null,
 *   model: string, counts: Numbers, score: Score | null, words: { positive: Word[], negative: Word[] },
 * }} KeptVisit
 */

const DATABASE = "undertone";
const VERSION = 1;
const STORE = "visits";
const BY_VIDEO = "videoId";
const BY_TIME = "at";
export const MOST_VISITS = 300;
export const MOST_OF_A_VIDEO = 20;
const WORDS = 20;

/**
 * @param {Session} session that has ended
 * @param {Opened} opened
 * @param {Tally} tally
 * @returns {KeptVisit}
 */
export function visitOf({ video, startedAt, read, announced }, { analysis }, { counts, score }) {
  const { words, model } = analysis;
  return {
    key: `${video.id} ${startedAt}`,
    videoId: video.id,
    title: video.title ?? "",
    channel: video.channel ?? "",
    at: startedAt,
    read,
    announced,
    model: `${model.name} ${model.version}`,
    counts,
    score,
    words: { positive: words?.positive.slice(0, WORDS) ?? [], negative: words?.negative.slice(0, WORDS) ?? [] },
  };
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @returns {Promise<IDBDatabase>} */
function open() {
  const request = indexedDB.open(DATABASE, VERSION);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: "key" });
    store.createIndex(BY_VIDEO, "videoId");
    store.createIndex(BY_TIME, "at");
  };
  return done(request);
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function within(mode, work) {
  const database = await open();
  try {
    const transaction = database.transaction(STORE, mode);
    const complete = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(undefined);
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await work(transaction.objectStore(STORE));
    await complete;
    return result;
  } finally {
    database.close();
  }
}

/** @param {KeptVisit[]} visits */
const newestFirst = (visits) => visits.sort((a, b) => b.at - a.at);

/** @param {KeptVisit} visit */
export const keepVisit = (visit) =>
  within("readwrite", async (store) => {
    await done(store.put(visit));
    const same = newestFirst(await done(store.index(BY_VIDEO).getAll(visit.videoId)));
    for (const { key } of same.slice(MOST_OF_A_VIDEO)) await done(store.delete(key));
    const keys = await done(store.index(BY_TIME).getAllKeys());
    for (const key of keys.slice(0, Math.max(0, keys.length - MOST_VISITS))) await done(store.delete(key));
  });

/**
 * @param {string} videoId
 * @param {string} key of the visit that is open
 * @returns {Promise<{ earlier: KeptVisit[], others: KeptVisit[] }>} others: the latest of each other video
 */
export const visitsBeside = (videoId, key) =>
  within("readonly", async (store) => {
    const all = newestFirst(/** @type {KeptVisit[]} */ (await done(store.getAll())));
    /** @type {Map<string, KeptVisit>} */
    const latest = new Map();
    for (const visit of all) if (!latest.has(visit.videoId)) latest.set(visit.videoId, visit);
    latest.delete(videoId);
    return { earlier: all.filter((visit) => visit.videoId === videoId && visit.key !== key), others: [...latest.values()] };
  });

/** Forgets all that this browser remembers. */
export const forgetVisits = () => within("readwrite", (store) => done(store.clear()));
