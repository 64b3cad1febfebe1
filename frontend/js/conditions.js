// A question that is asked only after a certain answer on the same page is shown only then. Its words say the
// condition, so without this script it stands there and can be left empty.
import { whenReady } from "./ready.js";

function answers(form, name) {
  return [...new FormData(form)].filter(([field]) => field === name || field === `${name}[]`).map(([, value]) => value);
}

whenReady((root) => {
  for (const part of root.querySelectorAll("[data-conditions]")) {
    const form = part.closest("form");
    const conditions = JSON.parse(part.dataset.conditions);
    const look = () => {
      part.hidden = !conditions.every(([name, ...wanted]) => answers(form, name).some((value) => wanted.includes(value)));
    };
    form.addEventListener("change", look);
    look();
  }
});
