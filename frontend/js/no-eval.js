// htmx can run code that stands in attributes (hx-on, "js:" values, trigger filters). The policy of the
// service forbids that, and so nothing here may try: the place where it would is closed.
import htmx from "htmx.org/dist/htmx.esm.js";

function refuse() {
  throw new Error("Code in attributes is not allowed here");
}

htmx.registerExtension("no-eval", {
  init: (api) => api.initSecurity(null, refuse, refuse),
});
