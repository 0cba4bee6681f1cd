// What a box to type in chooses from: a select, a text input with suggestions, or checkboxes. Used by combobox.js.
const LOCAL = 60;

export const folded = (text) => text.normalize("NFKD").replace(/[\p{M}'’ʻʼ`]/gu, "").toLowerCase().trim();

// The options of each kind of control: what is in the plain list, what is chosen, how to choose.
function ofSelect(select) {
  const rows = () => [...select.options].filter((option) => option.value);
  return {
    options: () => rows().map((option) => ({ value: option.value, label: option.label, title: option.parentElement.label ?? "" })),
    chosen: (value) => value === select.value && value !== "",
    text: () => (select.value ? select.selectedOptions[0]?.label : "") ?? "",
    choose(value) {
      select.value = value;
      for (const name of ["input", "change"]) select.dispatchEvent(new Event(name, { bubbles: true }));
    },
  };
}
function ofText(input) {
  const listed = input.list; // read before it is taken off the input
  return {
    options: () => [...(listed?.options ?? [])].map((option) => ({ value: option.value, label: option.value, title: "" })),
    chosen: () => false,
    choose(_value, label) {
      input.value = label;
      for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
    },
  };
}
function ofBoxes(group) {
  const boxes = () => [...group.querySelectorAll("input[type=checkbox]")];
  const box = (value) => boxes().find((one) => one.value === value);
  const label = (one) => one.closest("label").textContent.trim();
  return {
    options: () => boxes().map((one) => ({ value: one.value, label: label(one), title: one.closest("fieldset")?.querySelector("legend")?.textContent ?? "" })),
    chosen: (value) => box(value)?.checked,
    text: () => "",
    choose(value) {
      box(value).click();
    },
  };
}

// The label, the help and the errors of a select belong to the input from now on.
export function takeOver(select, input, id) {
  input.id = select.id;
  select.id = `${id}-select`;
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  input.required = select.required;
  input.disabled = select.disabled;
  select.required = false;
  select.hidden = true;
  input.placeholder = [...select.options].find((option) => !option.value)?.label ?? "";
}

export const controlOf = (place, kind) => ({ select: ofSelect, text: ofText, boxes: ofBoxes })[kind](place);

// The plain list as groups: all of it, or where a label contains the words.
export function plain(control, words) {
  const groups = new Map();
  const fitting = control.options().filter(({ label }) => folded(label).includes(folded(words)));
  for (const option of words ? fitting.slice(0, LOCAL) : fitting) groups.set(option.title, [...(groups.get(option.title) ?? []), option]);
  return [...groups].map(([title, options]) => ({ title, options }));
}

// What is ticked, as buttons that take it away, under the input.
export function chips(place, around, control) {
  const chosen = document.createElement("div");
  chosen.className = "chips";
  around.after(chosen);
  function draw() {
    chosen.replaceChildren(
      ...control.options().filter(({ value }) => control.chosen(value)).map(({ value, label }) => {
        const chip = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: `${label} ×` });
        chip.setAttribute("aria-label", `${place.dataset.remove}: ${label}`);
        chip.addEventListener("click", () => {
          control.choose(value);
          around.querySelector("input").focus();
        });
        return chip;
      }),
    );
  }
  place.addEventListener("change", draw);
  draw();
}
