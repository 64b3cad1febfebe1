// The print buttons appear only where they can do something.
import { whenReady } from "./ready.js";

whenReady((root) => {
  for (const button of root.querySelectorAll("[data-print]")) button.hidden = false;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
