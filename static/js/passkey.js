// Passkeys: allauth does the work; this module shows its failures as text.
function place(form) {
  const note = document.querySelector("[data-passkey]");
  if (!note) return;
  note.hidden = false;
  note.textContent = form;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const words = document.querySelector("[data-passkey]")?.dataset ?? {};
  const stopped = ["NotAllowedError", "AbortError"].includes(event.detail.exception?.name);
  place(stopped ? words.stopped : words.failed);
});

export function bind(scope) {
  if (window.PublicKeyCredential) return;
  const note = scope.querySelector("[data-passkey]");
  if (note) place(note.dataset.missing);
}
