// What exporters call a comment's parts: YouTube's API, yt-dlp, youtube-comment-downloader, ExportComments, YouTube
// Data Tools, Kaggle's sets, and Undertone itself. Knows names; doesn't know values.

/**
 * @typedef {"text" | "id" | "author" | "likes" | "published_at" | "published_at_width" | "reply_to" | "pinned" |
 *   "hearted" | "video_id" | "video_title"} Field
 */

/** Letters and digits only, the best name first. @type {Record<Field, string[]>} */
const NAMES = {
  text: [
    "textoriginal", "commenttext", "text", "comment", "commentactual", "commentbody", "content", "textdisplay", "body",
    "message", "comments",
  ],
  id: ["commentid", "cid", "id"],
  author: ["authordisplayname", "authorname", "author", "username", "user", "commenter", "name"],
  likes: ["likecount", "likes", "votes", "likescount", "commentlikes", "commentlikecount", "upvotes"],
  published_at: [
    "publishedat", "timeparsed", "timestamp", "publishdate", "commentdate", "createdat", "datetime", "date", "published",
    "time", "publishedtime",
  ],
  published_at_width: ["publishedatwidth"],
  reply_to: ["replyto", "isreplyto", "parentid", "parentcommentid", "parent"],
  pinned: ["pinned", "ispinned"],
  hearted: ["hearted", "ishearted", "heart", "isfavorited"],
  video_id: ["videoid"],
  video_title: ["videotitle"],
};

/** @param {string} name */
const plain = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/**
 * @param {string[]} names as the file has them
 * @returns {Map<Field, number>} where each field is; of several names for one the best
 */
export function fieldsOf(names) {
  const known = names.map(plain);
  /** @type {Map<Field, number>} */
  const found = new Map();
  for (const [field, candidates] of /** @type {[Field, string[]][]} */ (Object.entries(NAMES))) {
    const name = candidates.find((candidate) => known.includes(candidate));
    if (name !== undefined) found.set(field, known.indexOf(name));
  }
  return found;
}
