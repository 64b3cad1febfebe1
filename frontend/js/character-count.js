// Says how many characters are left. It waits with saying it aloud until the typing rests.
import { whenReady } from "./ready.js";

whenReady((root) => {
  for (const box of root.querySelectorAll("textarea[data-count]")) {
    const line = document.getElementById(`${box.id}-count`);
    if (!line || line.dataset.counting) continue;
    line.dataset.counting = "yes";
    const most = Number(box.dataset.count);
    const spoken = document.createElement("span");
    spoken.className = "sr-only";
    spoken.setAttribute("aria-live", "polite");
    line.after(spoken);
    let rest;
    const count = () => {
      // A browser sends a line break as two characters, but the service counts it as one.
      const left = most - [...box.value].length;
      const words = left < 0 ? box.dataset.countOver : box.dataset.countLeft;
      line.textContent = words.replace("{count}", Math.abs(left).toLocaleString(document.documentElement.lang));
      line.classList.toggle("count-over", left < 0);
      clearTimeout(rest);
      rest = setTimeout(() => {
        if (left < most / 10) spoken.textContent = line.textContent;
      }, 1000);
    };
    box.addEventListener("input", count);
    count();
  }
});
