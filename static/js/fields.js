// Values of form fields: as rendered, as changed since, and restoring stored values.

// The form as rendered.
export function drawn(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return copy;
}

// Restore stored values. Fields changed since the page was loaded are newer and keep their value.
export function fill(form, values, leftOut) {
  const given = new Map();
  for (const [key, value] of values) given.set(key, [...(given.get(key) ?? []), value]);
  const typed = changed(form);
  for (const control of form.elements) {
    const { name, type } = control;
    if (!name || leftOut.has(name) || typed.has(name) || ["file", "submit", "button"].includes(type)) continue;
    const mine = given.get(name) ?? [];
    if (type === "checkbox" || type === "radio") control.checked = mine.includes(control.value);
    else if (mine.length) control.value = mine[0];
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// The names of the fields that were changed since the page was loaded.
function changed(form) {
  const [now, then] = [new FormData(form), new FormData(drawn(form))];
  const names = new Set([...now.keys(), ...then.keys()]);
  return new Set([...names].filter((name) => String(now.getAll(name)) !== String(then.getAll(name))));
}
