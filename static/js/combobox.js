// A long list to type in (ARIA Authoring Practices: combobox with a list). Without this module the plain list remains.
// On a select it takes the select's place; on a text input it suggests; around checkboxes it ticks them.
// The server finds options in any script; without a connection the labels of the plain list are searched.
import { ask, draw, remember } from "./combobox-found.js";
import { chips, controlOf, folded, plain, takeOver } from "./combobox-sources.js";

const PAUSE = 120;
let made = 0;

function start(place) {
  const kind = place.matches("select") ? "select" : place.matches("input") ? "text" : "boxes";
  const control = controlOf(place, kind);
  const [around, list, said] = ["div", "div", "p"].map((name) => document.createElement(name));
  const input = kind === "text" ? place : document.createElement("input");
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
  if (kind === "select") {
    takeOver(place, input, list.id);
    for (const name of ["input", "change"]) place.addEventListener(name, show);
    place.form?.addEventListener("reset", () => setTimeout(show));
    show();
  }
  if (kind === "text") input.removeAttribute("list");
  list.setAttribute("aria-label", document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim() || input.name);

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

  async function open(words) {
    asked?.abort();
    const request = (asked = new AbortController());
    let found = null;
    try {
      found = await ask(place, words, request.signal);
    } catch {
      return; // a newer question
    }
    if (request.signal.aborted || document.activeElement !== input) return;
    const labels = known();
    const fits = ({ value }) => kind === "text" || labels.has(value);
    let groups = found?.groups.map((group) => ({ ...group, options: group.options.filter(fits) })).filter((group) => group.options.length);
    if (groups && !words && kind !== "text") groups = [...groups, ...plain(control, "")];
    said.textContent = found?.said ?? "";
    const count = draw(list, groups ?? plain(control, words), labels, control.chosen);
    list.hidden = !count;
    input.setAttribute("aria-expanded", String(!list.hidden));
    point(count && words && kind !== "text" ? 0 : -1);
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
    if (!event.isComposing && !choosing) timer = setTimeout(() => open(input.value.trim()), PAUSE);
  });
  input.addEventListener("click", () => {
    if (!list.hidden) return;
    if (kind === "select") input.select();
    open(kind === "text" ? input.value.trim() : "");
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
      if (list.hidden) return void open(kind === "text" ? input.value.trim() : "");
      if (count) point((at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + count) % count);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(rows()[at]);
    } else if (event.key === "Enter" && kind === "boxes") {
      event.preventDefault(); // the words are no field of the form
    } else if (event.key === "Escape") {
      if (!list.hidden) {
        event.preventDefault();
        event.stopPropagation();
      }
      close(); // also an answer on its way
      if (kind !== "text") input.value = control.text();
    }
  });
  if (kind === "boxes") chips(place, around, control);
}

export function bind(scope) {
  for (const place of [scope, ...scope.querySelectorAll("[data-choices]")].filter((one) => one.matches?.("[data-choices]"))) {
    if (place.dataset.combined) continue;
    place.dataset.combined = "1";
    start(place);
  }
}
