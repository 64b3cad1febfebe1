// What needs another look is read out first, with the question it is about, and its links lead into the field, not only
// near it.
import { whenReady } from "./ready.js";

function nameOf(field) {
  const grouped = !field.labels || field.matches("[type=radio], [type=checkbox]") || field.closest(".date-boxes");
  const group = grouped ? field.closest("fieldset.group") : null;
  const words = (group?.querySelector("legend") ?? field.labels?.[0])?.cloneNode(true);
  words?.querySelectorAll(".optional").forEach((part) => part.remove());
  return words?.textContent.trim().replace(/\s+/g, " ");
}

whenReady((root) => {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) return;
  for (const link of summary.querySelectorAll("a[href^='#']")) {
    const field = document.getElementById(link.hash.slice(1));
    const name = field && nameOf(field);
    if (!name || link.querySelector(".error-question")) continue;
    const question = document.createElement("span");
    question.className = "error-question";
    question.textContent = name.endsWith("?") ? name : `${name}:`;
    link.prepend(question, " ");
  }
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
