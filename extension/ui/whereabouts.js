// Says where the model runs, so that nobody takes another's computer for their own. Knows words and addresses.

import { isThisComputer } from "../backend/address.js";
import { text } from "./messages.js";

/** @param {string} address of the backend */
export const whereItRuns = (address) =>
  isThisComputer(address) ? text("onThisComputer") : text("atHost", new URL(address).host);
