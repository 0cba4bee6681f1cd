// A long list to type in (ARIA Authoring Practices: combobox with a list). Without this module the plain list remains.
// On a select it takes the select's place; on a text input it suggests; around checkboxes it ticks them.
// The server finds options in any script; without a connection the labels of the plain list are searched.
const PAUSE = 120;
const RECENT = 5;
const LOCAL = 60;
let made = 0;

const folded = (text) => text.normalize("NFKD").replace(/[\p{M}'’ʻʼ`]/gu, "").toLowerCase().trim();

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
  return {
    options: () => [...(input.list?.options ?? [])].map((option) => ({ value: option.value, label: option.value, title: "" })),
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

const recentKey = (place) => `recent:${document.body.dataset.live}:${new URL(place.dataset.choices, location).pathname}`;
function recent(place) {
  try {
    return JSON.parse(localStorage.getItem(recentKey(place))) ?? [];
  } catch {
    return [];
  }
}
function remember(place, value) {
  try {
    localStorage.setItem(recentKey(place), JSON.stringify([value, ...recent(place).filter((one) => one !== value)].slice(0, RECENT)));
  } catch {
    // without storage nothing is recent
  }
}

function start(place) {
  const kind = place.matches("select") ? "select" : place.matches("input") ? "text" : "boxes";
  const control = { select: ofSelect, text: ofText, boxes: ofBoxes }[kind](place);
  const around = document.createElement("div");
  const input = kind === "text" ? place : document.createElement("input");
  const list = document.createElement("div");
  const said = document.createElement("p");
  let timer = 0;
  let asked = null;
  let choosing = false; // the input event of a choice asks for nothing
  let at = -1;

  around.className = "combobox";
  list.id = `options-${++made}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  said.className = "sr";
  said.setAttribute("role", "status");
  if (kind === "boxes") {
    input.id = `${list.id}-input`;
    const label = document.createElement("label");
    label.htmlFor = input.id;
    label.textContent = place.dataset.label;
    place.prepend(label, around);
  } else {
    place.before(around);
  }
  around.append(input, list, said);
  input.type = "text";
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    autocomplete: "off", autocapitalize: "none", spellcheck: "false",
  })) input.setAttribute(name, value);
  if (kind === "select") takeOver();
  if (kind === "text") input.removeAttribute("list");
  list.setAttribute("aria-label", document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim() || input.name);

  // The label, the help and the errors of the select belong to the input from now on.
  function takeOver() {
    input.id = place.id;
    place.id = `${list.id}-select`;
    for (const name of ["aria-describedby", "aria-invalid"]) if (place.hasAttribute(name)) input.setAttribute(name, place.getAttribute(name));
    input.required = place.required;
    input.disabled = place.disabled;
    place.required = false;
    place.hidden = true;
    input.placeholder = [...place.options].find((option) => !option.value)?.label ?? "";
    place.addEventListener("change", show);
    place.addEventListener("input", show);
    place.form?.addEventListener("reset", () => setTimeout(show));
    show();
  }
  function show() {
    if (document.activeElement !== input || list.hidden) input.value = control.text();
  }

  const known = () => new Map(control.options().map(({ value, label }) => [value, label]));
  const rows = () => [...list.querySelectorAll("[role=option]")];

  function point(next) {
    at = next;
    rows().forEach((row, i) => row.classList.toggle("at", i === at));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", rows()[at].id);
    rows()[at].scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    point(-1);
  }

  function draw(groups, words) {
    let number = 0;
    const labels = known();
    const drawn = groups.map(({ title, options }) => {
      const group = document.createElement("div");
      group.setAttribute("role", "group");
      if (title) {
        const head = document.createElement("p");
        head.className = "soft small";
        head.textContent = title;
        group.setAttribute("aria-label", title);
        group.append(head);
      }
      for (const { value, label, note } of options) {
        const row = document.createElement("div");
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(Boolean(control.chosen(value))));
        row.id = `${list.id}-${++number}`;
        row.dataset.value = value;
        row.append(Object.assign(document.createElement("span"), { textContent: labels.get(value) ?? label }));
        if (note) row.append(" ", Object.assign(document.createElement("small"), { className: "soft", textContent: note }));
        group.append(row);
      }
      return group;
    });
    list.replaceChildren(...drawn);
    list.hidden = !number;
    input.setAttribute("aria-expanded", String(!list.hidden));
    point(number && words ? 0 : -1);
  }

  // The plain list as groups: all of it, or where a label contains the words.
  function plain(words) {
    const groups = new Map();
    const fitting = control.options().filter(({ label }) => folded(label).includes(folded(words)));
    for (const option of words ? fitting.slice(0, LOCAL) : fitting) groups.set(option.title, [...(groups.get(option.title) ?? []), option]);
    return [...groups].map(([title, options]) => ({ title, options }));
  }

  async function ask(words) {
    asked?.abort();
    const request = (asked = new AbortController());
    const url = new URL(place.dataset.choices, location);
    url.searchParams.set("q", words);
    if (!words) url.searchParams.set("recent", recent(place).join(","));
    let groups = null;
    try {
      const answer = await fetch(url, { signal: request.signal, redirect: "manual", headers: { Accept: "application/json" } });
      if (answer.ok) {
        const found = await answer.json();
        said.textContent = found.said;
        const labels = known();
        const fits = ({ value }) => kind === "text" || labels.has(value);
        groups = found.groups.map((group) => ({ ...group, options: group.options.filter(fits) })).filter((group) => group.options.length);
      }
    } catch (error) {
      if (error.name === "AbortError") return;
    }
    if (request.signal.aborted || document.activeElement !== input) return;
    if (groups && !words && kind !== "text") groups = [...groups, ...plain("")];
    draw(groups ?? plain(words), words && kind !== "text");
  }

  function choose(row) {
    remember(place, row.dataset.value);
    choosing = true;
    control.choose(row.dataset.value, row.querySelector("span").textContent);
    choosing = false;
    close();
    if (kind !== "text") input.value = control.text();
  }

  function leave() {
    close();
    if (kind === "text") return;
    const typed = folded(input.value);
    const same = control.options().filter(({ label }) => folded(label) === typed);
    if (kind === "select" && typed && same.length === 1 && !control.chosen(same[0].value)) control.choose(same[0].value);
    if (kind === "select" && !typed && place.value && [...place.options].some((option) => !option.value)) control.choose("");
    input.value = control.text();
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing && !choosing) timer = setTimeout(() => ask(input.value.trim()), PAUSE);
  });
  input.addEventListener("click", () => {
    if (!list.hidden) return;
    if (kind === "select") input.select();
    ask(kind === "text" ? input.value.trim() : "");
  });
  input.addEventListener("blur", leave);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the input, so that the list stays open
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) choose(row);
  });
  input.addEventListener("keydown", (event) => {
    const count = rows().length;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return void ask(kind === "text" ? input.value.trim() : "");
      if (count) point((at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + count) % count);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(rows()[at]);
    } else if (event.key === "Enter" && kind === "boxes") {
      event.preventDefault(); // the words are no field of the form
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
      if (kind !== "text") input.value = control.text();
    }
  });
  if (kind === "boxes") chips(place, around, control);
}

// What is ticked, as buttons that take it away, under the input.
function chips(place, around, control) {
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

export function bind(scope) {
  const places = [...scope.querySelectorAll("[data-choices]")];
  if (scope.matches?.("[data-choices]")) places.push(scope);
  for (const place of places) {
    if (place.dataset.combined) continue;
    place.dataset.combined = "1";
    start(place);
  }
}
