// Short messages that leave by themselves, but not while someone reads them or after an error.
import { element, icon } from "./elements.js";
import { word } from "./words.js";
import htmx from "./htmx.js";

const SHOWN_MS = 6000;
// What can be taken back is shown for longer: the eye must find the button first.
const UNDO_MS = 10000;
const list = () => document.getElementById("toasts");

function arm(box) {
  if (box.classList.contains("error")) return;
  let timer;
  const shown = box.querySelector("[data-undo]") ? UNDO_MS : SHOWN_MS;
  const start = () => (timer = setTimeout(() => box.remove(), shown));
  const pause = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, pause);
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, start);
  start();
}

// The key belongs to the page's own button where there is one, so that a key is never there twice.
function undoButton(url) {
  const key = document.querySelector("#case [data-key=z]") ? {} : { "data-key": "z", "data-key-label": word("undo") };
  return element("button", { class: "toast-undo", type: "button", "data-undo": url, ...key }, word("undo"), " ", element("kbd", {}, "z"));
}

export function toast(text, level = "success", undo = "") {
  const close = element("button", { class: "iconbtn", type: "button", "aria-label": word("close") }, icon("x"));
  const sign = icon(level === "success" ? "circle-check" : level === "info" ? "info-circle" : "alert-triangle");
  const box = element("div", { class: `toastbox ${level}` }, sign, element("p", {}, text), ...(undo ? [undoButton(undo)] : []), close);
  for (const old of list()?.querySelectorAll("[data-undo]") ?? []) old.closest(".toastbox").remove();
  list()?.append(box);
  arm(box);
}

list()?.querySelectorAll(".toastbox").forEach(arm);

function takeBack(button) {
  button.closest(".toastbox").remove();
  const shown = document.getElementById("case");
  if (shown) htmx.ajax("POST", button.dataset.undo, { target: "#case", swap: "outerHTML" });
  else htmx.ajax("POST", button.dataset.undo, { target: "body", swap: "none" }).then(() => location.reload());
}

document.addEventListener("click", (event) => {
  const undo = event.target.closest("[data-undo]");
  if (undo) takeBack(undo);
  else if (event.target.closest(".toastbox button")) event.target.closest(".toastbox").remove();
});

document.addEventListener("toast", (event) => {
  const { text, value, level, undo } = event.detail;
  toast(text ?? value, level, undo);
});
document.addEventListener("htmx:responseError", (event) => {
  toast(event.detail.xhr.status === 403 ? word("refused") : word("failed"), "error");
});
document.addEventListener("htmx:sendError", () => toast(word("offline"), "error"));
