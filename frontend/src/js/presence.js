// Tells colleagues that somebody writes in the case at hand, and that they left it.
import htmx from "./htmx.js";

const TYPES_MS = 10000;
let quiet;

function set(types) {
  const field = document.querySelector("#presence [name=types]");
  if (!field) return;
  const was = field.value;
  field.value = types ? "1" : "0";
  if (types && was === "0") htmx.trigger("#presence", "types");
}

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("#case textarea")) return;
  set(true);
  clearTimeout(quiet);
  quiet = setTimeout(() => set(false), TYPES_MS);
});

window.addEventListener("pagehide", () => {
  const shown = document.getElementById("presence");
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (!shown || !token) return;
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token);
  navigator.sendBeacon(shown.dataset.leaves, body);
});
