// Conversations: drafts that outlive the page, Ctrl+Enter sends, the newest words in view, names of chosen files.
const KEPT_MS = 14 * 24 * 3600 * 1000;
const PREFIX = "draft:";

const field = (form) => form.querySelector("textarea");
const keyOf = (form) => PREFIX + form.dataset.draft;

function keep(form) {
  const text = field(form).value;
  try {
    if (text) localStorage.setItem(keyOf(form), JSON.stringify({ text, at: Date.now() }));
    else localStorage.removeItem(keyOf(form));
  } catch {
    // A full or forbidden store keeps no drafts; writing goes on.
  }
}

function kept(form) {
  try {
    const { text, at } = JSON.parse(localStorage.getItem(keyOf(form)) ?? "{}");
    return text && Date.now() - at < KEPT_MS ? text : "";
  } catch {
    return "";
  }
}

// A picture that comes later makes the conversation longer.
function toEnd(talk) {
  const go = () => (talk.scrollTop = talk.scrollHeight);
  go();
  for (const picture of talk.querySelectorAll("img")) picture.addEventListener("load", go, { once: true });
}

function restore(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const draft = field(form).value ? "" : kept(form);
    if (draft) field(form).value = draft;
  }
  for (const talk of root.querySelectorAll(".talk")) toEnd(talk);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form && event.target === field(form)) keep(form);
});

// htmx takes the form over before it leaves; what was accepted is no draft any more.
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig?.elt?.closest?.("form[data-draft]");
  if (form && event.detail.xhr.status === 200) localStorage.removeItem(keyOf(form));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  if (!event.target.matches("[data-sends]")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.addEventListener("change", (event) => {
  const label = event.target.closest?.(".filepick")?.querySelector("[data-files]");
  if (!label) return;
  const names = [...event.target.files].map((file) => file.name);
  label.textContent = names.length ? names.join(", ") : label.dataset.files;
});

restore(document);
document.addEventListener("htmx:load", (event) => restore(event.detail.elt.parentElement ?? document));
