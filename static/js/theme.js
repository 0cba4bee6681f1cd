// Light, dark, or as the system is set. The choice is stored in a cookie, so that the server renders the next page with it.
const order = ["auto", "light", "dark"];
const root = document.documentElement;

function apply(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  document.cookie = `theme=${theme};path=/;max-age=${theme === "auto" ? 0 : 31536000};samesite=lax`;
}

function next() {
  const systemDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const chosen = root.dataset.theme || "auto";
  // the first click must have a visible effect: first the opposite of the system's setting, later automatic again
  const opposite = systemDark ? "light" : "dark";
  return chosen === "auto" ? opposite : chosen === opposite ? order.find((t) => t !== "auto" && t !== opposite) : "auto";
}

export function bind(scope) {
  for (const button of scope.querySelectorAll("[data-theme-switch]")) {
    if (button.dataset.bound) continue;
    button.dataset.bound = "1";
    button.hidden = false;
    button.addEventListener("click", () => apply(next()));
  }
}
