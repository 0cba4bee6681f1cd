// The message form. Ctrl+Enter sends; a sent message is shown as a dashed bubble until the server has it. Drafts are kept.
import { add, again, drop, start, waiting } from "./outbox.js";
import { atEnd, bind as bindThread, catchUp, receive, settle, toEnd } from "./thread.js";

let form = null;
let pending = null;
let thread = "";
let draftKey = "";

const newId = () => crypto.randomUUID?.() || "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16));
const remember = (text) => {
  try {
    if (text) localStorage.setItem(draftKey, text);
    else localStorage.removeItem(draftKey);
  } catch {
    // without storage no draft is kept
  }
};

function bubbleOf(item) {
  const known = [...pending.children].find((bubble) => bubble.dataset.client === item.id);
  if (known) return known;
  const bubble = document.querySelector("[data-bubble]").content.firstElementChild.cloneNode(true);
  bubble.dataset.client = item.id;
  bubble.querySelector(".said").textContent = item.body;
  const names = bubble.querySelector("[data-names]");
  names.textContent = (item.files || []).map((file) => file.name).join(", ");
  names.hidden = !names.textContent;
  bubble.querySelector("[data-again]").addEventListener("click", () => again(thread, item.id));
  bubble.querySelector("[data-drop]").addEventListener("click", () => {
    drop(thread, item.id);
    remove(item.id);
    if (!form.body.value) form.body.value = item.body;
  });
  pending.append(bubble);
  pending.hidden = false;
  return bubble;
}

function show(item) {
  const bubble = bubbleOf(item);
  const state = item.state === "waiting" && item.files ? "kept" : item.state;
  for (const words of bubble.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== state;
  bubble.querySelector("[data-why]").textContent = item.why || "";
  offline(item.state === "waiting");
}

// The notice makes the form taller: what was in sight above it stays so.
function offline(shown) {
  const notice = form.querySelector("[data-offline]");
  if (notice.hidden !== shown) return;
  const follow = atEnd();
  notice.hidden = !shown;
  if (follow) toEnd();
}

function remove(id) {
  [...pending.children].find((bubble) => bubble.dataset.client === id)?.remove();
  pending.hidden = !pending.children.length;
}

function submit(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const body = form.body.value.trim();
  const files = [...form.attachments.files];
  if (!body && !files.length) return form.body.focus();
  const id = newId();
  const reply = form.elements.reply.value;
  form.reset();
  form.elements.reply.value = "";
  form.querySelector("[data-answered]")?.remove();
  form.body.value = "";
  form.body.dispatchEvent(new Event("input", { bubbles: true }));
  showFiles();
  form.querySelector("[data-refused]").replaceChildren();
  add(thread, id, body, files, reply);
  for (const item of waiting(thread)) show(item);
  toEnd();
  form.body.focus();
}

function showFiles() {
  const chosen = form.querySelector("[data-chosen]");
  chosen.textContent = [...form.attachments.files].map((file) => file.name).join(", ");
  chosen.hidden = !chosen.textContent;
}

function onSending(event) {
  const item = event.detail;
  if (item.thread !== thread) return;
  if (item.state !== "sent") return show(item);
  offline(false);
  receive(item.html);
  // stored by an earlier attempt: it is in the log already
  if (document.querySelector(`[data-thread] [data-client="${item.id}"]`)) remove(item.id);
  else catchUp().finally(() => remove(item.id));
}

export function bind(scope) {
  const found = scope.querySelector("form[data-composer]");
  if (!found || found === form) return;
  form = found;
  bindThread(scope);
  const log = document.querySelector("[data-thread]");
  if (log.dataset.newest !== "1") return; // an older page: a plain form that redirects to the newest
  pending = document.querySelector("[data-pending]");
  thread = log.dataset.thread;
  draftKey = `miras.draft.${document.body.dataset.live}.${thread}`;
  form.addEventListener("submit", submit, true);
  form.addEventListener("input", () => remember(form.body.value));
  form.attachments.addEventListener("change", showFiles);
  form.body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.classList.add("quick");
  form.querySelector("[data-attach]").hidden = false;
  document.addEventListener("miras:sending", onSending);
  document.addEventListener("miras:stored", (event) => remove(event.detail));
  document.addEventListener("miras:line", (event) => {
    offline(!event.detail.online);
  });
  try {
    if (!form.body.value) form.body.value = localStorage.getItem(draftKey) || "";
  } catch {
    // no storage, no draft
  }
  for (const item of waiting(thread)) show(item);
  settle();
  start();
}
