// Comments one after the other by key, and the reason for a marked word where it is asked for.

const walked = () => [...document.querySelectorAll("[data-walk]")];

function walk(steps) {
  const all = walked();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement?.closest("[data-walk]"));
  const next = at < 0 ? (steps > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + steps, 0), all.length - 1);
  all[next].focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "nearest" });
}

function explain(mark) {
  const old = document.getElementById("why");
  old?.remove();
  if (old?.dataset.of === mark.dataset.why && old.mark === mark) return;
  const box = document.createElement("div");
  box.id = "why";
  box.className = "evidence-box";
  box.setAttribute("role", "status");
  box.dataset.of = mark.dataset.why;
  box.mark = mark;
  for (const line of mark.dataset.why.split(" · ")) {
    const row = document.createElement("div");
    row.textContent = line;
    box.append(row);
  }
  document.body.append(box);
  const at = mark.getClientRects()[0];
  const left = Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 8);
  box.style.left = `${Math.max(left, 8) + window.scrollX}px`;
  box.style.top = `${at.bottom + 6 + window.scrollY}px`;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-walks]");
  if (button) return walk(Number(button.dataset.walks));
  const mark = event.target.closest("mark[data-why]");
  if (mark) explain(mark);
  else document.getElementById("why")?.remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.getElementById("why")?.remove();
  const mark = event.target.closest?.("mark[data-why]");
  if (!mark || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  explain(mark);
});
