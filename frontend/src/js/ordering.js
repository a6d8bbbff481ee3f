// Cards of a list are dragged into another order; keys have their own buttons. What saves at once, saves.
let held = null;

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest(".grip")?.closest("[data-key-of]");
  if (card) card.draggable = true;
});

document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.("[data-key-of]");
});

document.addEventListener("dragover", (event) => {
  const card = held && event.target.closest?.("[data-key-of]");
  if (!card || card.parentNode !== held.parentNode) return;
  event.preventDefault();
  if (card === held) return;
  const box = card.getBoundingClientRect();
  card.parentNode.insertBefore(held, event.clientY < box.top + box.height / 2 ? card : card.nextSibling);
});

document.addEventListener("dragend", () => {
  if (!held) return;
  const list = held.parentNode;
  held.draggable = false;
  held = null;
  const button = document.getElementById(list.dataset.orders);
  button.value = `order:${[...list.children].map((card) => card.dataset.keyOf).join(",")}`;
  button.click();
});

document.addEventListener("change", (event) => {
  const form = event.target.matches("[data-saves]") && event.target.form;
  if (form) form.requestSubmit(form.querySelector('button[name="do"][value="save"]'));
});
