// What can go wrong between the extension and the backend. Knows the kinds and what a problem document holds;
// the words for people are with whoever shows them.

/**
 * unreachable  nobody answers at the address
 * permission   Chrome wasn't allowed to reach the address, e.g. on another computer than the one it was set on
 * timeout      somebody does, but not in time
 * token        401 or 403
 * too_large    413, and 422 for too many comments
 * refused      400, 415, 421, other 422: the backend understands less than this version sends, or more, or it has
 *              another name
 * busy         429
 * not_ready    503
 * failed       other 5xx
 * stranger     an answer that isn't Undertone's
 *
 * @typedef {(
 *   "unreachable" | "permission" | "timeout" | "token" | "too_large" | "refused" | "busy" | "not_ready" | "failed" |
 *   "stranger"
 * )} Kind
 */

/** @type {Record<number, Kind>} */
const KIND_OF_STATUS = {
  400: "refused",
  401: "token",
  403: "token",
  413: "too_large",
  415: "refused",
  421: "refused",
  422: "refused",
  429: "busy",
  503: "not_ready",
};

const MOST_FAULTS = 3;

/**
 * A problem as it travels between the parts of the extension.
 *
 * @typedef {{
 *   kind: Kind, status?: number, title?: string, detail?: string, faults: string[], requestId?: string,
 * }} Problem
 */

export class BackendProblem extends Error {
  /**
   * @param {Kind} kind
   * @param {{
   *   status?: number, title?: string, detail?: string, faults?: string[], requestId?: string,
   * }} [known] faults name the fields that are wrong, and how
   */
  constructor(kind, { status, title, detail, faults = [], requestId } = {}) {
    super(detail ?? title ?? kind);
    this.kind = kind;
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.faults = faults;
    this.requestId = requestId;
  }
}

/**
 * @param {Problem} problem
 * @returns {Problem} without what an Error has beside it
 */
export const plainProblem = ({ kind, status, title, detail, faults, requestId }) => ({
  kind,
  status,
  title,
  detail,
  faults,
  requestId,
});

/** @param {unknown} error of any kind @returns {Problem} */
export const problemOf = (error) =>
  plainProblem(error instanceof BackendProblem ? error : new BackendProblem("failed", { detail: String(error) }));

/** @param {unknown} value */
const textOrNothing = (value) => (typeof value === "string" && value ? value : undefined);

/**
 * @param {unknown} errors of a problem document
 * @returns {Record<string, unknown>[]}
 */
const entriesOf = (errors) =>
  Array.isArray(errors) ? errors.filter((error) => typeof error === "object" && error !== null) : [];

/**
 * @param {number} status
 * @param {unknown} body the answer as JSON, undefined where it wasn't
 * @returns {BackendProblem}
 */
export function problemFrom(status, body) {
  const document = /** @type {Record<string, unknown>} */ (
    typeof body === "object" && body !== null ? body : {}
  );
  const errors = entriesOf(document.errors);
  const tooMany = errors.some(({ field, limit }) => field === "comments" && typeof limit === "number");
  const kind = KIND_OF_STATUS[status] ?? (status >= 500 ? "failed" : "stranger");
  return new BackendProblem(tooMany ? "too_large" : kind, {
    status,
    title: textOrNothing(document.title),
    detail: textOrNothing(document.detail),
    faults: errors.slice(0, MOST_FAULTS).map(({ field, message }) => `${field}: ${message}`),
    requestId: textOrNothing(document.request_id),
  });
}
