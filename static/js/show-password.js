// A button that makes a password readable; without JavaScript there is none.
for (const button of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(button.dataset.shows);
  const show = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    const readable = field.type === "password";
    field.type = readable ? "text" : "password";
    button.textContent = readable ? button.dataset.hideLabel : show;
    field.focus();
  });
  // Never sent or remembered as ordinary text.
  field.form.addEventListener("submit", () => { field.type = "password"; });
}
