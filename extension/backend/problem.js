// What can go wrong between the extension and the backend. Knows the kinds and what a problem document holds;
// the words for people are with whoever shows them.

/**
 * unreachable  nobody answers at the address
 * timeout      somebody does, but not in time
 * token        401 or 403
 * too_large    413
 * refused      400, 415, 422: the backend understands less than this version sends, or more
 * not_ready    503
 * failed       other 5xx
 * stranger     an answer that isn't Undertone's
 *
 * @typedef {"unreachable" | "timeout" | "token" | "too_large" | "refused" | "not_ready" | "failed" | "stranger"} Kind
 */

/** @type {Record<number, Kind>} */
const KIND_OF_STATUS = {
  400: "refused",
  401: "token",
  403: "token",
  413: "too_large",
  415: "refused",
  422: "refused",
  503: "not_ready",
};

export class BackendProblem extends Error {
  /**
   * @param {Kind} kind
   * @param {{ status?: number, title?: string, detail?: string, requestId?: string }} [known]
   */
  constructor(kind, { status, title, detail, requestId } = {}) {
    super(detail ?? title ?? kind);
    this.kind = kind;
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.requestId = requestId;
  }
}

/** @param {unknown} value */
const textOrNothing = (value) => (typeof value === "string" && value ? value : undefined);

/**
 * @param {number} status
 * @param {unknown} body the answer as JSON, undefined where it wasn't
 * @returns {BackendProblem}
 */
export function problemFrom(status, body) {
  const document = /** @type {Record<string, unknown>} */ (
    typeof body === "object" && body !== null ? body : {}
  );
  return new BackendProblem(KIND_OF_STATUS[status] ?? (status >= 500 ? "failed" : "stranger"), {
    status,
    title: textOrNothing(document.title),
    detail: textOrNothing(document.detail),
    requestId: textOrNothing(document.request_id),
  });
}
