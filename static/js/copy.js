// Copy the text of another element: tokens, recovery codes, addresses of feeds.
export function bind(scope) {
  for (const button of scope.querySelectorAll("[data-copy]")) {
    if (button.dataset.bound) continue;
    button.dataset.bound = "1";
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.querySelector(button.dataset.copy);
      await navigator.clipboard.writeText(source.value ?? [...(source.querySelectorAll("li").length ? source.querySelectorAll("li") : [source])].map((e) => e.textContent.trim()).join("\n"));
      if (button.dataset.copied) button.textContent = button.dataset.copied;
    });
  }
}
