// The customer's chat: new messages come by themselves and stay in view; without this file a plain form does.
import "./js/htmx.js";

const list = () => document.getElementById("messages");
const isAtEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 80;
let follows = true;

function toEnd() {
  const box = list();
  if (box) box.scrollTop = box.scrollHeight;
}

document.addEventListener("htmx:beforeSwap", () => {
  follows = !list() || isAtEnd(list());
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (follows) toEnd();
  if (event.detail.requestConfig?.verb === "post") {
    toEnd();
    document.getElementById("text")?.focus();
  }
});

// On a keyboard Enter sends; on a touch screen it is a new line, as people there expect.
document.addEventListener("keydown", (event) => {
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.id === "text";
  if (!sends || matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.addEventListener("change", (event) => {
  if (event.target.name !== "files") return;
  const line = event.target.form.querySelector(".chosen");
  line.textContent = [...event.target.files].map((file) => file.name).join(", ");
  line.hidden = !line.textContent;
});

toEnd();
