// On a narrow screen the tab that is open may stand beyond the edge: bring it into sight.
export function bind(scope) {
  for (const tab of scope.querySelectorAll(".tabs [aria-current]")) {
    const row = tab.closest(".tabs");
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}
