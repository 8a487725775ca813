// Opens what a link brings (hx-target="#editor-body") in a dialog beside the work; without this it is a page of its own.

const dialog = document.getElementById("editor");
const body = document.getElementById("editor-body");

if (dialog && body) {
  let opener = "";
  let before = "";

  const contents = () => {
    const form = body.querySelector("[data-editor-form]");
    return form ? new URLSearchParams(new FormData(form)).toString() : "";
  };
  const mayLeave = () => contents() === before || window.confirm(dialog.dataset.leave);
  const close = () => {
    dialog.close();
    body.replaceChildren();
    document.getElementById(opener)?.focus();
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target === body && !dialog.contains(event.detail.elt)) opener = event.detail.elt.id;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== body) return;
    if (!dialog.open) {
      dialog.showModal();
      before = contents();
    }
    if (!body.querySelector("[data-error-summary]")) body.querySelector("textarea, input:not([type=hidden])")?.focus();
  });
  document.addEventListener("editor-done", () => {
    if (dialog.open) close();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (mayLeave()) close();
  });
  body.addEventListener("click", (event) => {
    if (!event.target.closest("[data-editor-close]")) return;
    event.preventDefault();
    if (mayLeave()) close();
  });
}

// A card that was taken away leaves the keyboard at the button that hangs it back.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.id !== "poll" || document.activeElement !== document.body) return;
  document.getElementById("undo-button")?.focus();
});
