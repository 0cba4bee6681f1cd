// An open thread: fetches new messages in order, marks them as read while the page is visible, shows what others have read.
let log = null;
let fetching = false;
let target = 0;
let readSent = 0;
let changing = false;

const head = () => Number(log.dataset.head);
// The end of the thread, not of the page: the foot of the page is below it.
export const atEnd = () => document.getElementById("last").getBoundingClientRect().bottom < window.innerHeight + 200;
export const toEnd = () => document.getElementById("last").scrollIntoView({ block: "end" });

// Fetch all messages after the last one here, until none is missing.
export async function catchUp(wanted = head() + 1) {
  target = Math.max(target, wanted);
  if (fetching || !log) return;
  fetching = true;
  try {
    while (head() < target) {
      const answer = await fetch(`${log.dataset.url}after/${head()}/`, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!answer.ok) break;
      const before = head();
      receive(await answer.text());
      if (head() === before) break;
    }
  } catch {
    // no connection: the next live event or poll tries again
  } finally {
    fetching = false;
    target = 0;
  }
}

// Insert missed messages in order; existing ones are unchanged.
export function receive(html) {
  const gap = new DOMParser().parseFromString(html, "text/html").querySelector("[data-gap]");
  if (!gap || !log) return;
  if ("reset" in gap.dataset) return location.reload();
  const follow = atEnd();
  let day = null;
  for (const row of [...gap.children]) {
    if (row.dataset.day) day = row;
    else if (Number(row.dataset.number) === head() + 1) {
      if (day) log.append(day);
      day = null;
      log.append(row);
      log.dataset.head = row.dataset.number;
      if (row.dataset.client) document.dispatchEvent(new CustomEvent("miras:stored", { detail: row.dataset.client }));
    }
  }
  log.querySelector("[data-empty]")?.remove();
  onceADay();
  markRead(Number(gap.dataset.read));
  if (follow) toEnd();
  read();
}

// Fetch what changed in messages that are here: their texts, reactions, deletions.
async function catchChanges(wanted) {
  if (changing || wanted <= Number(log.dataset.revision)) return;
  changing = true;
  try {
    const answer = await fetch(`${log.dataset.url}changed/${log.dataset.revision}/`, { headers: { "HX-Request": "true" }, redirect: "manual" });
    if (!answer.ok) return;
    const gap = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-gap]");
    if ("reset" in gap.dataset) return location.reload();
    for (const row of [...gap.children]) log.querySelector(`[data-number="${row.dataset.number}"]`)?.replaceWith(row);
    log.dataset.revision = gap.dataset.revision;
    markRead(Number(gap.dataset.read));
  } catch {
    // no connection: the next live event or poll tries again
  } finally {
    changing = false;
  }
  if (wanted > Number(log.dataset.revision)) catchChanges(wanted);
}

function onceADay() {
  let last = "";
  for (const line of log.querySelectorAll("[data-day]")) {
    if (line.dataset.day === last) line.remove();
    last = line.dataset.day;
  }
}

function markRead(number) {
  log.dataset.readUpTo = Math.max(Number(log.dataset.readUpTo), number || 0);
  for (const row of log.querySelectorAll(".mine[data-number]")) {
    const state = row.querySelector("[data-state]");
    if (state && Number(row.dataset.number) <= Number(log.dataset.readUpTo)) state.textContent = log.dataset.wordRead;
  }
}

// Messages are marked as read only while the page is visible.
async function read() {
  const number = head();
  if (document.visibilityState !== "visible" || number <= readSent) return;
  const form = new FormData();
  form.set("number", number);
  const token = document.querySelector("meta[name=csrf-token]").content;
  try {
    const answer = await fetch(`${log.dataset.url}read/`, { method: "POST", body: form, headers: { "X-CSRFToken": token, "HX-Request": "true" } });
    if (answer.ok) readSent = number;
  } catch {
    // repeated with the next message, or when the page becomes visible again
  }
}

function onLiveEvent(event) {
  const liveEvent = event.detail;
  if (liveEvent.kind === "thread" && String(liveEvent.thread) === log.dataset.thread && liveEvent.head > head()) catchUp(liveEvent.head);
  if (liveEvent.kind === "changed" && String(liveEvent.thread) === log.dataset.thread) catchChanges(liveEvent.revision);
  if (liveEvent.kind === "read" && String(liveEvent.thread) === log.dataset.thread) markRead(liveEvent.number);
}

// Scroll to the end, unless the URL names a message.
export function settle() {
  if (!location.hash || location.hash === "#last") toEnd();
}

export function bind(scope) {
  const found = scope.querySelector("[data-thread]");
  if (!found || found === log) return;
  log = found;
  readSent = head();
  if (log.dataset.newest !== "1") return;
  document.addEventListener("miras:event", onLiveEvent);
  document.addEventListener("miras:head", (event) => {
    if (String(event.detail.id) !== log.dataset.thread) return;
    if (event.detail.head > head()) catchUp(event.detail.head);
    catchChanges(event.detail.revision);
  });
  document.addEventListener("visibilitychange", read);
  document.addEventListener("htmx:afterSwap", onceADay);
  settle();
}
