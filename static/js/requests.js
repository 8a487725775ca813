// Says what happened when a request in the page did not arrive, and leaves everything typed where it is.

const notices = document.getElementById("request-notices");

function show(kind) {
  for (const notice of notices.children) notice.hidden = notice.dataset.notice !== kind;
}

if (notices) {
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    show(status === 401 || status === 403 || status === 404 ? String(status) : "500");
  });
  document.addEventListener("htmx:sendError", () => show("offline"));
  document.addEventListener("htmx:timeout", () => show("offline"));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) show("");
  });
}
