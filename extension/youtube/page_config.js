// What YouTube's page tells its own scripts to ask with: client, version, visitor. Found in the page's inline scripts,
// since a content script can't see the page's variables.

/**
 * @typedef {{ context: Record<string, unknown>, headers: Record<string, string> }} PageConfig
 */

const CONTEXT = '"INNERTUBE_CONTEXT":';

/**
 * @param {string} script
 * @param {number} from where an object begins
 * @returns {string} the object, to its closing brace
 */
function objectAt(script, from) {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < script.length; at += 1) {
    const letter = script[at];
    if (quoted && letter === "\\") at += 1;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === "{") depth += 1;
    else if (!quoted && letter === "}") {
      depth -= 1;
      if (depth === 0) return script.slice(from, at + 1);
    }
  }
  return "";
}

/** @param {string} script @param {string} name */
const valueOf = (script, name) => new RegExp(`"${name}":"?([^",}]+)`, "u").exec(script)?.[1] ?? "";

/**
 * @param {Document} page
 * @returns {PageConfig}
 * @throws {Error} the page holds none
 */
export function pageConfig(page) {
  for (const { textContent: script } of page.querySelectorAll("script:not([src])")) {
    const at = script?.indexOf(CONTEXT) ?? -1;
    if (!script || at < 0) continue;
    const context = JSON.parse(objectAt(script, at + CONTEXT.length));
    const headers = {
      "X-Youtube-Client-Name": valueOf(script, "INNERTUBE_CONTEXT_CLIENT_NAME"),
      "X-Youtube-Client-Version": valueOf(script, "INNERTUBE_CONTEXT_CLIENT_VERSION"),
      "X-Goog-Visitor-Id": valueOf(script, "VISITOR_DATA"),
    };
    return { context, headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value)) };
  }
  throw new Error("the page does not say how it asks for comments");
}
