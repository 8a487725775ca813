// Keys for who interviews with a keyboard, help that stays open, and notes that grow where the browser cannot do that.
// A key does nothing within a text field, and only does something to the item that has focus.

const items = [...document.querySelectorAll("[data-item]")];
const keys = document.querySelector("[data-keys]");
const switchKeys = document.querySelector("[data-keys-on]");
const switchHelp = document.querySelector("[data-open-help]");

function remember(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // Then it is asked again on the next page.
  }
}

function remembered(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function current() {
  return document.activeElement?.closest("[data-item]") ?? null;
}

function go(step) {
  const here = items.indexOf(current());
  // From nowhere the first key goes to what is on the screen.
  const seen = items.findIndex((each) => each.getBoundingClientRect().bottom > 100);
  const next = here === -1 ? items[Math.max(seen, 0)] : items[here + step];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

function choose(item, name, value) {
  const inputs = [...item.querySelectorAll(`input[name="${item.dataset.item}-${name}"]`)];
  const wanted = inputs.find((each) => each.value === value);
  const target = wanted.checked ? inputs.find((each) => each.value === "") : wanted;
  if (!target.checked) target.click();
}

function nextPriority(item) {
  const chosen = item.querySelector(`input[name="${item.dataset.item}-priority"]:checked`)?.value ?? "";
  const next = { "": "now", now: "later", later: "" }[chosen];
  item.querySelector(`input[name="${item.dataset.item}-priority"][value="${next}"]`).click();
}

const VALUES = { 0: "0", 1: "1", 2: "2", 3: "3", w: "unknown", x: "not-applicable" };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const item = current();
  if (event.target.matches("textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]")) {
    if (event.key === "Escape" && item) item.focus({ preventScroll: true });
    return;
  }
  if (switchKeys && !switchKeys.checked) return;
  const key = event.key.toLowerCase();
  // Within a group of radio buttons the arrows belong to the group.
  const arrows = !event.target.matches("input[type=radio]") && (item || event.target === document.body);
  if (key === "j" || (key === "arrowdown" && arrows)) go(1);
  else if (key === "k" || (key === "arrowup" && arrows)) go(-1);
  else if (!item || event.target.matches("summary, button") && key === " ") return;
  else if (key in VALUES) choose(item, "value", VALUES[key]);
  else if (key === "p") nextPriority(item);
  else if (key === "n") item.querySelector("textarea").focus();
  else return;
  event.preventDefault();
});

if (keys) {
  keys.hidden = false;
  switchKeys.checked = remembered("welbevinden-keys") !== "off";
  switchKeys.addEventListener("change", () => remember("welbevinden-keys", switchKeys.checked ? "on" : "off"));
}

if (switchHelp) {
  const show = (open) => {
    switchHelp.setAttribute("aria-pressed", String(open));
    for (const help of document.querySelectorAll(".item-help")) help.open = open;
  };
  switchHelp.hidden = false;
  if (remembered("welbevinden-help") === "open") show(true);
  switchHelp.addEventListener("click", () => {
    const open = switchHelp.getAttribute("aria-pressed") !== "true";
    show(open);
    remember("welbevinden-help", open ? "open" : "closed");
  });
}

if (!CSS.supports("field-sizing", "content")) {
  const grow = (note) => {
    note.style.height = "auto";
    note.style.height = `${note.scrollHeight + 2}px`;
  };
  for (const note of document.querySelectorAll("[data-item] textarea")) {
    note.addEventListener("input", () => grow(note));
    note.addEventListener("interview:written", () => grow(note));
    grow(note);
  }
}
