// Short messages that leave by themselves, but not while someone reads them or after an error.
import { element, icon } from "./elements.js";
import { word } from "./words.js";

const SHOWN_MS = 6000;
const list = () => document.getElementById("toasts");

function arm(box) {
  if (box.classList.contains("error")) return;
  let timer;
  const start = () => (timer = setTimeout(() => box.remove(), SHOWN_MS));
  const pause = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, pause);
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, start);
  start();
}

export function toast(text, level = "success") {
  const close = element("button", { class: "iconbtn", type: "button", "aria-label": word("close") }, icon("x"));
  const sign = icon(level === "success" ? "circle-check" : level === "info" ? "info-circle" : "alert-triangle");
  const box = element("div", { class: `toastbox ${level}` }, sign, element("p", {}, text), close);
  list()?.append(box);
  arm(box);
}

list()?.querySelectorAll(".toastbox").forEach(arm);

document.addEventListener("click", (event) => {
  if (event.target.closest(".toastbox button")) event.target.closest(".toastbox").remove();
});

document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.level));
document.addEventListener("htmx:responseError", (event) => {
  toast(event.detail.xhr.status === 403 ? word("refused") : word("failed"), "error");
});
document.addEventListener("htmx:sendError", () => toast(word("offline"), "error"));
