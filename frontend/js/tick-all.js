// One press ticks every box of a group, or takes all the ticks away again.
import { whenReady } from "./ready.js";

whenReady((root) => {
  for (const button of root.querySelectorAll("[data-tick-all]")) button.hidden = false;
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tick-all]");
  if (!button) return;
  const boxes = [...button.closest("fieldset").querySelectorAll("input[type=checkbox]")];
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
  boxes[0]?.dispatchEvent(new Event("input", { bubbles: true }));
});
