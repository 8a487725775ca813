// Keys for the big screen: space or right arrow shows the outcome, left arrow hides it, Escape goes back.

const keys = { " ": "show", ArrowRight: "show", PageDown: "show", ArrowLeft: "hide", PageUp: "hide", Escape: "back" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  // On a link the space bar belongs to nobody, and Enter follows the link by itself.
  const link = document.querySelector(`[data-screen="${keys[event.key]}"]`);
  if (!link) return;
  event.preventDefault();
  window.location.replace(link.href);
});
