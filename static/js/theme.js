// Light, dark, or as the system wishes. The choice lives in a cookie, so the server draws the next page right from the start.
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
  // the first press must be seen to do something: away from what the system shows, then back to following it
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
