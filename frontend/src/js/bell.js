// The bell: unread counts in the navigation and the title, and the browser's own notification where allowed.
const bell = () => document.getElementById("bell");
const title = document.title;
let newest = Number(bell()?.dataset.newest ?? 0);

function show(counts) {
  for (const spot of document.querySelectorAll("[data-count]")) {
    const n = counts[spot.dataset.count] ?? 0;
    spot.hidden = n === 0;
    const number = spot.querySelector("[data-number]") ?? spot;
    number.textContent = n > 99 ? "99+" : String(n);
  }
  document.title = counts.unread ? `(${counts.unread}) ${title}` : title;
}

function notify(notice) {
  if (!notice || notice.id <= newest) return;
  newest = notice.id;
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(notice.title, { body: notice.text, tag: notice.group });
  shown.addEventListener("click", () => {
    window.focus();
    location.assign(notice.href);
    shown.close();
  });
}

export async function ring() {
  const from = bell()?.dataset.counts;
  if (!from) return;
  const answer = await fetch(from, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const counts = await answer.json();
  show(counts);
  notify(counts.newest);
}

document.addEventListener("live:me", ring);
document.addEventListener("notices-seen", ring);

// The question is asked only by a click on the button that says what it is for.
function offer() {
  const button = document.querySelector("[data-notifications]");
  if (!button) return;
  const state = "Notification" in window ? Notification.permission : "denied";
  button.hidden = state !== "default";
  const allowed = document.querySelector("[data-notifications-on]");
  if (allowed) allowed.hidden = state !== "granted";
}

document.addEventListener("click", async (event) => {
  if (!event.target.closest("[data-notifications]")) return;
  await Notification.requestPermission();
  offer();
});

document.addEventListener("htmx:load", offer);
offer();
if (bell()) {
  const first = Number(bell().dataset.unread ?? 0);
  if (first) document.title = `(${first}) ${title}`;
}

// What stands before somebody's eyes is read.
const seen = new WeakSet();

function see() {
  for (const part of document.querySelectorAll("[data-sees]")) {
    if (document.hidden || seen.has(part)) continue;
    seen.add(part);
    const token = document.querySelector("meta[name=csrf-token]").content;
    fetch(part.dataset.sees, { method: "POST", headers: { "X-CSRFToken": token } }).then(() => {
      part.removeAttribute("data-sees");
      seen.delete(part);
    });
  }
}

for (const name of ["htmx:load", "live:fresh", "visibilitychange"]) document.addEventListener(name, see);
see();
