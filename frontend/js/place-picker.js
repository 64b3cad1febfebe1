// Sends the letters of a place as they are typed. The box is called after its field, so that it works
// without this script; the search itself knows the letters as `q`.
import { whenReady } from "./ready.js";

const FEWEST_LETTERS = 3;

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  const box = ctx.sourceElement;
  if (!box?.hasAttribute?.("data-place-query")) return;
  const letters = box.value.trim();
  const options = document.getElementById(`${box.id}-options`);
  if (letters.length < FEWEST_LETTERS) {
    event.preventDefault();
    options.replaceChildren();
    return;
  }
  const asked = new FormData();
  asked.set("q", letters);
  ctx.request.body = asked;
});

// Looks again for the letters in the box, and chooses the place that was chosen among them before.
export function chooseAgain(box, code) {
  const picker = box.closest("[data-place-picker]");
  picker.dataset.wanted = code;
  box.closest("details")?.setAttribute("open", "");
  // htmx begins to listen a moment after the page is there.
  setTimeout(() => box.dispatchEvent(new Event("seek")));
}

whenReady((root) => {
  const wanted = root.closest?.("[data-place-picker]")?.dataset.wanted;
  if (wanted) root.querySelector(`[value="${CSS.escape(wanted)}"]`)?.click();
});

whenReady((root) => {
  for (const picker of root.querySelectorAll("[data-place-picker]")) {
    if (picker.dataset.ready) continue;
    picker.dataset.ready = "yes";
    const box = picker.querySelector("[data-place-query]");
    const search = (event) => {
      event.preventDefault();
      box.dispatchEvent(new Event("seek"));
    };
    picker.querySelector("[data-place-find]").addEventListener("click", search);
    // Enter looks for the place instead of sending a form that is not finished.
    box.addEventListener("input", () => delete picker.dataset.wanted);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") search(event);
    });
  }
});
