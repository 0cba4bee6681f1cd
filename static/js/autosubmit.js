// Filter forms that send themselves when a choice changes; their button stays for those who come without scripts.
export function bind(scope) {
  for (const form of scope.querySelectorAll("form[data-autosubmit]")) {
    if (form.dataset.bound) continue;
    form.dataset.bound = "1";
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
    });
  }
}
