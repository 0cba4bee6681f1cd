// Forms that must go once: a second press sends nothing until the page is shown again. And forms whose text must not be lost.
const busy = new WeakSet();

function release(form) {
  busy.delete(form);
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-held]")) {
    button.removeAttribute("aria-disabled");
    delete button.dataset.held;
  }
}

function send(event) {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (busy.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  busy.add(form);
  form.setAttribute("aria-busy", "true");
  const button = event.submitter;
  // after this turn of the loop: a button disabled now would not be sent with the form
  setTimeout(() => {
    if (button && form.getAttribute("aria-busy")) {
      button.dataset.held = "1";
      button.setAttribute("aria-disabled", "true");
    }
  });
}

document.addEventListener("submit", send);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-once]");
  if (form) release(form);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-once]").forEach(release);
});

let unsaved = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-leave]")) unsaved = true;
});
document.addEventListener("submit", () => {
  unsaved = false;
});
document.addEventListener("miras:saved", () => {
  unsaved = false;
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

export function bind() {
  // the listeners above serve every form, those that arrive later too
}
