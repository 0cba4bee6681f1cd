// Autosave of a draft: stored on this device at once, sent a moment later, and never overwrites a newer version.
import { drawn, fill } from "./fields.js";
import { PREFIX, store, tab } from "./drafts.js";
import { locales } from "./locales.js";

const PAUSE = 1200;
const RETRY = 8000;
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "version", "do", "remove"]);

function autosave(form) {
  const line = form.querySelector("[data-autosave-line]");
  const compare = form.querySelector("[data-autosave-compare]");
  const version = form.elements.version;
  const name = `${PREFIX}${form.dataset.autosaveKey}:${tab()}`;
  const words = form.dataset;
  // The values as rendered: what was typed before this script was loaded is not saved yet.
  let saved = text(drawn(form));
  let timer = 0;
  let sending = null;
  let stopped = false;

  function pairs(of = form) {
    return [...new FormData(of)].filter(([key, value]) => !LEFT_OUT.has(key) && typeof value === "string");
  }
  function text(of = form) {
    return JSON.stringify(pairs(of));
  }
  function say(words_, tone = "") {
    line.textContent = words_;
    line.classList.toggle("warning", tone === "warning");
    line.classList.toggle("soft", tone !== "warning");
  }
  function clock(moment) {
    return new Intl.DateTimeFormat(locales, { hour: "2-digit", minute: "2-digit" }).format(new Date(moment));
  }
  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }
  function keep() {
    store.write(name, { version: version.value, pairs: pairs(), at: Date.now() });
  }
  function stop(words_) {
    stopped = true;
    clearTimeout(timer);
    say(words_, "warning");
  }

  async function send(sent) {
    const body = new URLSearchParams([...JSON.parse(sent), ["version", version.value], ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value]]);
    const response = await fetch(words.autosave, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return say(words.loggedOut, "warning"), later(RETRY * 4);
    if (response.status >= 500) throw new Error(response.statusText);
    const answer = await response.json();
    if (answer.code === "newer-draft") {
      compare.hidden = false;
      return stop(words.newer);
    }
    if (!response.ok) return stop(words.refused.replace("{reason}", answer.message ?? ""));
    version.value = answer.version;
    saved = sent;
    if (text() === saved) {
      store.clear(form.dataset.autosaveKey);
      form.dispatchEvent(new CustomEvent("miras:saved", { bubbles: true }));
    } else {
      keep();
      later(PAUSE);
    }
    say(words.saved.replace("{time}", clock(answer.saved_at)));
  }

  async function save() {
    clearTimeout(timer);
    const sent = text();
    if (stopped || sending || sent === saved) return;
    say(words.saving);
    sending = send(sent).catch(() => {
      say(words.offline, "warning");
      later(RETRY);
    });
    await sending;
    sending = null;
  }

  function restore() {
    const entries = store.keys(form.dataset.autosaveKey).map((key) => [key, store.read(key)]).filter(([, entry]) => entry?.pairs);
    const found = entries.find(([key]) => key === name) ?? entries.sort((a, b) => b[1].at - a[1].at)[0];
    if (!found) return;
    const [key, entry] = found;
    if (JSON.stringify(entry.pairs) === saved) return localStorage.removeItem(key);
    const older = Number(entry.version) < Number(version.value);
    stopped = older;
    version.value = entry.version;
    fill(form, entry.pairs, LEFT_OUT);
    if (key !== name) localStorage.removeItem(key);
    keep();
    if (older) {
      compare.hidden = false;
      say(words.newer, "warning");
    } else {
      say(words.restored, "warning");
      later(PAUSE);
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    keep();
    if (!stopped) later(PAUSE);
  });
  // Submitting waits for a running save, because both would send the same version otherwise.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) return void (stopped = true);
    event.preventDefault();
    const button = event.submitter;
    sending.finally(() => setTimeout(() => form.requestSubmit(button)));
  });
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  restore();
  if (!stopped && text() !== saved) {
    keep();
    later(PAUSE);
  }
}

export function bind(scope) {
  for (const form of scope.querySelectorAll("form[data-autosave]")) {
    if (form.dataset.bound) continue;
    form.dataset.bound = "1";
    autosave(form);
  }
  for (const mark of scope.querySelectorAll("[data-autosave-clear]")) {
    if ("now" in mark.dataset) store.clear(mark.dataset.autosaveClear);
    else mark.addEventListener("click", () => store.clear(mark.dataset.autosaveClear));
  }
}
