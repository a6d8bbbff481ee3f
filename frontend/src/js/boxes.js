// Boxes in which people write: phrases to put in, colleagues to name, and a word of advice while typing.
import { element, icon } from "./elements.js";
import { word } from "./words.js";

const PHRASES = "/api/phrases";
const HINT_MS = 400;
let phrases;

async function knownPhrases() {
  if (!phrases) {
    const answer = await fetch(PHRASES);
    phrases = answer.ok ? await answer.json() : [];
  }
  return phrases;
}

const isEnglish = () => document.documentElement.lang.startsWith("en");
const said = (phrase) => (isEnglish() ? [phrase.instead_en, phrase.say_en] : [phrase.instead_zh, phrase.say_zh]);
const plain = (text) => text.toLowerCase().replaceAll("’", "'").replace(/[。.!！?？…\s]+$/u, "").trim();

function insert(box, text, from = box.selectionStart, to = box.selectionEnd) {
  box.focus();
  box.setRangeText(text, from, to, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

// A list under a box, walked by arrows; in a modal dialog it must lie inside it.
function listUnder(box, label) {
  closeList();
  const list = element("div", { class: "picker", id: "picker", role: "listbox", "aria-label": label });
  box.insertAdjacentElement("afterend", list);
  box.setAttribute("aria-controls", "picker");
  return list;
}

function closeList() {
  const old = document.getElementById("picker");
  const box = old?.previousElementSibling;
  box?.removeAttribute("aria-controls");
  box?.removeAttribute("aria-activedescendant");
  old?.remove();
}

const choices = () => [...(document.getElementById("picker")?.querySelectorAll("[role=option]") ?? [])];

function choose(option, box) {
  for (const one of choices()) one.setAttribute("aria-selected", String(one === option));
  if (option) box.setAttribute("aria-activedescendant", option.id);
  option?.scrollIntoView({ block: "nearest" });
}

function fill(list, box, items, draw, take) {
  list.replaceChildren(
    ...items.map((item, at) => {
      const option = element("div", { role: "option", id: `picker-${at}`, class: "picker-row" }, ...draw(item));
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(item);
      });
      return option;
    }),
  );
  if (!items.length) list.append(element("p", { class: "sub" }, word("none")));
  choose(choices()[0], box);
}

function walked(event, box) {
  const all = choices();
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (steps && all.length) choose(all[(at + steps + all.length) % all.length], box);
  else if ((event.key === "Enter" || event.key === "Tab") && all.length) all[at].dispatchEvent(new Event("mousedown", { cancelable: true }));
  else if (event.key === "Escape") closeList();
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

// Phrases: a box of its own to search in, opened by a button or by "/" at the beginning of a line.
async function offerPhrases(box) {
  const all = await knownPhrases();
  const search = element("input", { type: "search", class: "picker-search", autocomplete: "off", role: "combobox", "aria-expanded": "true", "aria-label": word("phrases"), placeholder: word("phrases") });
  document.querySelector(".picker-search")?.remove();
  box.insertAdjacentElement("afterend", search);
  const leave = () => {
    closeList();
    search.remove();
    box.focus();
  };
  const take = (phrase) => {
    leave();
    const slash = box.value.slice(0, box.selectionStart).endsWith("/") ? 1 : 0;
    insert(box, said(phrase)[1], box.selectionStart - slash, box.selectionEnd);
  };
  const list = listUnder(search, word("phrases"));
  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (phrase) => words.every((one) => Object.values(phrase).join(" ").toLowerCase().includes(one));
    fill(list, search, all.filter(fits), (phrase) => [element("span", { class: "sub" }, `${word("instead")} ${said(phrase)[0]}`), element("span", {}, said(phrase)[1])], take);
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      leave();
    } else walked(event, search);
  });
  search.addEventListener("blur", () => setTimeout(() => search.isConnected && document.activeElement !== search && (closeList(), search.remove()), 150));
  show();
  search.focus();
}

async function advise(box) {
  const text = plain(box.value);
  const hit = text && (await knownPhrases()).find((one) => [one.instead_zh, one.instead_en].some((bad) => text.includes(plain(bad))));
  const place = box.parentElement;
  const old = place.querySelector(".advice");
  if (!hit) return old?.remove();
  const [bad, good] = text.includes(plain(hit.instead_zh)) ? [hit.instead_zh, hit.say_zh] : [hit.instead_en, hit.say_en];
  if (old?.dataset.of === bad) return undefined;
  old?.remove();
  const use = element("button", { type: "button", class: "fbtn sm" }, word("useit"));
  const note = element("div", { class: "advice", role: "status", "data-of": bad }, icon("bulb"), element("p", {}, `${word("instead")} “${bad}” ${word("say")} “${good}”`), use);
  use.addEventListener("click", () => {
    const at = box.value.toLowerCase().replaceAll("’", "'").indexOf(plain(bad));
    const end = at + plain(bad).length;
    const tail = /^[。.!！?？]/u.test(box.value.slice(end)) ? 1 : 0;
    insert(box, good, at, end + tail);
    note.remove();
  });
  (place.querySelector(".box-tools") ?? box).insertAdjacentElement("afterend", note);
  return undefined;
}

