// A language chosen once holds on the next pages too; the link itself already shows this page in it.
export function bind(scope) {
  for (const link of scope.querySelectorAll("[data-language]")) {
    if (link.dataset.bound) continue;
    link.dataset.bound = "1";
    link.addEventListener("click", () => {
      document.cookie = `language=${link.dataset.language};path=/;max-age=31536000;samesite=lax`;
    });
  }
}
