// What the fields of a form hold: as the page brought them, what was typed since, and putting kept values back.

// The form as the page brought it.
export function drawn(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return copy;
}

// Put kept values into a form. What somebody has typed since the page came is newer than what was kept, and stays.
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

// The names of the fields that no longer hold what the page brought.
function changed(form) {
  const [now, then] = [new FormData(form), new FormData(drawn(form))];
  const names = new Set([...now.keys(), ...then.keys()]);
  return new Set([...names].filter((name) => String(now.getAll(name)) !== String(then.getAll(name))));
}
