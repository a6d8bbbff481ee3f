// Native dialogs opened and closed by attributes, and questions before what cannot be undone.
import { element } from "./elements.js";
import { word } from "./words.js";

export function show(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    show(document.getElementById(opener.dataset.opens));
  }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog[open]") && isOutside(event)) event.target.close();
});

function isOutside(event) {
  const box = event.target.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return event.detail > 0 && (x < box.left || x > box.right || y < box.top || y > box.bottom);
}

document.addEventListener("htmx:load", (event) => {
  const found = event.detail.elt.matches?.("dialog[data-open]") ? event.detail.elt : null;
  show(found ?? event.detail.elt.querySelector?.("dialog[data-open]"));
});

export function ask(question, yes) {
  const agree = element("button", { class: "fbtn pri", value: "yes" }, yes || word("yes"));
  const refuse = element("button", { class: "fbtn", value: "" }, word("cancel"));
  const heading = element("h2", { id: "question" }, question);
  const form = element("form", { method: "dialog" }, heading, element("div", { class: "actions" }, refuse, agree));
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": "question" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      answer(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

const agreed = new WeakSet();

async function hold(event, source, again) {
  if (agreed.delete(source)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(source.dataset.confirm, source.dataset.confirmYes))) return;
  agreed.add(source);
  again();
}

document.addEventListener(
  "submit",
  (event) => {
    const button = event.submitter;
    if (!event.target.dataset.confirm) return;
    hold(event, event.target, () => event.target.requestSubmit(button));
  },
  true,
);

document.addEventListener(
  "click",
  (event) => {
    const source = event.target.closest("button[data-confirm], a[data-confirm], input[data-confirm]");
    if (source) hold(event, source, () => source.click());
  },
  true,
);
