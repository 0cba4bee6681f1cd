// What a box to type in shows: the answer of the server, what was chosen recently, the list as it is drawn. Used by combobox.js.
const RECENT = 5;

const recentKey = (place) => `recent:${document.body.dataset.live}:${new URL(place.dataset.choices, location).pathname}`;
function recent(place) {
  try {
    return JSON.parse(localStorage.getItem(recentKey(place))) ?? [];
  } catch {
    return [];
  }
}
export function remember(place, value) {
  try {
    localStorage.setItem(recentKey(place), JSON.stringify([value, ...recent(place).filter((one) => one !== value)].slice(0, RECENT)));
  } catch {
    // without storage nothing is recent
  }
}

// The groups that the server finds, or null without an answer. Throws AbortError.
export async function ask(place, words, signal) {
  const url = new URL(place.dataset.choices, location);
  url.searchParams.set("q", words);
  if (!words) url.searchParams.set("recent", recent(place).join(","));
  try {
    const answer = await fetch(url, { signal, redirect: "manual", headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return null; // no connection: the plain list is searched
  }
}

// Draw the groups as options; `labels` are those of the plain list by value. Returns the number of options.
export function draw(list, groups, labels, chosen) {
  let number = 0;
  const drawn = groups.map(({ title, options }) => {
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    if (title) {
      group.setAttribute("aria-label", title);
      group.append(Object.assign(document.createElement("p"), { className: "soft small", textContent: title }));
    }
    for (const { value, label, note } of options) {
      const row = document.createElement("div");
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(Boolean(chosen(value))));
      row.id = `${list.id}-${++number}`;
      row.dataset.value = value;
      row.append(Object.assign(document.createElement("span"), { textContent: labels.get(value) ?? label }));
      if (note) row.append(" ", Object.assign(document.createElement("small"), { className: "soft", textContent: note }));
      group.append(row);
    }
    return group;
  });
  list.replaceChildren(...drawn);
  return number;
}
