// The page /verify.
import { takeFiles } from "./taking.js";

takeFiles(document.getElementById("drop"), "over");
