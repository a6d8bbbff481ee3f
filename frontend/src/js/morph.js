// Puts fresh HTML into a page that somebody is using: only what differs changes, what they do stays.
import htmx from "./htmx.js";

const FIELD = "input, textarea, select";

// A field is its reader's as soon as they are in it or have changed it; an open dialog is theirs altogether.
function isTheirs(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return false;
  if (node.matches("dialog[open], [data-mine]")) return true;
  if (!node.matches(FIELD) || node.type === "hidden") return false;
  return node === document.activeElement || isChanged(node);
}

function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const set = [...field.options];
  const first = set.some((option) => option.defaultSelected) ? null : set[0];
  return set.some((option) => option.selected !== (option.defaultSelected || option === first));
}

// What a person has in hand is never thrown away with its surroundings.
function holdsTheirs(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return false;
  return isTheirs(node) || [...node.querySelectorAll(`dialog[open], [data-mine], ${FIELD}`)].some(isTheirs);
}

const keyOf = (node) => node.id || node.dataset?.item || "";

export function morph(old, fresh) {
  const focused = document.activeElement;
  graft(old, fresh);
  htmx.process(old);
  // An element that had to be moved has lost the focus.
  if (focused !== document.activeElement && old.contains(focused)) focused.focus({ preventScroll: true });
}

function graft(old, fresh) {
  if (isTheirs(old) || old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  const kept = old.nodeName === "DETAILS" || old.nodeName === "DIALOG" ? ["open"] : ["aria-expanded"];
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !kept.includes(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!kept.includes(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  children(old, fresh);
}

function children(old, fresh) {
  const wanted = [...fresh.childNodes];
  const matches = paired([...old.childNodes], wanted);
  const used = new Set(matches.values());
  for (const node of [...old.childNodes]) if (!used.has(node) && !holdsTheirs(node)) node.remove();
  let here = old.firstChild;
  for (const node of wanted) {
    while (here && !used.has(here)) here = here.nextSibling;
    const match = matches.get(node);
    if (!match) {
      old.insertBefore(document.importNode(node, true), here);
    } else if (match === here) {
      here = here.nextSibling;
      graft(match, node);
    } else {
      old.insertBefore(match, here);
      graft(match, node);
    }
  }
}

// By name where they have one; the others in their order.
function paired(olds, wanted) {
  const named = new Map(olds.filter(keyOf).map((node) => [keyOf(node), node]));
  const plain = olds.filter((node) => !keyOf(node));
  const matches = new Map();
  for (const node of wanted) {
    if (keyOf(node)) {
      const match = named.get(keyOf(node));
      if (match?.nodeName === node.nodeName) matches.set(node, match);
      continue;
    }
    const at = plain.findIndex((one) => one.nodeName === node.nodeName);
    if (at >= 0) matches.set(node, plain.splice(0, at + 1).at(-1));
  }
  return matches;
}
