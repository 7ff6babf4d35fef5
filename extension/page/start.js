// Brings the extension into YouTube's page. A content script can't be a module, so this one only loads one; run
// again, it finds the module loaded and does nothing.

import(chrome.runtime.getURL("page/main.js")).then(() => true);
