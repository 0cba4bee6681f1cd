// One WebSocket a tab. It receives live events (kinds and ids, no content); changed content is then fetched through ordinary pages.
// The page also polls counts and the open thread's last number, so that a lost live event only causes a delay.
const HEARTBEAT = 25_000;
const MAX_PAUSE = 30_000;
const SIGNED_OUT = 4401;

let socket = null;
let attempts = 0;
let retry = 0;
let counting = 0;
let stopped = false;
let receivedAt = Date.now();

const dispatch = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const openThread = () => document.querySelector("[data-thread]")?.dataset.thread || "";

function connect() {
  clearTimeout(retry);
  if (stopped || (socket && socket.readyState <= WebSocket.OPEN)) return;
  const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`);
  socket = mine;
  mine.addEventListener("open", () => {
    attempts = 0;
    receivedAt = Date.now();
    heartbeat();
  });
  mine.addEventListener("message", (event) => {
    receivedAt = Date.now();
    const liveEvent = JSON.parse(event.data);
    if (liveEvent.kind === "pong") return;
    dispatch("miras:event", liveEvent);
    if (liveEvent.kind !== "read") countSoon();
  });
  mine.addEventListener("close", (event) => {
    if (socket === mine) socket = null;
    if (event.code === SIGNED_OUT) heartbeat();
    again();
  });
}

// Exponential backoff with jitter, so that not all tabs reconnect at the same moment.
function again() {
  if (stopped || socket) return;
  clearTimeout(retry);
  const pause = Math.min(MAX_PAUSE, 1000 * 2 ** attempts++);
  retry = setTimeout(connect, pause * (0.5 + Math.random() / 2));
}

function show(counts) {
  for (const [name, count] of Object.entries(counts)) {
    for (const place of document.querySelectorAll(`[data-count-of="${name}"]`)) {
      place.textContent = count;
      place.hidden = !count;
    }
  }
}

function countSoon() {
  if (!counting) counting = setTimeout(heartbeat, 200 + Math.random() * 200);
}

// Poll counts and the open thread's last number; also detects being offline or signed out.
async function heartbeat() {
  clearTimeout(counting);
  counting = 0;
  if (stopped) return;
  try {
    const answer = await fetch(`/live/heads/?thread=${openThread()}`, { headers: { "HX-Request": "true" }, redirect: "manual" });
    if (answer.status === 401) return stop();
    if (!answer.ok) throw new Error(String(answer.status));
    const counters = await answer.json();
    show(counters.counts);
    dispatch("miras:line", { online: true });
    if (counters.thread) dispatch("miras:head", counters.thread);
    connect();
  } catch {
    dispatch("miras:line", { online: false });
  }
}

function stop() {
  stopped = true;
  socket?.close();
  dispatch("miras:line", { online: false });
}

function beat() {
  if (socket?.readyState === WebSocket.OPEN) {
    // a connection that answers no ping is dead, whatever the browser believes
    if (Date.now() - receivedAt > 2.5 * HEARTBEAT) socket.close();
    else socket.send('{"kind":"ping"}');
  }
  heartbeat();
}

function awake() {
  attempts = 0;
  connect();
  heartbeat();
}

function start() {
  connect();
  setInterval(() => document.visibilityState === "visible" && beat(), HEARTBEAT);
  setInterval(() => document.visibilityState === "hidden" && beat(), 4 * HEARTBEAT);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && awake());
  window.addEventListener("online", awake);
  window.addEventListener("offline", () => dispatch("miras:line", { online: false }));
  window.addEventListener("pageshow", (event) => event.persisted && awake());
  window.addEventListener("pagehide", () => socket?.close());
  // messages written while offline are sent from the next page
  import("./outbox.js").then((outbox) => outbox.start());
}

let started = false;
export function bind() {
  if (started) return;
  started = true;
  start();
}
