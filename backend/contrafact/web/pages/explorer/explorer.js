// An audio file that is chosen, or dropped anywhere on the explorer, is checked as on /verify.
import { takeFiles } from "../verify/taking.js";

takeFiles(document.body, "dropping");
