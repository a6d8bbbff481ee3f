// Keeps an open page up to date: one small question a second, and only what changed is fetched.
import { morph } from "./morph.js";

const SEEN_MS = 1000;
const HIDDEN_MS = 5000;
const LONGEST_MS = 30000;
const page = document.body.dataset;
let tag = page.liveSince ? `"${page.liveSince}"` : "";
let pause = SEEN_MS;
let timer;

const parts = () => [...document.querySelectorAll("body [data-live]")];
const topics = (part) => part.dataset.live.split(" ");
const busy = new WeakSet();
const again = new WeakSet();

function address() {
  const of = new Set(parts().flatMap(topics).filter((topic) => topic.includes(":")));
  const query = new URLSearchParams([["key", page.live], ...[...of].map((topic) => ["of", topic])]);
  return `${page.liveFrom}?${query}`;
}

async function ask() {
  try {
    const answer = await fetch(address(), { headers: { "If-None-Match": tag }, cache: "no-store" });
    if (answer.status === 403) return;
    if (answer.status === 200) {
      tag = answer.headers.get("ETag") ?? tag;
      tell((await answer.json()).changed);
    }
    pause = answer.ok || answer.status === 304 ? SEEN_MS : Math.min(pause * 2, LONGEST_MS);
  } catch {
    pause = Math.min(pause * 2, LONGEST_MS);
  }
  wait();
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(ask, document.hidden ? Math.max(pause, HIDDEN_MS) : pause);
}

function tell(changed) {
  const hit = (part) => topics(part).some((topic) => changed.includes(topic.split(":")[0]));
  for (const part of parts().filter(hit)) {
    // A part with an event of that name fetches by itself what it needs.
    if (part.dataset.liveEvent) part.dispatchEvent(new CustomEvent(part.dataset.liveEvent));
    else refresh(part);
  }
  if (changed.includes("me")) document.dispatchEvent(new CustomEvent("live:me"));
}

// A part that changes while it is fetched or rests is fetched once more after that, never twice at a time.
export async function refresh(part) {
  if (busy.has(part)) {
    again.add(part);
    return;
  }
  busy.add(part);
  try {
    await fetchInto(part);
  } finally {
    setTimeout(() => {
      busy.delete(part);
      if (again.delete(part) && part.isConnected) refresh(part);
    }, Number(part.dataset.liveRest ?? 0.5) * 1000);
  }
}

async function fetchInto(part) {
  const from = part.dataset.liveFrom || location.pathname + location.search;
  const answer = await fetch(from, { headers: { "HX-Request": "true", "HX-Target": part.id, "X-Live": "1" } });
  if (!answer.ok || answer.status === 204 || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
  if (fresh && part.isConnected && from === (part.dataset.liveFrom || from)) morph(part, fresh);
  part.dispatchEvent(new CustomEvent("live:fresh", { bubbles: true }));
}

// Clocks run without anything happening: the parts that show one are drawn anew each minute.
setInterval(() => {
  if (!document.hidden) parts().filter((part) => part.dataset.liveClocks !== undefined).forEach(refresh);
}, 60000);

document.addEventListener("case-changed", () => {
  parts().filter((part) => part.id !== "case" && !part.dataset.liveEvent).forEach(refresh);
});

if (page.live) {
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });
  wait();
}
