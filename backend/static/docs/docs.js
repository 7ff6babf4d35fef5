// The page of the HTTP interface. Knows how an OpenAPI document is built; knows no route by name.

/** @param {string} tag @param {Record<string, unknown>} properties @param {(Node | string)[]} children */
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const pretty = (value) => JSON.stringify(value, null, 2);

const token = /** @type {HTMLInputElement} */ (document.getElementById("token"));

function access() {
  return token.value ? { Authorization: `Bearer ${token.value}` } : {};
}

/** Send `body` and return what came back, status first, as text. */
async function ask(method, path, body) {
  const type = body === undefined ? {} : { "Content-Type": "application/json" };
  const headers = { ...type, ...access() };
  const response = await fetch(path, { method, headers, body });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
  return `${response.status} ${response.statusText}\n\n${isJson ? pretty(JSON.parse(text)) : text}`;
}

function links(content) {
  return Object.values(content ?? {}).map(({ schema }) => {
    const name = schema.$ref.split("/").at(-1);
    return element("a", { href: `#${name}`, textContent: name });
  });
}

function showOperation(path, method, operation) {
  const content = operation.requestBody?.content;
  const label = `Body of ${method} ${path}`;
  const example = pretty(content?.["application/json"].example ?? {});
  const body = content && element("textarea", { value: example, ariaLabel: label, spellcheck: false });
  const output = element("pre", { hidden: true, ariaLive: "polite" });
  const send = element("button", { type: "button", textContent: "Send" });
  send.addEventListener("click", async () => {
    send.disabled = true;
    output.hidden = false;
    output.textContent = await ask(method, path, body?.value).catch(String);
    send.disabled = false;
  });
  const answers = Object.entries(operation.responses).map(([status, answer]) =>
    element("li", {}, `${status} ${answer.description} `, ...links(answer.content)),
  );
  return element(
    "article",
    { id: operation.operationId },
    element("h2", {}, element("code", { textContent: `${method} ${path}` })),
    element("p", { textContent: operation.description ?? operation.summary }),
    ...(body ? [element("p", {}, "Takes ", ...links(content)), body] : []),
    send,
    output,
    element("ul", {}, ...answers),
  );
}

function showSchema([name, schema]) {
  return element(
    "details",
    { id: name, className: "schema" },
    element("summary", {}, element("code", { textContent: name }), ` ${schema.description ?? ""}`),
    element("pre", { textContent: pretty(schema) }),
  );
}

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
  target?.scrollIntoView();
}

const { paths, components } = await (await fetch("/openapi.json")).json();
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, it]) => showOperation(path, method.toUpperCase(), it)),
);
const guarded = Object.values(paths).flatMap(Object.values).some(({ security }) => security);
document.getElementById("access")?.toggleAttribute("hidden", !guarded);
document.getElementById("operations")?.append(...operations);
document.getElementById("schemas")?.append(...Object.entries(components.schemas).map(showSchema));
addEventListener("hashchange", openTarget);
openTarget();
