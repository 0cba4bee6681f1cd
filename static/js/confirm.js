// Confirmation of actions that cannot be undone, in the browser's own dialog.
function ask(event) {
  const asked = event.target.closest?.("[data-confirm]");
  if (asked && !window.confirm(asked.dataset.confirm)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

document.addEventListener("click", ask, true);

export function bind() {
  // one listener on the document serves every button
}
