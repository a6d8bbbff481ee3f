// One key per action: an element's data-key clicks or focuses it, "g w" are two keys, and ? lists them all.
import { element } from "./elements.js";
import { word } from "./words.js";

const WRITES = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]";
const ROWS = ".rowlink, .queue li a, .mentions a";
// So long after the first of two keys the second one still belongs to it.
const SECOND_MS = 1500;
let first = "";
let forget;

const targets = () => [...document.querySelectorAll("[data-key]")].filter((found) => found.checkVisibility?.() ?? true);

export function press(key) {
  const target = targets().find((found) => found.dataset.key === key);
  if (!target) return false;
  if (target.matches(WRITES)) target.focus();
  else target.click();
  return true;
}

export const has = (key) => targets().some((found) => found.dataset.key === key);

function labelOf(target) {
  return target.dataset.keyLabel || target.getAttribute("aria-label") || target.textContent.trim();
}

function pair(keys, label) {
  const marks = keys.split(" ").flatMap((key, at) => (at ? [" ", element("kbd", {}, key)] : [element("kbd", {}, key)]));
  return [element("dt", {}, ...marks), element("dd", {}, label)];
}

function listKeys() {
  const all = new Map(targets().map((target) => [target.dataset.key, labelOf(target)]));
  const here = [...all].filter(([key]) => !key.includes(" ")).flatMap(([key, label]) => pair(key, label));
  const away = [...all].filter(([key]) => key.includes(" ")).flatMap(([key, label]) => pair(key, label));
  const always = [...pair("?", word("keys")), ...pair(commandKey(), word("commands"))];
  if (!has("j") && rows().length) always.unshift(...pair("j", word("next")), ...pair("k", word("previous")));
  const dialog = element(
    "dialog",
    { class: "dialog wide", "aria-labelledby": "keys-title" },
    element("h2", { id: "keys-title" }, word("keys")),
    element("dl", { class: "keys" }, ...here, ...always),
    ...(away.length ? [element("h3", {}, word("goto")), element("dl", { class: "keys" }, ...away)] : []),
    element("div", { class: "actions" }, element("button", { class: "fbtn", "data-closes": "", type: "button" }, word("close"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export const commandKey = () => (/Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘ K" : "Ctrl K");

const rows = () => [...document.querySelectorAll(ROWS)].filter((found) => found.checkVisibility?.() ?? true);

// A list without keys of its own is walked row by row; Enter then follows the row's link.
function walk(steps) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? (steps > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + steps, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
  return true;
}

function wait(key) {
  first = key;
  clearTimeout(forget);
  forget = setTimeout(() => (first = ""), SECOND_MS);
}

function done(key) {
  const whole = first ? `${first} ${key}` : key;
  const waited = Boolean(first);
  first = "";
  if (press(whole)) return true;
  if (waited) return true;
  if (targets().some((found) => found.dataset.key.startsWith(`${key} `))) {
    wait(key);
    return true;
  }
  if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
  if (key === "/") return document.dispatchEvent(new CustomEvent("bar:open"));
  if (key !== "?") return false;
  listKeys();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (["Shift", "Control", "Meta", "Alt"].includes(event.key)) return;
  if (event.target.closest(WRITES) || document.querySelector("dialog[open]")) return;
  if (done(event.key)) event.preventDefault();
});

// Out of a box that has the keys, back to where they mean something.
document.addEventListener("keydown", (event) => {
  const box = event.key === "Escape" && !event.isComposing && event.target.closest?.(WRITES);
  if (box && !event.defaultPrevented && !document.querySelector("dialog[open]")) box.blur();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-lists-keys]")) listKeys();
});
