// Runs `enhance(root)` for the page, and again for every part that htmx puts into it.
const enhancers = [];

export function whenReady(enhance) {
  enhancers.push(enhance);
}

function enhanceAll(root) {
  for (const enhance of enhancers) enhance(root);
}

document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.classList.replace("no-js", "js");
  enhanceAll(document);
});
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target;
  enhanceAll(target instanceof Element && target.isConnected ? target : document);
});
