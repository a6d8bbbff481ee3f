// Menu, disclosure, automatic filters, copying and check-all: behaviour asked for by attributes.
import { toast } from "./toasts.js";

function flip(button, open) {
  button.setAttribute("aria-expanded", String(open));
}

function toggleMenu(button, open = !button.closest(".side").classList.contains("open")) {
  button.closest(".side").classList.toggle("open", open);
  flip(button, open);
}

document.addEventListener("click", (event) => {
  const menu = event.target.closest(".menu");
  if (menu) toggleMenu(menu);
  const toggler = event.target.closest("[data-toggles]");
  if (toggler) {
    const target = document.getElementById(toggler.dataset.toggles);
    target.hidden = !target.hidden;
    flip(toggler, !target.hidden);
  }
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  if (button.dataset.copied) toast(button.dataset.copied, "info");
}

// A panel that opened over the page closes by a click beside it and by Escape.
document.addEventListener("click", (event) => {
  for (const panel of document.querySelectorAll("details.pop[open]")) {
    if (!panel.contains(event.target)) panel.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const panel = event.key === "Escape" && document.querySelector("details.pop[open]");
  if (panel) {
    panel.open = false;
    panel.querySelector("summary").focus();
  }
});

document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".side.open .menu");
  if (event.key === "Escape" && open) {
    toggleMenu(open, false);
    open.focus();
  }
});

document.addEventListener("change", (event) => {
  // A control may stand outside its form; what is filled in step by step waits for its button.
  if (!event.target.closest("[data-waits]") && event.target.form?.matches("[data-autosubmit]")) {
    event.target.form.requestSubmit();
  }
  const name = event.target.dataset.checkAll;
  if (!name) return;
  for (const box of document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`)) {
    box.checked = event.target.checked;
  }
});

for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const zone = event.target.closest?.(".dropzone");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("over", type === "dragover");
    if (type === "drop") take(zone.querySelector("input[type=file]"), event.dataTransfer.files);
  });
}

function take(input, files) {
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
