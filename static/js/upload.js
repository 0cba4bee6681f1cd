// Uploads a file as soon as it is chosen, so that a broken connection affects one file, not the form. Without scripts it is submitted with the form.
function send(field, form, data) {
  const line = field.querySelector("[data-upload-line]");
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.set("field", field.dataset.uploadField);
  const request = new XMLHttpRequest();
  request.open("POST", field.dataset.upload);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) line.textContent = form.dataset.fileSending.replace("{percent}", Math.round((100 * event.loaded) / event.total));
  });
  request.addEventListener("load", () => {
    const whole = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[data-upload]");
    if (!whole || ![200, 422].includes(request.status)) return lost();
    field.replaceWith(whole);
    bind(whole.parentElement);
    whole.querySelector("input[type=file]")?.focus();
  });
  request.addEventListener("error", lost);
  request.send(data);

  function lost() {
    line.textContent = form.dataset.fileLost;
    line.classList.add("warning");
  }
}

export function bind(scope) {
  for (const field of scope.querySelectorAll("[data-upload]")) {
    if (field.dataset.bound) continue;
    field.dataset.bound = "1";
    const form = field.closest("form");
    const input = field.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      if (!input.files.length) return;
      const data = new FormData();
      data.set(input.name, input.files[0]);
      send(field, form, data);
    });
    for (const button of field.querySelectorAll("button[name=remove]")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        const data = new FormData();
        data.set("remove", button.value);
        send(field, form, data);
      });
    }
  }
}
