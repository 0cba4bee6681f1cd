// Messages that are not sent yet: stored on the device, sent one after the other, each with its own id, so that a retry stores nothing
// twice. Other pages and tabs send the rest; files can only be sent by the page in which they were chosen.
const PREFIX = "miras.outbox.";
const RETRY = 3_000;
const MAX_RETRY = 60_000;
const me = document.body.dataset.live || "";
const mine = () => `${PREFIX}${me}.`;

const withFiles = new Map();
let running = false;
let wanted = false;
let retry = 0;
let pause = RETRY;

const dispatch = (item) => document.dispatchEvent(new CustomEvent("miras:sending", { detail: item }));

export function waiting(thread) {
  let kept = [];
  try {
    kept = JSON.parse(localStorage.getItem(mine() + thread) || "[]");
  } catch {
    // no access to the storage, or invalid content
  }
  return [...kept, ...[...withFiles.values()].filter((item) => item.thread === thread)].sort((a, b) => a.at - b.at);
}

function keep(thread, change) {
  const kept = change(waiting(thread).filter((item) => !withFiles.has(item.id)));
  try {
    if (kept.length) localStorage.setItem(mine() + thread, JSON.stringify(kept));
    else localStorage.removeItem(mine() + thread);
  } catch {
    for (const item of kept) withFiles.set(item.id, item); // no storage: kept in memory
  }
}

export function add(thread, id, body, files, reply = "") {
  const item = { thread, id, body, reply, at: Date.now(), state: "sending" };
  if (files.length) withFiles.set(id, { ...item, files });
  else keep(thread, (kept) => [...kept, item]);
  flush();
}

export function drop(thread, id) {
  if (!withFiles.delete(id)) keep(thread, (kept) => kept.filter((item) => item.id !== id));
}

function note(item, state, why = "") {
  Object.assign(item, { state, why });
  const change = (kept) => kept.map((one) => (one.id === item.id ? { ...one, state, why } : one));
  if (withFiles.has(item.id)) withFiles.set(item.id, { ...withFiles.get(item.id), state, why });
  else keep(item.thread, change);
  dispatch(item);
}

export function again(thread, id) {
  const item = waiting(thread).find((one) => one.id === id);
  if (item) note(item, "sending");
  flush();
}

function threads() {
  const kept = Object.keys(localStorage).filter((key) => key.startsWith(mine())).map((key) => key.slice(mine().length));
  return new Set([...kept, ...[...withFiles.values()].map((item) => item.thread)]);
}

async function post(item) {
  const form = new FormData();
  form.set("body", item.body);
  form.set("client_id", item.id);
  if (item.reply) form.set("reply", item.reply);
  form.set("after", document.querySelector(`[data-thread="${item.thread}"]`)?.dataset.head || "0");
  for (const file of item.files || []) form.append("attachments", file);
  const token = document.querySelector("meta[name=csrf-token]")?.content || "";
  const headers = { "X-CSRFToken": token, "HX-Request": "true" };
  return fetch(`/messages/${item.thread}/`, { method: "POST", body: form, headers, redirect: "manual" });
}

// True when the next one may be sent.
async function send(item) {
  let answer;
  try {
    answer = await post(item);
  } catch {
    note(item, "waiting");
    return false;
  }
  if (answer.ok) {
    drop(item.thread, item.id);
    dispatch({ ...item, state: "sent", html: await answer.text().catch(() => "") });
    return true;
  }
  if (!answer.status || answer.status === 401 || answer.status === 429 || answer.status >= 500) {
    note(item, "waiting");
    return false;
  }
  const words = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.trim();
  note(item, "refused", answer.status === 422 ? words : document.getElementById("trouble").content.textContent.trim());
  return true;
}

async function sendAll() {
  for (const thread of threads()) {
    for (const item of waiting(thread)) {
      if (item.state !== "refused" && !(await send(item))) return false;
    }
  }
  return true;
}

// One sender a browser where the Web Locks API exists; elsewhere two may race, and the server stores the message once.
export async function flush() {
  clearTimeout(retry);
  wanted = true;
  if (running) return;
  running = true;
  let done = true;
  while (wanted) {
    wanted = false;
    done = await (navigator.locks ? navigator.locks.request(mine(), sendAll) : sendAll());
  }
  running = false;
  pause = done ? RETRY : Math.min(pause * 2, MAX_RETRY);
  if (!done) retry = setTimeout(flush, pause);
}

let started = false;
export function start() {
  if (started) return;
  started = true;
  document.addEventListener("miras:line", (event) => event.detail.online && threads().size && flush());
  if (threads().size) flush();
}
