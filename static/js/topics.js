// Topics: search by words, and those that go with the chosen themes on top. Without this the whole list stands there.

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function start(box) {
  const form = box.closest("form");
  const search = box.querySelector(".topic-search input");
  const groups = [...box.querySelectorAll(".topic-group")];
  const items = [...box.querySelectorAll("[data-topic]")];
  const none = box.querySelector(".topic-none");
  const group = (section) => groups.find((each) => each.dataset.section === section);

  function filter() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    for (const item of items) item.hidden = !words.every((word) => plain(item.textContent).includes(word));
    for (const each of groups) each.hidden = !each.querySelector("[data-topic]:not([hidden])");
    none.hidden = groups.some((each) => !each.hidden);
  }

  function suggest() {
    const themes = [...form.querySelectorAll("[data-theme]:checked")].map((each) => each.dataset.theme);
    for (const item of items) {
      const fits = item.dataset.themes.split(" ").some((theme) => theme && themes.includes(theme));
      const first = fits || item.querySelector("input").checked;
      group(first ? "" : item.dataset.home).querySelector("ul").append(item);
    }
    filter();
  }

  box.querySelector(".topic-search").hidden = false;
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-theme]")) suggest();
  });
}

function startAll(root) {
  for (const box of root.querySelectorAll("[data-topics]:not([data-started])")) {
    box.dataset.started = "";
    start(box);
  }
}

document.addEventListener("htmx:load", (event) => startAll(event.detail.elt.parentElement ?? document));
startAll(document);
