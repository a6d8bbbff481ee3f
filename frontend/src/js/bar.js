// The command bar: pages, cases, customers, messages and what can be done here, found by typing.
import htmx from "./htmx.js";
import { has, press } from "./keys.js";

const bar = () => document.getElementById("bar");
const box = () => document.getElementById("bar-q");
const list = () => document.getElementById("bar-list");
const options = () => [...list().querySelectorAll("[role=option]:not([hidden])")];
let before;

export function open() {
  if (!bar() || bar().open || document.querySelector("dialog[open]")) return;
  before = document.activeElement;
  box().value = "";
  bar().showModal();
  box().focus();
  htmx.trigger(box(), "opened");
}

function mark(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) box().setAttribute("aria-activedescendant", option.id);
  else box().removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function move(steps) {
  const all = options();
  if (!all.length) return;
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  mark(all[(at + steps + all.length) % all.length]);
}

// What the page at hand cannot do now is not offered.
function settle() {
  for (const option of list().querySelectorAll("[data-press]")) option.hidden = !has(option.dataset.press);
  for (const group of list().querySelectorAll("[role=group]")) {
    group.hidden = !group.querySelector("[role=option]:not([hidden])");
  }
  mark(options()[0]);
  list().querySelector("[data-none]")?.toggleAttribute("hidden", options().length > 0);
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id !== "bar-q") return;
  const shown = document.querySelector("#case[data-case]");
  if (shown) event.detail.parameters.case = shown.dataset.case;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "bar-list") settle();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-opens-bar]")) open();
  const option = event.target.closest("#bar-list [role=option]");
  if (!option) return;
  bar().close();
  if (option.dataset.press) {
    before?.focus?.();
    press(option.dataset.press);
  }
  if (option.dataset.macro) htmx.ajax("GET", option.dataset.macro, { target: "#macros", swap: "innerHTML" });
});

document.addEventListener("bar:open", open);
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (bar()?.open) bar().close();
    else open();
    return;
  }
  if (event.target.id !== "bar-q" || event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (steps) move(steps);
  // A search box would empty itself first.
  else if (event.key === "Escape") bar().close();
  else if (event.key === "Enter") options().find((one) => one.getAttribute("aria-selected") === "true")?.click();
  else return;
  event.preventDefault();
});
