// What is typed into a form of many questions is kept on the device until the service has it, so that an ended session,
// a lost connection or a wrong tap loses nothing. It goes with the page that answers the sending, with Cancel, after
// twelve hours (see autosave.js), and on signing out. It is kept for one person and one page, with the id of the sending:
// what was sent already is not made twice. A form that changes something comes back with the version that it was drawn
// with, so that what somebody else saved meanwhile is told and not overwritten.
import { entries, fieldsOf, fill, PREFIX, read } from "./kept.js";
import { whenReady } from "./ready.js";

const FORMS = `${PREFIX}form:`;

// What arrived is answered by the way to another page, unless somebody has to sign in again first. A page that was
// opened without having been sent there says nothing: the connection may have been lost.
function settle() {
  const wasSentHere = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
  for (const name of entries().filter((one) => one.startsWith(FORMS))) {
    const entry = read(name);
    if (!wasSentHere || !entry?.sent || entry.path === location.pathname) continue;
    if (location.pathname.startsWith("/sign-in")) localStorage.setItem(name, JSON.stringify({ ...entry, sent: false }));
    else localStorage.removeItem(name);
  }
}

whenReady((root) => {
  try {
    settle();
  } catch {
    return; // A browser that keeps nothing.
  }
  const form = root.querySelector("form[data-kept]");
  if (!form || form.dataset.keeping) return;
  form.dataset.keeping = "yes";
  // By where it is sent, because a page of another address may show the same form.
  const path = new URL(form.action).pathname;
  const name = `${FORMS}${form.dataset.kept}:${path}`;
  const version = form.elements.namedItem("_version");
  const keep = (sent = false) => {
    const entry = { at: Date.now(), path, fields: fieldsOf(form), sent, version: version?.value };
    localStorage.setItem(name, JSON.stringify(entry));
  };
  const kept = read(name);
  const isAnswer = document.querySelector("[data-error-summary]") || form.dataset.typed;
  if (isAnswer && path === location.pathname) {
    keep(); // The page shows what was typed, with what needs another look.
  } else if (kept?.sent && document.querySelector(".flash")) {
    localStorage.removeItem(name); // It arrived, and the same page goes on.
  } else if (kept) {
    fill(form, kept.fields);
    if (version && kept.version) version.value = kept.version;
    const id = kept.fields.find(([field]) => field === "id");
    if (id) form.elements.namedItem("id").value = id[1];
    form.querySelector("[data-kept-status]").hidden = false;
  }
  form.addEventListener("input", () => keep());
  form.addEventListener("submit", () => {
    if (localStorage.getItem(name)) keep(true);
  });
  form.querySelector(".submit-row a")?.addEventListener("click", () => localStorage.removeItem(name));
});
