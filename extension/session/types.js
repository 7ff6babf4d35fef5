// What the session of a video holds and what page and views tell each other about it, as types.

/** @typedef {import("../backend/answer.js").Answer} Answer */
/** @typedef {import("../backend/answer.js").Label} Label */
/** @typedef {import("../backend/problem.js").Problem} Problem */
/** @typedef {import("../youtube/comment.js").ReadComment} ReadComment */

/**
 * One comment's label. Its language is null where a backend doesn't tell it.
 *
 * @typedef {{
 *   label: Label, score: number, probabilities?: Record<Label, number> | null, language: string | null,
 * }} Prediction
 */

/**
 * @typedef {import("../youtube/comment.js").Video & {
 *   kind: "watch" | "shorts", durationLive?: "live" | "replay" | null,
 * }} SessionVideo
 */

/** @typedef {Omit<Answer, "predictions">} Analysis */

/** @typedef {"top" | "newest"} Order */

/** @typedef {{ limit: number, order: Order, openReplies: boolean }} Wishes */

/**
 * end        everything that YouTube sends was read
 * limit      as many as were wished for
 * cancelled  a person stopped it
 * stalled    YouTube stopped sending more
 * off        the video takes no comments
 * failed     an error of our own, told in `trouble`
 *
 * @typedef {"end" | "limit" | "cancelled" | "stalled" | "off" | "failed"} EndReason
 */

/**
 * `how` is the reader that ran last; `trouble` says what was tried and failed, in words for a report, not for
 * the screen. `analysis` is of the first `analysed` comments that have words, and is replaced as more arrive;
 * `analysing` is true while an answer of the backend is awaited.
 *
 * @typedef {{
 *   video: SessionVideo, language: string, state: "idle" | "reading" | "ended", how: "requests" | "page" | null,
 *   order: Order, wishes: Wishes | null, read: number, announced: number | null, reason: EndReason | null,
 *   trouble: string | null, comments: ReadComment[], labels: Record<string, Prediction>,
 *   analysis: Analysis | null, analysed: number, analysing: boolean, problem: Problem | null,
 *   corrections: Record<string, Label>, startedAt: number,
 * }} Session
 */

/**
 * All but what is too large to be sent whole.
 *
 * @typedef {Omit<Session, "comments" | "labels">} Facts
 */

/**
 * The chat beside the video and its mood. seen are its messages with words; judged of them have a label,
 * skipped never will, since they came too fast; removed were taken back and are in neither. Times are of the clock, or in a replay into the video;
 * until is now, or when it stopped. title is the video's, saying are YouTube's own words on who may write. hidden: the tab is in the background.
 *
 * @typedef {{
 *   kind: import("../youtube/chat_frame.js").ChatKind | null, room: import("../youtube/chat_reader.js").Room,
 *   title: string, saying: string, state: "idle" | "reading" | "stopped" | "ended", hidden: boolean, problem: Problem | null,
 *   seen: number, judged: number, skipped: number, removed: number, until: number, since: number | null,
 *   windows: import("../analysis/chat_course.js").Window[], steps: import("../analysis/tally.js").Step[],
 *   telling: import("../analysis/chat_course.js").Telling[],
 * }} Chat
 */

/**
 * From the page to a view. First comes `session`, followed by the comments and labels that it says are to come;
 * then what changes. After `restarted` the comments and labels so far are void. After `moved` comes the session
 * of the new video, if the page shows one. `chat` comes before a session, and whenever the chat has changed.
 *
 * @typedef {{ kind: "session", facts: Facts, comments: number, labels: number }} SessionMessage
 * @typedef {{ kind: "changed", changes: Partial<Facts> }} ChangedMessage
 * @typedef {{ kind: "comments", comments: ReadComment[] }} CommentsMessage
 * @typedef {{ kind: "labels", labels: Record<string, Prediction> }} LabelsMessage
 * @typedef {{ kind: "restarted", facts: Facts }} RestartedMessage
 * @typedef {{ kind: "moved", videoId: string | null }} MovedMessage
 * @typedef {ChangedMessage | CommentsMessage | LabelsMessage | RestartedMessage} Change
 * @typedef {{ kind: "chat", chat: Chat }} ChatMessage
 * @typedef {SessionMessage | MovedMessage | ChatMessage | Change} PageMessage
 */

/**
 * From a view to the page. `read` starts, joins what runs, or asks the backend again after a problem; with
 * `again` it starts over.
 *
 * @typedef {{ kind: "read", wishes: Wishes, again?: boolean } | { kind: "stop" }
 *   | { kind: "correct", id: string, label: Label } | { kind: "chat", act: "start" | "stop" }} ViewMessage
 */

export {};
