// One key per action: an element's data-key clicks or focuses it, and ? lists all keys of the page.
import { element } from "./elements.js";
import { word } from "./words.js";

const WRITES = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]";

const targets = () => [...document.querySelectorAll("[data-key]")].filter((found) => found.checkVisibility?.() ?? true);

function press(target) {
  if (target.matches(WRITES)) target.focus();
  else target.click();
}

function labelOf(target) {
  return target.dataset.keyLabel || target.getAttribute("aria-label") || target.textContent.trim();
}

function listKeys() {
  const rows = targets().flatMap((target) => [
    element("dt", {}, element("kbd", {}, target.dataset.key)),
    element("dd", {}, labelOf(target)),
  ]);
  const help = [element("dt", {}, element("kbd", {}, "?")), element("dd", {}, word("keys"))];
  const dialog = element(
    "dialog",
    { class: "dialog", "aria-labelledby": "keys-title" },
    element("h2", { id: "keys-title" }, word("keys")),
    element("dl", { class: "keys" }, ...rows, ...help),
    element("div", { class: "actions" }, element("button", { class: "fbtn", "data-closes": "", type: "button" }, word("close"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(WRITES) || document.querySelector("dialog[open]")) return;
  const target = targets().find((found) => found.dataset.key === event.key);
  if (target) press(target);
  else if (event.key === "?") listKeys();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-lists-keys]")) listKeys();
});
