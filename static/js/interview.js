// Saves each answer of the interview as it is given, and keeps what could not be sent yet.
//
// Unsent answers stand in a queue, in the order in which they were given, in memory and in the session storage of this
// tab; they leave it when the server says that they stand there. One save goes at a time. A save that was tried is sent
// again exactly as it was (the answer of the server may have been lost), later changes of the same item wait behind it.
// Without this module the form saves a page at a time.

const form = document.querySelector("form[data-interview]");
const TIMEOUT = 15000; // milliseconds that one save may take
const TYPING = 1200; // milliseconds after the last letter of a note
const SLOWEST = 30000; // milliseconds between two attempts, at most

if (form) start();

function start() {
  const key = `welbevinden-interview-${form.dataset.interview}`;
  const user = form.dataset.user;
  const words = document.querySelector("[data-words]").dataset;
  const status = document.querySelector("[data-save-state]");
  const live = document.querySelector("[data-live]");
  const sections = new Map([...form.querySelectorAll("[data-item]")].map((each) => [each.dataset.item, each]));
  const versions = new Map([...sections].map(([code, each]) => [code, Number(each.dataset.version)]));

  let queue = []; // {code, url, page, base, value, priority, note, tried, due}
  let conflicts = new Map(); // code → {page, mine: {value, priority, note}, other}
  let faults = new Map(); // code → message; what is in the field can never be saved as it is
  let state = "idle";
  let halted = ""; // why nothing can be sent until a person does something
  let savedAt = "";
  let sending = false;
  let failures = 0;
  let failed = ""; // "offline" or "server" after an attempt that did not arrive
  let timer = 0;
  let leaving = false;

  // What an item's fields hold

  function read(section) {
    const code = section.dataset.item;
    const chosen = (name) => section.querySelector(`input[name="${code}-${name}"]:checked`)?.value ?? "";
    return { value: chosen("value"), priority: chosen("priority"), note: section.querySelector("textarea").value };
  }

  function write(section, content) {
    const code = section.dataset.item;
    for (const name of ["value", "priority"]) {
      for (const input of section.querySelectorAll(`input[name="${code}-${name}"]`)) {
        input.checked = input.value === content[name];
      }
    }
    const note = section.querySelector("textarea");
    note.value = content.note;
    note.dispatchEvent(new CustomEvent("interview:written", { bubbles: true }));
  }

  function labelOf(section, name, value) {
    const input = section.querySelector(`input[name="${section.dataset.item}-${name}"][value="${value}"]`);
    return input?.labels[0]?.textContent.trim() ?? "";
  }

  // What outlives a reload of this tab, for the same person only

  function keep() {
    try {
      if (!queue.length && !conflicts.size) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify({ user, queue, conflicts: [...conflicts] }));
    } catch {
      // No storage or a full one: the answers still stand in memory and on the page.
    }
  }

  function restore() {
    let kept = null;
    try {
      for (const each of Object.keys(sessionStorage).filter((name) => name.startsWith("welbevinden-interview-"))) {
        const found = JSON.parse(sessionStorage.getItem(each));
        if (found.user !== user) sessionStorage.removeItem(each);
        else if (each === key) kept = found;
      }
    } catch {
      return;
    }
    if (!kept) return;
    queue = kept.queue;
    conflicts = new Map(kept.conflicts);
    for (const entry of queue) {
      const section = sections.get(entry.code);
      if (section) write(section, entry);
    }
    for (const [code, conflict] of conflicts) {
      const section = sections.get(code);
      if (section) write(section, conflict.mine);
      if (section) showConflict(section);
    }
  }

  // What the person reads

  function waiting() {
    return new Set(queue.map((entry) => entry.code)).size;
  }

  function show() {
    let next = "idle";
    let message = "";
    if (halted) {
      next = "error";
      message = words[halted];
    } else if (conflicts.size) {
      next = "conflict";
      message = words.conflict;
    } else if (faults.size) {
      next = "error";
      message = `${words.refused} ${[...faults.values()][0]}`;
    } else if (queue.length && failed === "server") {
      next = "error";
      message = words.server;
    } else if (queue.length && (failed === "offline" || !navigator.onLine)) {
      next = "offline";
      message = words.offline;
    } else if (queue.length) {
      next = "saving";
    } else if (savedAt) {
      next = "saved";
      message = words.saved;
    }
    const count = waiting();
    status.dataset.state = next;
    status.querySelector("[data-at]").textContent = savedAt;
    status.querySelector("[data-count]").textContent = count;
    status.querySelector("[data-one]").hidden = count !== 1;
    status.querySelector("[data-more]").hidden = count === 1;
    status.querySelector("[data-message]").textContent = message;
    const [elsewhere] = conflicts;
    if (elsewhere) status.querySelector("[data-to-conflict]").href = `${elsewhere[1].page}#item-${elsewhere[0]}`;
    status.querySelector("[data-login]").hidden = !["login", "otherUser"].includes(halted);
    // Read aloud only when it goes wrong and when it is well again, not at each answer.
    const loud = `${next} ${message}`;
    if (next !== "saving" && loud !== state) {
      if (next !== "saved" || (state && !state.startsWith("saved") && !state.startsWith("idle"))) live.textContent = message;
      state = loud;
    }
  }

  function count(answer) {
    const link = document.querySelector(`[data-domain="${answer.domain.id}"]`);
    if (link) {
      link.querySelector("[data-answered]").textContent = answer.domain.answered;
      link.classList.toggle("is-complete", answer.domain.answered === answer.domain.items);
    }
    document.querySelector("[data-total]").textContent = answer.answered;
  }

  function showFault(code) {
    const line = sections.get(code)?.querySelector("[data-fault]");
    if (!line) return;
    line.hidden = !faults.has(code);
    line.textContent = faults.get(code) ?? "";
  }

  // Giving an answer

  function changed(section, wait) {
    const code = section.dataset.item;
    const content = read(section);
    const conflict = conflicts.get(code);
    if (conflict) {
      conflict.mine = content;
      keep();
      return;
    }
    faults.delete(code);
    showFault(code);
    const same = queue.filter((entry) => entry.code === code).at(-1);
    const due = Date.now() + wait;
    if (same && !same.tried) {
      Object.assign(same, content, { due });
    } else {
      // Behind a save that is under way it is not known yet which version it will be based on.
      const base = same ? null : versions.get(code);
      queue.push({ code, url: section.dataset.url, page: location.pathname, base, ...content, tried: false, due });
    }
    keep();
    show();
    plan(wait);
  }

  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(flush, wait);
  }

  // Sending

  function csrf() {
    const cookie = document.cookie.split("; ").find((each) => each.startsWith(`${form.dataset.csrfCookie}=`));
    return cookie ? decodeURIComponent(cookie.slice(cookie.indexOf("=") + 1)) : "";
  }

  async function send(entry) {
    const body = new URLSearchParams({
      value: entry.value,
      priority: entry.priority,
      note: entry.note,
      version: entry.base ?? 0,
      user,
    });
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), TIMEOUT);
    try {
      const response = await fetch(entry.url, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": csrf() },
        credentials: "same-origin",
        redirect: "error",
        // A short save survives that the page goes; the browser refuses that for long ones.
        keepalive: entry.note.length < 10000,
        signal: stop.signal,
      });
      const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
      return { status: response.status, answer: isJson ? await response.json() : {} };
    } catch {
      return { status: 0, answer: {} };
    } finally {
      clearTimeout(patience);
    }
  }

  // Sends what is due; with `all` also what is still being typed. Never two at a time.
  async function flush(all = false) {
    if (all === true) for (const entry of queue) entry.due = 0;
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    try {
      while (queue.length) {
        const entry = queue[0];
        const wait = entry.tried ? 0 : entry.due - Date.now();
        if (wait > 0) {
          plan(wait);
          break;
        }
        entry.tried = true;
        keep();
        show();
        const { status: code, answer } = await send(entry);
        if (!handle(entry, code, answer)) break;
      }
    } finally {
      sending = false;
      keep();
      show();
    }
  }

  // True: go on with the next.
  function handle(entry, code, answer) {
    if (code === 200 && answer.version !== undefined) {
      failures = 0;
      failed = halted = "";
      savedAt = answer.at;
      queue.shift();
      versions.set(entry.code, answer.version);
      const after = queue.find((each) => each.code === entry.code);
      if (after && after.base === null) after.base = answer.version;
      count(answer);
      return true;
    }
    if (code === 409 && answer.other) {
      failures = 0;
      failed = halted = "";
      const later = queue.filter((each) => each.code === entry.code).at(-1);
      queue = queue.filter((each) => each.code !== entry.code);
      const mine = { value: later.value, priority: later.priority, note: later.note };
      conflicts.set(entry.code, { page: entry.page, mine, other: answer.other });
      const section = sections.get(entry.code);
      if (section) showConflict(section);
      return true;
    }
    if (code === 422) {
      failures = 0;
      failed = halted = "";
      queue.shift();
      // What was typed after it may well be right: that gets its own chance.
      const after = queue.find((each) => each.code === entry.code);
      if (after) after.base = after.base ?? entry.base;
      else faults.set(entry.code, answer.error);
      showFault(entry.code);
      return true;
    }
    if (code === 409 && answer.final) return halt("final", answer.error);
    if (code === 409 && answer.other_user) return halt("otherUser");
    if (code === 401) return halt("login");
    if (code === 403) return halt("stale");
    if (code === 404) return halt("gone");
    failures += 1;
    failed = code === 0 ? "offline" : "server";
    halted = "";
    plan(Math.min(SLOWEST, 1000 * 2 ** Math.min(failures - 1, 5)) * (0.8 + 0.4 * Math.random()));
    return false;
  }

  function halt(why, message) {
    if (message) words[why] = message;
    halted = why;
    // Somebody logs in again in another tab: this one finds out by itself.
    if (why === "login" || why === "otherUser") plan(20000);
    return false;
  }

  // Somebody else was first: both answers are shown, and the person chooses

  function showConflict(section) {
    const code = section.dataset.item;
    const { other } = conflicts.get(code);
    const place = section.querySelector("[data-conflict]");
    const notice = document.querySelector("[data-conflict-template]").content.cloneNode(true);
    const put = (name, text) => (notice.querySelector(`[data-${name}]`).textContent = text);
    put("by", other.by.charAt(0).toUpperCase() + other.by.slice(1));
    put("other-at", other.at);
    put("other-value", other.value ? labelOf(section, "value", other.value) : words.open);
    const priority = other.priority ? labelOf(section, "priority", other.priority) : "";
    put("other-priority", priority ? ` · ${section.querySelector(".priority-field legend").textContent}: ${priority.toLowerCase()}` : "");
    put("other-note", other.note);
    notice.querySelector("[data-other-note]").hidden = !other.note;
    const mine = conflicts.get(code).mine;
    notice.querySelector('[data-take="both"]').hidden = !other.note || !mine.note || other.note === mine.note;
    place.replaceChildren(notice);
    place.hidden = false;
    place.onclick = (event) => {
      const choice = event.target.closest("[data-take]")?.dataset.take;
      if (choice) settle(section, choice);
    };
  }

  function settle(section, choice) {
    const code = section.dataset.item;
    const { other } = conflicts.get(code);
    const mine = read(section);
    conflicts.delete(code);
    versions.set(code, other.version);
    const place = section.querySelector("[data-conflict]");
    place.hidden = true;
    place.replaceChildren();
    section.focus({ preventScroll: true });
    if (choice === "theirs") {
      write(section, other);
      keep();
      show();
      return;
    }
    if (choice === "both") write(section, { ...mine, note: `${other.note}\n\n${mine.note}` });
    changed(section, 0);
  }

  // Events

  form.addEventListener("input", (event) => {
    const section = event.target.closest("[data-item]");
    if (section) changed(section, event.target.matches("textarea") ? TYPING : 0);
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.matches("textarea")) flush(true);
  });
  document.addEventListener("visibilitychange", () => flush(true));
  window.addEventListener("focus", () => flush(true));
  window.addEventListener("online", () => {
    failures = 0;
    flush(true);
  });
  window.addEventListener("offline", show);
  status.addEventListener("click", (event) => {
    if (!event.target.closest("[data-to-conflict]")) return;
    const code = [...conflicts.keys()].find((each) => sections.has(each));
    if (!code) return; // on another page: the link goes there
    event.preventDefault();
    to(code);
  });
  // Enter in a group of radio buttons would send the form.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[type=radio]")) event.preventDefault();
  });

  // Going on: first everything is saved. What cannot be saved now makes the browser ask before it leaves.

  async function go(address) {
    while (sending) await new Promise((resolve) => setTimeout(resolve, 50));
    await flush(true);
    const over = ["final", "gone"].includes(halted);
    if (queue.length && !over) return; // the status says what is waiting
    const code = [...conflicts.keys(), ...faults.keys()].find((each) => sections.has(each));
    if (code && !over) {
      to(code);
      return;
    }
    location.href = address;
  }

  function to(code) {
    const section = sections.get(code);
    section.scrollIntoView({ block: "start" });
    section.focus({ preventScroll: true });
  }

  form.addEventListener("submit", (event) => {
    // The page came back with faults or with somebody else's answers: then it is the form itself that is saved.
    if (form.hasAttribute("data-typed")) {
      leaving = true;
      return;
    }
    event.preventDefault();
    go(form.dataset.next);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".domain-nav a");
    if (!link || !queue.length || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(link.href);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (queue.length || conflicts.size || faults.size)) event.preventDefault();
  });
  let loggingOut = false;
  document.addEventListener("submit", (event) => {
    loggingOut = new URL(event.target.action, location.href).pathname.startsWith("/uitloggen/");
  });
  window.addEventListener("pagehide", () => {
    if (!loggingOut) return;
    queue = [];
    conflicts.clear();
    keep();
  });

  for (const button of form.querySelectorAll("[data-only-without-script]")) button.hidden = true;
  restore();
  show();
  if (queue.length) flush(true);
}
