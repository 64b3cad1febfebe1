// A question that is asked only after a certain answer on the same page is shown only then. Its words say the
// condition, so without this script it stands there and can be left empty; with it they are not needed once the
// condition is met. What needs another look always shows.
import { whenReady } from "./ready.js";

function answers(form, name) {
  return [...new FormData(form)].filter(([field]) => field === name || field === `${name}[]`).map(([, value]) => value);
}

whenReady((root) => {
  for (const part of root.querySelectorAll("[data-conditions]")) {
    const form = part.closest("form");
    const conditions = JSON.parse(part.dataset.conditions);
    const look = () => {
      const met = conditions.every(([name, ...wanted]) => answers(form, name).some((value) => wanted.includes(value)));
      part.hidden = !met && !part.querySelector(".has-error");
      const hint = part.querySelector(".conditional-hint");
      if (hint) hint.hidden = met;
      // A group that is not asked is not sent either.
      if (part.matches("fieldset")) part.disabled = part.hidden;
    };
    form.addEventListener("change", look);
    // The browser's own way back fills the form after it was drawn.
    window.addEventListener("pageshow", look);
    look();
  }
});
