// What somebody opened or ticked stays so when the server brings a newer list; each is known by its id.

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  for (const old of target.querySelectorAll("details[id], input[type=checkbox][id]")) {
    const fresh = fragment.querySelector(`#${CSS.escape(old.id)}`);
    if (!fresh) continue;
    if (old.matches("details")) fresh.open = old.open;
    else fresh.checked = old.checked;
  }
});
