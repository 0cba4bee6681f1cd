// The error of a field goes, with its line in the summary, once the field holds something else that the browser finds valid.
const held = (field) => JSON.stringify([...field.querySelectorAll(":is(input, select, textarea)[name]")].map((control) => [control.value, control.checked]));

function watch(field) {
  const refused = held(field);
  const errors = field.querySelectorAll(":scope > .errors");
  const controls = [...field.querySelectorAll("input, select, textarea")];
  const invalid = controls.filter((control) => control.getAttribute("aria-invalid") === "true");
  const lines = controls.map((control) => document.querySelector(`.summary a[href="#${CSS.escape(control.id || field.id)}"]`)?.closest("li"));
  const summary = lines.find(Boolean)?.closest(".summary");

  function check() {
    const corrected = held(field) !== refused && controls.every((control) => control.validity.valid);
    field.classList.toggle("wrong", !corrected);
    for (const list of errors) list.hidden = corrected;
    for (const line of lines) if (line) line.hidden = corrected;
    for (const control of invalid) control.toggleAttribute("aria-invalid", false);
    if (!corrected) for (const control of invalid) control.setAttribute("aria-invalid", "true");
    if (summary) summary.hidden = ![...summary.querySelectorAll("li")].some((line) => !line.hidden);
  }
  field.addEventListener("input", check);
  field.addEventListener("change", check);
}

export function bind(scope) {
  for (const field of scope.querySelectorAll(".field.wrong")) {
    if (field.dataset.watched) continue;
    field.dataset.watched = "1";
    watch(field);
  }
}
