// How the signs and the bar look in YouTube's page: its shapes, its theme, our colours. A sheet that is adopted is none
// that the page's policy could forbid, and reaches nothing but what adopts it.

/** @param {string} rules */
function sheet(rules) {
  const made = new CSSStyleSheet();
  made.replaceSync(rules);
  return made;
}

const SIGNS = `
  .fill-negative { fill: #dd5f1e; }
  .fill-neutral { fill: #8f95a5; }
  .fill-positive { fill: #1f7fd0; }
  .fill-other { fill: #8d7fae; }
  .sign-stroke { fill: none; stroke: #fff; stroke-linecap: round; stroke-width: 1.7; }
  :host-context(html[dark]) .fill-negative { fill: #ff9257; }
  :host-context(html[dark]) .fill-positive { fill: #5ab4f5; }
  :host-context(html[dark]) .sign-stroke { stroke: #0f0f0f; }
`;

export const markLook = sheet(`
  :host { display: inline-block; margin-inline-start: 6px; vertical-align: -2px; line-height: 0; }
  svg { width: 13px; height: 13px; }
  ${SIGNS}
`);

export const barLook = sheet(`
  :host {
    all: initial; display: block; container-type: inline-size; margin-block: 8px 20px;
    color: var(--ink); font: 400 14px/20px "Roboto", "Arial", sans-serif;
    --ink: #0f0f0f; --on-ink: #fff; --muted: #606060; --chip: #0000000d; --over: #0000001a; --line: #0000004d;
    --focus: #065fd4;
  }
  :host-context(html[dark]) {
    color-scheme: dark;
    --ink: #f1f1f1; --on-ink: #0f0f0f; --muted: #aaa; --chip: #ffffff1a; --over: #fff3; --line: #ffffff4d;
    --focus: #3ea6ff;
  }
  [hidden] { display: none !important; }
  .row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
  .feelings { display: flex; flex-wrap: wrap; gap: 8px; }
  button {
    display: inline-flex; align-items: center; gap: 6px; box-sizing: border-box; min-height: 32px; margin: 0;
    padding: 0 12px; border: 0; border-radius: 8px; background: var(--chip); color: inherit; font: inherit;
    font-weight: 500; cursor: pointer;
  }
  button:hover { background: var(--over); }
  button[aria-pressed="true"] { background: var(--ink); color: var(--on-ink); }
  .count { font-weight: 400; font-variant-numeric: tabular-nums; opacity: .75; }
  svg { flex: none; width: 13px; height: 13px; }
  .search {
    display: flex; flex: 1 1 150px; align-items: center; gap: 8px; box-sizing: border-box; max-width: 280px;
    height: 32px; margin-inline-start: auto; border-bottom: 1px solid var(--line);
  }
  .search:focus-within { border-bottom: 2px solid var(--ink); }
  .magnifier { width: 18px; height: 18px; fill: none; stroke: var(--muted); stroke-width: 1.6; }
  input {
    flex: 1; min-width: 0; height: 100%; margin: 0; padding: 0; border: 0; outline: 0; background: none; color: inherit;
    font: inherit;
  }
  input::placeholder { color: var(--muted); opacity: 1; }
  :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
  input:focus-visible { outline: 0; }
  .state { margin-top: 8px; min-height: 20px; color: var(--muted); font-size: 12px; line-height: 18px; }
  .state p { margin: 0; }
  .state button { min-height: 28px; font-size: 12px; color: var(--ink); }
  .unseen {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
  @container (max-width: 640px) {
    .feelings [data-feeling]:not([data-feeling="all"]) .name {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    }
    button { padding: 0 10px; }
    .search { max-width: none; }
  }
  ${SIGNS}
`);
