// A button that ends something asks once more in its own place: the first click changes its words to those
// of `data-confirm`, the second does it. Nothing covers the page, and after a while the button rests again.
const RESTS_AFTER = 6000;
const DOUBLE_CLICK = 600;
const asking = new WeakMap();

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-confirm]");
  if (!button) return;
  const asked = asking.get(button);
  if (asked && performance.now() - asked > DOUBLE_CLICK) return;
  event.preventDefault();
  if (asked) return;
  asking.set(button, performance.now());
  const words = [...button.childNodes];
  button.textContent = button.dataset.confirm;
  button.classList.add("asking");
  button.setAttribute("aria-live", "polite");
  setTimeout(() => {
    asking.delete(button);
    button.classList.remove("asking");
    button.replaceChildren(...words);
  }, RESTS_AFTER);
});
