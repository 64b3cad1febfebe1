// A double click sends a form once. The button is not disabled at once, because a disabled button's
// name and value would not be sent.
const sent = new WeakSet();

function rest(form, resting) {
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    button.toggleAttribute("aria-busy", false);
    button.disabled = resting;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  setTimeout(() => rest(form, true));
  // A download answers without leaving the page; after a while the form may be sent again.
  setTimeout(() => {
    sent.delete(form);
    rest(form, false);
  }, 8000);
});

// Coming back by the browser's own button shows the page as it was left, with its buttons at rest.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    if (form.method !== "post") continue;
    sent.delete(form);
    rest(form, false);
  }
});
