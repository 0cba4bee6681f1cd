// A question before what cannot be undone; asked in the browser's own dialog, which needs no style and no focus trap.
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
