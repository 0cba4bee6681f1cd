// A counter of the characters left; announced to screen readers only near the limit.
import { locales } from "./locales.js";

function update(area, counter) {
  const limit = area.maxLength > 0 ? area.maxLength : Number(area.dataset.count) || 0;
  // a line break is one character here and two on the server
  const used = area.value.length + (area.value.match(/\n/g) || []).length;
  const number = new Intl.NumberFormat(locales);
  counter.textContent = limit ? `${number.format(used)} / ${number.format(limit)}` : number.format(used);
  const short = limit && limit - used < limit / 10;
  counter.classList.toggle("warning", Boolean(short));
  counter.setAttribute("aria-live", short ? "polite" : "off");
}

export function bind(scope) {
  for (const area of scope.querySelectorAll("textarea[maxlength], textarea[data-count]")) {
    if (area.dataset.counted) continue;
    area.dataset.counted = "1";
    const counter = document.createElement("p");
    counter.className = "counter";
    area.after(counter);
    area.addEventListener("input", () => update(area, counter));
    update(area, counter);
  }
}
