// htmx can run code that stands in attributes (hx-on, "js:" values, trigger filters). The policy of the
// service forbids that, and so nothing here may try: the place where it would is closed.
function refuse() {
  throw new Error("Code in attributes is not allowed here");
}

window.htmx.registerExtension("no-eval", {
  init: (api) => api.initSecurity(null, refuse, refuse),
});
