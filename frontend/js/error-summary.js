// What needs another look is read out first, and its links lead into the field, not only near it.
import { whenReady } from "./ready.js";

whenReady((root) => {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    (field.closest("fieldset") ?? label ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
});
