import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";

import { installChrome } from "./fake_chrome.js";

const nodeFetch = globalThis.fetch;
installChrome();
const { tryConnection } = await import("../../extension/options/connection.js");
globalThis.fetch = nodeFetch;

const ANSWERS = /** @type {Record<string, unknown>} */ ({
  "/health/ready": { status: "ready" },
  "/v1/model": { name: "mini", version: "7", from_the_future: 1 },
});
const server = createServer((request, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(ANSWERS[request.url ?? ""]));
});
// Every address in 127.0.0.0/8 is this machine's, but only 127.0.0.1 is certain to be so wherever the extension runs.
await new Promise((resolve) => server.listen(0, "0.0.0.0", () => resolve(undefined)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
after(() => void server.close());

test("a good backend is named with its model, and nothing is found wrong with it", async () => {
  const address = `http://127.0.0.1:${port}`;
  assert.deepEqual(await tryConnection({ address, token: "" }), {
    good: true,
    title: "Connected: mini 7",
    advice: undefined,
    details: address,
  });
});

test("a connection to another computer that others can read along is said to be one", async () => {
  const { good, advice } = await tryConnection({ address: `http://127.0.0.2:${port}`, token: "" });
  assert.ok(good);
  assert.match(advice ?? "", /isn’t encrypted/u);
});

test("what is wrong is told with what to do, and to whoever looks after the backend with the details", async () => {
  server.removeAllListeners("request").on("request", (_, response) => {
    response.writeHead(503, { "Content-Type": "application/problem+json" });
    response.end('{"title": "Not ready", "detail": "The server is shutting down.", "request_id": "r-7"}');
  });
  const address = `http://127.0.0.1:${port}`;
  assert.deepEqual(await tryConnection({ address, token: "" }), {
    good: false,
    title: "The backend isn’t ready",
    advice: "It is running, but its model doesn’t answer. Its log says more.",
    details: `${address} · HTTP 503 · Not ready · The server is shutting down. · r-7`,
  });
});
