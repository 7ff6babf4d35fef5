import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { analyse, checkReady, fetchModel } from "../../extension/backend/client.js";

const ANSWER = { counts: { total: 1 }, score: { mean: 0 }, from_the_future: { more: true } };
const REQUEST = { video: { id: "abc" }, comments: [], options: { timezone: "UTC", top: 1, words: 1 } };

/** @type {{ status: number, body: string, type?: string }} */
let next = { status: 200, body: "{}" };
/** @type {{ headers: import("node:http").IncomingHttpHeaders, body: string }} */
let received;
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    received = { headers: request.headers, body };
    response.writeHead(next.status, { "Content-Type": next.type ?? "application/json" });
    response.end(next.body);
  });
});
/** @type {{ address: string, token: string }} */
let backend;

before(async () => {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  backend = { address: `http://127.0.0.1:${port}`, token: "" };
});
after(() => void server.close());

test("an analysis comes back whole, with fields of a newer backend", async () => {
  next = { status: 200, body: JSON.stringify(ANSWER) };
  assert.deepEqual(await analyse(backend, REQUEST), ANSWER);
  assert.deepEqual(JSON.parse(received.body), REQUEST);
  assert.equal(received.headers["content-type"], "application/json");
});

test("the token is sent as a bearer token, and nothing where there is none", async () => {
  next = { status: 200, body: '{"status": "ready"}' };
  await checkReady({ ...backend, token: "s3cret" });
  assert.equal(received.headers.authorization, "Bearer s3cret");
  await checkReady(backend);
  assert.equal(received.headers.authorization, undefined);
});

for (const [status, kind] of /** @type {const} */ ([
  [400, "refused"],
  [401, "token"],
  [403, "token"],
  [404, "stranger"],
  [413, "too_large"],
  [415, "refused"],
  [421, "refused"],
  [422, "refused"],
  [429, "busy"],
  [500, "failed"],
  [502, "failed"],
  [503, "not_ready"],
])) {
  test(`status ${status} is a problem of the kind ${kind}, in the backend's words`, async () => {
    const problem = { title: "The title", detail: "The detail", request_id: "r1", errors: [] };
    next = { status, body: JSON.stringify(problem), type: "application/problem+json" };
    await assert.rejects(analyse(backend, REQUEST), {
      kind,
      status,
      title: "The title",
      detail: "The detail",
      requestId: "r1",
    });
  });
}

test("the fields that are wrong are named, too many comments are a kind of their own", async () => {
  const errors = [{ field: "video.id", message: "Field required" }, null, 7];
  next = { status: 422, body: JSON.stringify({ errors }) };
  await assert.rejects(analyse(backend, REQUEST), { kind: "refused", faults: ["video.id: Field required"] });
  const tooMany = [{ field: "comments", message: "must hold at most 10 comments", limit: 10 }];
  next = { status: 422, body: JSON.stringify({ errors: tooMany }) };
  await assert.rejects(analyse(backend, REQUEST), {
    kind: "too_large",
    faults: ["comments: must hold at most 10 comments"],
  });
});

test("an error without a problem document is a problem without words", async () => {
  next = { status: 500, body: "<h1>Oops</h1>", type: "text/html" };
  await assert.rejects(analyse(backend, REQUEST), { kind: "failed", detail: undefined });
});

for (const body of ["<h1>It works!</h1>", "[]", "null", '{"hello": "world"}', "42"]) {
  test(`${body} is the answer of a stranger`, async () => {
    next = { status: 200, body };
    await assert.rejects(checkReady(backend), { kind: "stranger" });
    await assert.rejects(fetchModel(backend), { kind: "stranger" });
    await assert.rejects(analyse(backend, REQUEST), { kind: "stranger" });
  });
}

test("nobody at the address is unreachable", async () => {
  const empty = createServer();
  await new Promise((resolve) => empty.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (empty.address());
  await new Promise((resolve) => empty.close(() => resolve(undefined)));
  await assert.rejects(checkReady({ address: `http://127.0.0.1:${port}`, token: "" }), {
    kind: "unreachable",
  });
});

test("nobody at an address that Chrome doesn't let the extension reach is a matter of permission", async () => {
  /** @type {unknown[]} */
  const asked = [];
  const contains = async (/** @type {unknown} */ wanted) => asked.push(wanted) > 1;
  globalThis.chrome = /** @type {any} */ ({ permissions: { contains } });
  const elsewhere = { address: "http://undertone.invalid:8000/api", token: "" };

  await assert.rejects(checkReady(elsewhere), { kind: "permission" });
  await assert.rejects(checkReady(elsewhere), { kind: "unreachable" });

  assert.deepEqual(asked, Array(2).fill({ origins: ["http://undertone.invalid/*"] }));
  globalThis.chrome = /** @type {any} */ (undefined);
});

test("who gives up on a request gets the reason, not a problem", async () => {
  const given = new AbortController();
  given.abort(new Error("changed my mind"));
  await assert.rejects(checkReady(backend, given.signal), { message: "changed my mind" });
});
