// The popup: the session of the tab in front in 400 pixels, and the way to the full view.

import { openScreen, watchedTab } from "../session/screen.js";

async function openFullView() {
  const tab = await watchedTab();
  if (tab) await chrome.tabs.create({ url: chrome.runtime.getURL(`view/view.html?tab=${tab.id}`), openerTabId: tab.id });
  window.close();
}

document.getElementById("full-view")?.addEventListener("click", () => void openFullView());
void openScreen({ compact: true });
