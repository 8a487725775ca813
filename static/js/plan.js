// The plan page: opens what an address points at, keeps focus when a card comes back, folds all actions at once.

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const details = target.matches("details") ? target : target.querySelector(":scope > details");
  if (details && !details.open) {
    details.open = true;
    target.scrollIntoView({ block: "start" });
  }
}

window.addEventListener("hashchange", openTarget);
openTarget();

document.addEventListener("htmx:afterSwap", (event) => {
  // The element that was swapped is gone; its successor has the same id.
  const fresh = document.getElementById(event.detail.target.id);
  if (!fresh || fresh.querySelector("[data-error-summary]")) return;
  const moved = fresh.querySelector("[data-moved] a");
  const field = fresh.querySelector("[data-edit] :is(input:checked, input[type='text'], textarea)");
  const focus = moved ?? fresh.querySelector("[data-focus]") ?? field;
  if (!focus) return;
  focus.focus({ preventScroll: true });
  // What was swapped may be much longer or shorter than before: its beginning has to be on the screen.
  const begin = moved ? moved.closest("article") : fresh;
  const { top } = begin.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight * 0.8) begin.scrollIntoView({ block: moved ? "center" : "start" });
});

const fold = document.querySelector("[data-fold]");

if (fold) {
  fold.hidden = false;
  fold.addEventListener("click", () => {
    const open = fold.getAttribute("aria-pressed") !== "true";
    fold.setAttribute("aria-pressed", String(open));
    for (const word of fold.querySelectorAll("[data-when]")) word.hidden = (word.dataset.when === "open") !== open;
    for (const details of document.querySelectorAll(".plan-action > details")) details.open = open;
  });
}

// The index shows which section is on the screen.
const links = new Map([...document.querySelectorAll(".plan-index a[href^='#']")].map((link) => [link.hash.slice(1), link]));

if (links.size && "IntersectionObserver" in window) {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(entry.target.id)?.setAttribute("aria-current", "location");
      }
    },
    { rootMargin: "-20% 0px -70% 0px" },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) seen.observe(section);
  }
}
