// On a narrow screen the tab that is open must be in sight, wherever it stands in its row.
function show(root) {
  for (const open of root.querySelectorAll(".subnav a.on, .tabs a.on")) {
    const row = open.parentElement;
    row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
  }
}

show(document);
document.addEventListener("htmx:load", (event) => show(event.detail.elt));
