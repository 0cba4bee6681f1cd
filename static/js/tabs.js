// Scroll the current tab or chip into view on narrow screens.
export function bind(scope) {
  for (const chosen of scope.querySelectorAll(".tabs [aria-current], nav.chips [aria-current]")) {
    const row = chosen.closest("nav");
    row.scrollLeft = chosen.offsetLeft - row.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  }
}
