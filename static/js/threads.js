// Updates the list of threads: live events cause the rows to be fetched again, once for several events.
let list = null;
let due = 0;
let stale = false;

async function refresh() {
  due = 0;
  stale = document.visibilityState !== "visible";
  if (stale || !list.offsetParent) return;
  const here = list.closest("nav") ? "" : location.search;
  try {
    const answer = await fetch(`/messages/${here}`, { headers: { "HX-Request": "true" }, redirect: "manual" });
    if (!answer.ok) return;
    const rows = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("[data-thread-row]");
    const open = document.querySelector("[data-thread]")?.dataset.thread;
    const focused = document.activeElement?.dataset?.threadRow;
    for (const row of list.querySelectorAll("[data-thread-row]")) row.remove();
    list.prepend(...rows);
    list.querySelector(`[data-thread-row="${open}"]`)?.setAttribute("aria-current", "page");
    if (focused) list.querySelector(`[data-thread-row="${focused}"]`)?.focus();
  } catch {
    // the next live event tries again
  }
}

function soon() {
  if (!due) due = setTimeout(refresh, 500 + Math.random() * 500);
}

export function bind(scope) {
  const found = scope.querySelector("[data-threads]");
  if (!found || found === list) return;
  list = found;
  document.addEventListener("miras:event", (event) => ["thread", "threads", "counts"].includes(event.detail.kind) && soon());
  document.addEventListener("visibilitychange", () => stale && soon());
}
