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

/** Send `body` and return what came back, status first, as text or as a picture. */
async function ask(method, path, body) {
  const sent = body === undefined ? {} : { "Content-Type": "application/json" };
  const headers = { ...sent, ...access() };
  const response = await fetch(path, { method, headers, body });
  const type = response.headers.get("Content-Type") ?? "";
  const status = `${response.status} ${response.statusText}\n\n`;
  if (type.startsWith("image/")) {
    const src = URL.createObjectURL(await response.blob());
    const picture = element("img", { src, alt: `The answer of ${path}` });
    picture.addEventListener("load", () => URL.revokeObjectURL(src));
    return [status, picture];
  }
  const text = await response.text();
  return [status, /\bjson\b/.test(type) ? pretty(JSON.parse(text)) : text];
}

function links(content) {
  return Object.entries(content ?? {}).map(([type, { schema }]) => {
    if (!schema.$ref) return type;
    const name = schema.$ref.split("/").at(-1);
    return element("a", { href: `#${name}`, textContent: name });
  });
}

/** A field for each parameter; what is left empty is not sent. */
function showParameters(parameters) {
  return parameters.map(({ name, description, schema }) => {
    const placeholder = String(schema.default ?? "");
    const input = element("input", { name, placeholder, autocomplete: "off", title: description ?? "" });
    return element("label", {}, element("code", { textContent: name }), input);
  });
}

function withParameters(path, parameters, form) {
  const query = new URLSearchParams();
  for (const { name, in: place } of parameters) {
    const { value } = form.elements.namedItem(name);
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value) query.append(name, value);
  }
  return query.size ? `${path}?${query}` : path;
}

function showOperation(path, method, operation) {
  const content = operation.requestBody?.content;
  const parameters = operation.parameters ?? [];
  const label = `Body of ${method} ${path}`;
  const example = pretty(content?.["application/json"].example ?? {});
  const body = content && element("textarea", { value: example, ariaLabel: label, spellcheck: false });
  const output = element("pre", { hidden: true, ariaLive: "polite" });
  const send = element("button", { textContent: "Send" });
  const form = element(
    "form",
    {},
    ...(body ? [element("p", {}, "Takes ", ...links(content)), body] : []),
    element("div", { className: "parameters" }, ...showParameters(parameters)),
    send,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    output.hidden = false;
    const answer = await ask(method, withParameters(path, parameters, form), body?.value).catch(String);
    output.replaceChildren(...[answer].flat());
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
    form,
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
