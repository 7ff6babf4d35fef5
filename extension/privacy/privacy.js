// The privacy page: what is read, where it goes, what is kept. Knows the words and where the backend is now.

import { isThisComputer } from "../backend/address.js";
import { fillWords, text } from "../ui/messages.js";
import { loadSettings } from "../ui/settings.js";

const { address } = await loadSettings();
fillWords(document);
document.title = `${text("name")}: ${text("privacyTitle")}`;
const backend = /** @type {HTMLElement} */ (document.getElementById("backend"));
backend.textContent = isThisComputer(address)
  ? text("privacySentHere", address)
  : text("privacySentElsewhere", address);
