// <button data-inserts="id of a text area" data-text="words"> puts prepared words where the cursor is.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-inserts]");
  const box = button && document.getElementById(button.dataset.inserts);
  if (!box) return;
  box.setRangeText(button.dataset.text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});
