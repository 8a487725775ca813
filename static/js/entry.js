// Cards and lines typed with Enter. Each stands on the page at once with a name of its own, is sent in order until the
// server has it, and is never sent as two: a bad network costs time, no text.

const status = document.querySelector("[data-save-status]");
const template = document.getElementById("pending-item");
const queue = [];
const saved = [];
let busy = false;
let wait = 1000;
let timer = 0;

function freshName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// The cookie, not the token of the page: logging in again in another tab makes a new one.
function token() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  return cookie ? cookie[1] : "";
}

function show(state) {
  if (!status) return;
  status.dataset.state = state;
  status.querySelector(".save-count").textContent = String(queue.length);
  if (state === "saved") {
    const now = new Date();
    status.querySelector(".save-at").textContent =
      `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
  }
}

function notice(kind) {
  for (const each of document.querySelectorAll("#request-notices [data-notice]")) each.hidden = each.dataset.notice !== kind;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
  wait = Math.min(wait * 2, 15000);
}

function refuse(entry, message) {
  queue.shift();
  entry.item.classList.add("is-fault");
  entry.item.querySelector(".pending-state").textContent = message;
  const back = entry.item.querySelector("button");
  back.hidden = false;
  back.addEventListener("click", () => {
    entry.field.value = entry.field.value ? `${entry.text}\n${entry.field.value}` : entry.text;
    entry.item.remove();
    entry.field.focus();
  });
}

async function send() {
  if (busy || !queue.length) return;
  busy = true;
  const entry = queue[0];
  show("saving");
  try {
    const answer = await fetch(entry.url, {
      method: "POST",
      body: entry.data,
      headers: { Accept: "application/json", "X-CSRFToken": token() || entry.data.get("csrfmiddlewaretoken") },
    });
    if (answer.status === 201) {
      queue.shift();
      saved.push(entry.item);
      wait = 1000;
      notice("");
      show(queue.length ? "saving" : "saved");
      document.body.dispatchEvent(new CustomEvent("entries-changed"));
    } else if (answer.status === 422) {
      const told = await answer.json();
      refuse(entry, told.message);
      show("error");
    } else if (answer.status === 404) {
      refuse(entry, document.querySelector("[data-notice='404'] div")?.textContent.trim() ?? "");
      show("error");
    } else {
      notice(answer.status === 401 || answer.status === 403 ? String(answer.status) : "500");
      show("offline");
      later();
    }
  } catch {
    notice("offline");
    show("offline");
    later();
  }
  busy = false;
  if (queue.length && status?.dataset.state !== "offline") send();
}

function take(form, field, empty) {
  const text = empty ? "" : field.value;
  if (!empty && !text.trim()) {
    const hint = document.getElementById("preview");
    if (hint && form.dataset.empty) hint.textContent = form.dataset.empty;
    field.focus();
    return;
  }
  const data = new FormData(form);
  data.set(field.name, text);
  data.set("uuid", freshName());
  const item = template.content.firstElementChild.cloneNode(true);
  item.querySelector(".card-text").textContent = text || "–";
  const state = item.querySelector(".pending-state");
  state.textContent = state.dataset.waiting;
  document.getElementById(form.dataset.entry).append(item);
  if (!empty) field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.getElementById("preview")?.replaceChildren();
  field.focus();
  queue.push({ url: form.action, data, item, text, field });
  send();
}

for (const form of document.querySelectorAll("form[data-entry]")) {
  const field = form.querySelector("[data-entry-field]");
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    take(form, field, false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(form, field, event.submitter?.hasAttribute("data-entry-empty") ?? false);
  });
}

// What the server shows from now on no longer has to stand in the list of what waits.
let shown = [];
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "poll") shown = saved.splice(0);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.id !== "poll") return;
  if (event.detail.successful) for (const item of shown) item.remove();
  else saved.push(...shown);
  shown = [];
});
window.addEventListener("online", () => {
  wait = 1000;
  send();
});
window.addEventListener("beforeunload", (event) => {
  if (queue.length) event.preventDefault();
});