// Colleagues: after an @ the list follows what is typed.
const NAMED = /[@＠]([^\s@＠]{0,20})$/u;
const people = new Map();

async function offerPeople(box) {
  const found = NAMED.exec(box.value.slice(0, box.selectionStart));
  if (!found) return closeList();
  const from = box.dataset.mentions;
  if (!people.has(from)) {
    const answer = await fetch(from);
    people.set(from, answer.ok ? await answer.json() : []);
  }
  const words = found[1].toLowerCase();
  const fits = people.get(from).filter((one) => [one.username, one.name, ...one.also].some((name) => name.toLowerCase().includes(words)));
  if (!fits.length) return closeList();
  const take = (one) => {
    closeList();
    insert(box, `@${one.name} `, box.selectionStart - found[0].length, box.selectionStart);
  };
  const list = listUnder(box, word("people"));
  fill(list, box, fits.slice(0, 8), (one) => [element("strong", {}, one.name), element("span", { class: "sub" }, one.username)], take);
  return undefined;
}

function equip(root) {
  for (const box of root.querySelectorAll?.("textarea[data-phrases]") ?? []) {
    if (document.querySelector(`[data-offers="${CSS.escape(box.id)}"]`)) continue;
    const button = element("button", { type: "button", class: "fbtn sm", "data-offers": box.id }, icon("heart-handshake"), word("phrases"), " ", element("kbd", {}, "/"));
    const tools = document.getElementById(box.dataset.phrases) ?? element("div", { class: "box-tools" });
    tools.append(button);
    if (!tools.isConnected) box.insertAdjacentElement("afterend", tools);
    button.addEventListener("click", () => offerPhrases(box));
  }
}

const waits = new WeakMap();

document.addEventListener("input", (event) => {
  const box = event.target;
  if (box.matches?.("textarea[data-mentions]")) offerPeople(box);
  if (!box.matches?.("textarea[data-phrases]")) return;
  clearTimeout(waits.get(box));
  waits.set(box, setTimeout(() => advise(box), HINT_MS));
});

document.addEventListener(
  "keydown",
  (event) => {
    const box = event.target;
    if (event.isComposing || !box.matches?.("textarea[data-mentions], textarea[data-phrases]")) return;
    if (document.getElementById("picker")?.previousElementSibling === box && walked(event, box)) return;
    const atLineStart = /(^|\n)$/.test(box.value.slice(0, box.selectionStart));
    if (event.key === "/" && atLineStart && box.matches("[data-phrases]")) {
      event.preventDefault();
      offerPhrases(box);
    }
  },
  true,
);

document.addEventListener("focusout", (event) => {
  const box = event.target;
  if (!box.matches?.("textarea[data-mentions]")) return;
  setTimeout(() => document.getElementById("picker")?.previousElementSibling === box && closeList(), 150);
});

// A list of buttons that what is typed narrows down; Enter takes the first that is left.
document.addEventListener("input", (event) => {
  const list = document.getElementById(event.target.dataset?.narrows);
  if (!list) return;
  const words = event.target.value.toLowerCase();
  for (const row of list.children) row.hidden = !row.textContent.toLowerCase().includes(words);
});

document.addEventListener("keydown", (event) => {
  const list = document.getElementById(event.target.dataset?.narrows);
  const inside = list ?? event.target.closest?.("#macro-list");
  if (!inside || event.isComposing) return;
  const rows = [...inside.querySelectorAll("button")].filter((one) => !one.parentElement.hidden);
  const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (steps) rows[Math.min(Math.max(rows.indexOf(document.activeElement) + steps, 0), rows.length - 1)]?.focus();
  else if (event.key === "Enter" && list) rows[0]?.click();
  else return;
  event.preventDefault();
});

// What was fetched anew in place has lost what stood beside its boxes.
document.addEventListener("live:fresh", () => equip(document));
document.addEventListener("htmx:load", (event) => equip(event.detail.elt.parentElement ?? event.detail.elt));
equip(document);
