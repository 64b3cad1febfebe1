// What is kept on the device until the service has it: its entries, and the fields of a form that they hold. All of it
// goes on signing out.
import { chooseAgain } from "./place-picker.js";

export const PREFIX = "kept:";

export function entries() {
  return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
}

export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

export function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => name !== "_version" && typeof value === "string");
}

export function fill(form, fields) {
  for (const box of form.elements) {
    if (!box.name || box.name === "_version" || box.type === "submit" || box.type === "hidden") continue;
    const values = fields.filter(([name]) => name === box.name).map(([, value]) => value);
    if (box.type === "radio" || box.type === "checkbox") box.checked = values.includes(box.value);
    else box.value = values[0] ?? "";
    if (values[0]) box.closest("details")?.setAttribute("open", "");
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  for (const box of form.querySelectorAll("[data-place-query]")) {
    const field = box.name.slice("_".length, -"-q".length);
    const code = fields.find(([name]) => name === field)?.[1];
    if (code && !form.querySelector(`[name="${field}"]:checked`)) chooseAgain(box, code);
  }
}

document.addEventListener("submit", (event) => {
  if (/\/sign-out/.test(event.target.action)) for (const name of entries()) localStorage.removeItem(name);
});
