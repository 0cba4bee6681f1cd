// Forms that must be submitted once only, and forms that warn before unsaved text is lost.
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
  // in the next turn of the event loop: a button disabled now would not be submitted with the form
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
  // the listeners above serve every form, including later ones
}
