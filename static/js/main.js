// Behaviours of the pages: each is a module, loaded only on pages with a matching element. A new one is a line in this table.
const behaviours = [
  ["[data-theme-switch]", () => import("./theme.js")],
  ["[data-menu]", () => import("./menu.js")],
  ["[data-once], [data-leave]", () => import("./once.js")],
  ["[data-confirm]", () => import("./confirm.js")],
  ["textarea[maxlength], [data-count]", () => import("./count.js")],
  ["[data-autosubmit]", () => import("./autosubmit.js")],
  ["[data-copy]", () => import("./copy.js")],
  ["[data-passkey]", () => import("./passkey.js")],
  [".tabs, nav.chips", () => import("./tabs.js")],
  ["[data-focus]", () => import("./focus.js")],
  [".field.wrong", () => import("./corrected.js")],
  [".in-sight, .composer", () => import("./sight.js")],
  ["[data-autosave], [data-autosave-clear]", () => import("./autosave.js")],
  ["[data-upload]", () => import("./upload.js")],
  ["[data-live]", () => import("./live.js")],
  ["[data-thread]", () => import("./thread.js")],
  ["[data-threads]", () => import("./threads.js")],
  ["form[data-composer]", () => import("./composer.js")],
  ["[data-choices]", () => import("./combobox.js")],
  ["form[data-suggest]", () => import("./search-suggest.js")],
];

// Each module exports `bind(root)`, which is safe to call again: it is called for the whole page, then for every htmx fragment.
function bindAll(root) {
  for (const [mark, load] of behaviours) {
    if (root.matches?.(mark) || root.querySelector(mark)) {
      load().then((module) => module.bind(root)).catch((error) => console.warn("a page behaviour did not load", mark, error));
    }
  }
}

// The time zone of anonymous users, in a cookie: the server uses it from the next page on.
function rememberZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`time_zone=${zone}`)) {
    document.cookie = `time_zone=${zone};path=/;max-age=31536000;samesite=lax`;
  }
}

function csrfToken() {
  return document.querySelector("meta[name=csrf-token]")?.content || document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});

// A refusal is shown in its place; any other failure as a message at the top of the page.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
});
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (event.detail.xhr?.getResponseHeader("HX-Retarget")) return;
    document.getElementById("messages")?.replaceChildren(document.getElementById("trouble").content.cloneNode(true));
  });
}
document.addEventListener("htmx:afterSwap", () => document.querySelector("#messages > .stays")?.remove());
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && bindAll(event.detail.elt));

rememberZone();
bindAll(document.documentElement);
