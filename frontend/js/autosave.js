// A section of a form is saved while somebody types. What the service has not confirmed is kept on the device, so
// that a lost connection or an ended session loses nothing; it goes when the service has it, and on signing out.
import { entries, fieldsOf, fill, PREFIX, read } from "./kept.js";
import { whenReady } from "./ready.js";

const PAUSE = 1500;
const LONGEST = 12 * 60 * 60 * 1000; // As long as a session lasts at most.

// What is too old goes, and so does what a page shows the service to have.
function clear(root) {
  const mark = root.querySelector("[data-draft]");
  const versions = mark ? JSON.parse(mark.dataset.versions) : {};
  for (const name of entries()) {
    const entry = read(name);
    const [draft, section] = name.slice(PREFIX.length).split(":");
    const has = mark?.dataset.draft === draft && entry?.sent && versions[section] > entry.version;
    if (!entry || Date.now() - entry.at > LONGEST || has) localStorage.removeItem(name);
  }
}

whenReady((root) => {
  try {
    clear(root);
  } catch {
    return; // A browser that keeps nothing still has the button.
  }
  const form = root.querySelector("form[data-autosave]");
  if (!form || form.dataset.saving) return;
  form.dataset.saving = "yes";
  const line = form.querySelector("[data-autosave-status]");
  const version = form.elements._version;
  const name = PREFIX + form.dataset.keep;
  const say = (words, time = "") => {
    line.textContent = line.dataset[words].replace("{time}", time);
  };
  let rest;
  let stopped = false;
  let sending = false;
  let waiting = null;

  const keep = (sent = false) => {
    const entry = { at: Date.now(), version: Number(version.value), fields: fieldsOf(form), sent };
    localStorage.setItem(name, JSON.stringify(entry));
    return JSON.stringify(entry.fields);
  };

  async function save() {
    if (sending || stopped) return;
    sending = true;
    const typed = keep();
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams([...new FormData(form)]),
        redirect: "manual",
        signal: AbortSignal.timeout(10000),
      });
      if (answer.type === "opaqueredirect") {
        stopped = true;
        say("ended");
      } else if (answer.status === 412) {
        stopped = true;
        say("stale");
      } else if (answer.ok) {
        const told = await answer.json();
        version.value = told.version;
        if (JSON.stringify(fieldsOf(form)) !== typed) later();
        else if (!told.left_out) localStorage.removeItem(name);
        say(told.left_out ? "partly" : "saved", told.at);
      } else {
        say("kept");
      }
    } catch {
      say("kept");
    }
    sending = false;
    if (waiting) form.requestSubmit(waiting);
  }

  function later() {
    clearTimeout(rest);
    rest = setTimeout(save, PAUSE);
  }

  const kept = read(name);
  if (form.dataset.typed) {
    keep(); // The page shows what was typed, with what needs another look.
  } else if (kept && JSON.stringify(kept.fields) !== JSON.stringify(fieldsOf(form))) {
    fill(form, kept.fields);
    version.value = kept.version;
    say("restored");
    later();
  } else if (kept) {
    localStorage.removeItem(name);
  }

  form.addEventListener("input", () => {
    keep();
    later();
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(rest);
    if (sending) {
      // The answer on its way brings the newest version; without it this would look like somebody else's saving.
      event.preventDefault();
      event.stopPropagation();
      waiting = event.submitter;
      return;
    }
    if (localStorage.getItem(name)) keep(true);
  });
  window.addEventListener("online", () => {
    if (localStorage.getItem(name)) later();
  });
});
