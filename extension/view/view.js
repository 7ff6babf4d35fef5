// The full view: the session of a tab, named in the address, in the room of a whole window.

import { openScreen } from "../session/screen.js";

void openScreen({ compact: false });
