// What every page does: times in the reader's zone, codes that can be copied, the wallet in the corner.
import { mountWallet } from "../wallet/corner.js";
import { finish } from "./finish.js";

finish(document);
mountWallet(document.getElementById("wallet"));
