// An answer that is a page of its own (signed out, not found, broken) must not stand in a corner of
// another page: it is opened whole.
document.addEventListener("htmx:response:error", (event) => {
  const ctx = event.detail?.ctx;
  const status = ctx?.response?.status ?? 0;
  if (status === 422) return;
  const method = (ctx?.request?.method ?? "GET").toUpperCase();
  if (method === "GET" && ctx?.request?.action && !ctx.sourceElement?.hasAttribute("data-place-query")) {
    window.location.assign(ctx.request.action);
  } else if (method !== "GET") {
    window.location.reload();
  }
});
