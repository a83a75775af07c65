// Rows of a form that are added (by htmx), moved and taken away; the order on the page is the order that is sent.

const rowOf = (event, what) => (event.target instanceof Element ? event.target.closest(`[data-row-${what}]`)?.closest("[data-row]") : null);

document.addEventListener("click", (event) => {
  const gone = rowOf(event, "remove");
  const up = rowOf(event, "up");
  if (gone) {
    const next = gone.nextElementSibling?.querySelector("button") || gone.parentElement.parentElement.querySelector("[data-row-add]");
    gone.remove();
    next?.focus();
  }
  if (up?.previousElementSibling) {
    up.previousElementSibling.before(up);
    event.target.closest("button").focus();
  }
});

// From a new row the next Tab leads into it.
document.addEventListener("htmx:load", (event) => {
  const row = event.detail.elt;
  if (row.matches?.("[data-row]")) Object.assign(row, { tabIndex: -1 }).focus();
});

// What an attachment does not have is not asked for.
function show(row) {
  const kind = row.querySelector("[name$=-attachment]")?.value;
  if (kind === undefined) return;
  for (const part of row.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(kind);
}

const showAll = (part) => part.querySelectorAll("[data-row]").forEach(show);
document.addEventListener("change", (event) => event.target.name?.endsWith("-attachment") && show(event.target.closest("[data-row]")));
document.addEventListener("htmx:load", (event) => event.detail.elt.matches?.("[data-row]") && show(event.detail.elt));
showAll(document);
