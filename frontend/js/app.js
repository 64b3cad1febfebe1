// Everything works without this script; each file makes one thing smoother.
import "./no-eval.js";
import "./ready.js";
import "./confirm.js";
import "./submit-once.js";
import "./whole-page.js";
import "./error-summary.js";
import "./character-count.js";
import "./place-picker.js";
import "./filters.js";
import "./menus.js";
import "./print.js";
import "./tick-all.js";
import "./conditions.js";
import "./autosave.js";
import "./keep.js";
