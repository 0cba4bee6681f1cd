// On a narrow screen what is chosen of a row, a tab or an order, may stand beyond the edge: bring it into sight.
export function bind(scope) {
  for (const chosen of scope.querySelectorAll(".tabs [aria-current], nav.chips [aria-current]")) {
    const row = chosen.closest("nav");
    row.scrollLeft = chosen.offsetLeft - row.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  }
}
