// The first time an abbreviation stands in running text, it can be tapped and tells what it means. Without this module
// the list below the page tells the same.

const list = document.querySelector("[data-abbreviations]");
const main = document.querySelector("main");
const NOT_IN = "a, button, summary, label, form, textarea, select, legend, th, svg, nav, h1, h2, h3, h4, .board, .abbreviations, [hidden], [role=status], [aria-live]";

function place(button, meaning) {
  const at = button.getBoundingClientRect();
  const wide = meaning.offsetWidth;
  meaning.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - wide - 8))}px`;
  const below = at.bottom + 6;
  meaning.style.top = `${below + meaning.offsetHeight > window.innerHeight ? at.top - meaning.offsetHeight - 6 : below}px`;
}

function explain(node, start, short, text, id) {
  const word = node.splitText(start);
  const after = word.splitText(short.length);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "abbr";
  button.setAttribute("popovertarget", id);
  button.title = text;
  // A button is a box of its own: what touches the word, such as a comma, stays with it on the line.
  const together = document.createElement("span");
  together.className = "abbr-word";
  const before = node.data.match(/\S*$/)[0];
  const behind = after.data.match(/^\S*/)[0];
  node.data = node.data.slice(0, node.data.length - before.length);
  after.data = after.data.slice(behind.length);
  word.replaceWith(together);
  button.append(short);
  const meaning = document.createElement("span");
  meaning.id = id;
  meaning.className = "abbr-meaning";
  meaning.setAttribute("popover", "auto");
  const name = document.createElement("strong");
  name.append(short);
  meaning.append(name, `: ${text}`);
  together.append(before, button, meaning, behind);
  meaning.addEventListener("toggle", (event) => {
    if (event.newState === "open") place(button, meaning);
  });
}

if (list && main && "popover" in HTMLElement.prototype) {
  const meanings = new Map([...list.querySelectorAll("dt")].map((each) => [each.textContent, each.nextElementSibling.textContent]));
  const texts = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const [short, text] of meanings) {
    const word = new RegExp(`(?<![\\p{L}\\p{N}_])${short}(?![\\p{L}\\p{N}_])`, "u");
    for (const node of texts) {
      const at = node.data.search(word);
      if (at < 0 || node.parentElement.closest(NOT_IN)) continue;
      explain(node, at, short, text, `afkorting-${short}`);
      // What came loose behind the word may hold the next one.
      texts.push(...[...node.parentNode.childNodes].filter((each) => each.nodeType === Node.TEXT_NODE && !texts.includes(each)));
      break;
    }
  }
  window.addEventListener("scroll", () => main.querySelector(".abbr-meaning:popover-open")?.hidePopover(), { passive: true });
}
