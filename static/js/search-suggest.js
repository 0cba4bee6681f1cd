// Suggestions under a search box: a combobox with a list (ARIA Authoring Practices). Without this module it is a plain form.
const PAUSE = 150;
const MIN_LENGTH = 2;
let made = 0;

export function bind(scope) {
  const forms = scope.matches?.("form[data-suggest]") ? [scope] : scope.querySelectorAll("form[data-suggest]");
  for (const form of forms) if (!form.dataset.suggests) start(form);
}

function start(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("div");
  const said = document.createElement("p");
  let timer = 0;
  let asked = null; // the request under way
  let shown = ""; // the query of the shown list
  let at = -1;

  form.dataset.suggests = "1";
  list.id = `suggestions-${++made}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label")?.textContent.trim() || input.name);
  said.className = "sr";
  said.setAttribute("role", "status");
  form.append(list, said);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }

  const options = () => [...list.querySelectorAll("[role=option]")];

  function choose(next) {
    const rows = options();
    at = next;
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    if (at < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", rows[at].id);
      rows[at].scrollIntoView({ block: "nearest" });
    }
  }

  function open() {
    list.hidden = !options().length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  async function ask() {
    const words = input.value.trim();
    asked?.abort();
    if ([...words].length < MIN_LENGTH) {
      list.replaceChildren();
      said.textContent = shown = "";
      close();
      return;
    }
    const request = (asked = new AbortController());
    const query = new URLSearchParams({ q: words, type: form.querySelector("[name=type]")?.value || "" });
    try {
      const answer = await fetch(`${form.dataset.suggest}?${query}`, { signal: request.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return close();
      const piece = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
      if (request.signal.aborted || document.activeElement !== input) return;
      said.textContent = piece.dataset.said;
      list.replaceChildren(...piece.children);
      shown = words;
      choose(-1);
      open();
    } catch (error) {
      if (error.name !== "AbortError") close(); // without suggestions the form still works
    }
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the input, so that the list stays open
  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden && count && shown === input.value.trim()) open();
      else if (list.hidden) return void ask();
      event.preventDefault();
      if (event.altKey) return;
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((at + 1 + step + count + 1) % (count + 1)) - 1); // one position more than options: the input itself
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      location.assign(options()[at].href);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      close();
    }
  });
  form.addEventListener("submit", close);
}
