// Filter forms are submitted when a choice changes; without scripts their button does it.
export function bind(scope) {
  for (const form of scope.querySelectorAll("form[data-autosubmit]")) {
    if (form.dataset.bound) continue;
    form.dataset.bound = "1";
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
    });
  }
}
