// The console's behaviour that HTML and htmx do not have: theme, toasts, drawer, questions, copying, keys.
// Everything is told by data attributes; homeground/ui/README.md lists them.

const here = (name) => new URL(name, import.meta.url).href;
const root = document.documentElement;
const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

// Theme: the server renders the cookie, so a page never flashes.
function toggleTheme() {
  const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  root.dataset.bsTheme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  document.dispatchEvent(new CustomEvent("themechange"));
}

// Toasts.
const ICONS = { success: "circle-check", error: "circle-x", warning: "alert-triangle", info: "info-circle" };

export function toast(text, level = "success", undo = "") {
  const template = document.getElementById("toast-template");
  if (!template) return;
  const line = template.content.firstElementChild.cloneNode(true);
  line.classList.add(`toast-${level}`);
  line.querySelector("use").setAttribute("href", `${here("icons.svg")}#${ICONS[level] || ICONS.info}`);
  line.querySelector("span").textContent = text;
  if (undo) Object.assign(line.querySelector("form"), { action: undo, hidden: false });
  document.getElementById("toasts").append(line);
  leave(line);
}

function leave(line) {
  const seconds = line.classList.contains("toast-error") || line.querySelector("form:not([hidden])") ? 12 : 5;
  setTimeout(() => line.remove(), seconds * 1000);
}

// Questions before what cannot be taken back: data-confirm on a button, a form or an htmx element.
let agreed = null;

function ask(question, then) {
  const modal = document.getElementById("confirm");
  modal.querySelector("[data-question]").textContent = question;
  agreed = then;
  bootstrap.Modal.getOrCreateInstance(modal).show();
}

function agree() {
  bootstrap.Modal.getOrCreateInstance(document.getElementById("confirm")).hide();
  agreed?.();
  agreed = null;
}

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (!question || event.target.dataset.agreed || isHtmx(event)) return;
  event.preventDefault();
  ask(question, () => {
    event.target.dataset.agreed = "1";
    event.target.requestSubmit(event.submitter);
  });
});

const isHtmx = (event) => [event.target, event.submitter].some((element) => element?.matches("[hx-post],[hx-get],[hx-put],[hx-delete]"));

document.addEventListener("htmx:confirm", (event) => {
  const question = event.detail.elt.dataset.confirm || event.detail.triggeringEvent?.submitter?.dataset.confirm;
  if (!question) return;
  event.preventDefault();
  ask(question, () => event.detail.issueRequest(true));
});

// Drawer: hx-target="#drawer-body" opens it; its title is the link's data-drawer or the fragment's data-title.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "drawer-body") return;
  const title = event.detail.requestConfig?.elt?.dataset.drawer || event.detail.target.querySelector("[data-title]")?.dataset.title;
  if (title) document.getElementById("drawer-title").textContent = title;
  bootstrap.Offcanvas.getOrCreateInstance(document.getElementById("drawer")).show();
});

// htmx: what went wrong is said, never swallowed.
document.addEventListener("htmx:responseError", () => toast(document.body.dataset.failed || "", "error"));
document.addEventListener("htmx:sendError", () => toast(document.body.dataset.offline || "", "error"));
document.addEventListener("toasts", (event) => event.detail.value.forEach((line) => toast(line.text, line.level, line.undo)));

// Clicks.
const CLICKS = {
  "[data-theme-toggle]": toggleTheme,
  "[data-close]": (element) => element.closest("[data-toast]").remove(),
  "[data-agree]": agree,
  "[data-menu]": (element) => element.setAttribute("aria-expanded", document.getElementById("sider").classList.toggle("is-open")),
  "[data-copy]": async (element) => {
    await navigator.clipboard.writeText(element.dataset.copy);
    toast(document.body.dataset.copied || "");
  },
  "[data-check-all]": (element) => {
    const boxes = document.querySelectorAll(element.dataset.checkAll);
    boxes.forEach((box) => (box.checked = element.checked));
    boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  },
};

document.addEventListener("click", (event) => {
  for (const [selector, act] of Object.entries(CLICKS)) {
    const element = closest(event, selector);
    if (element) act(element);
  }
});

// data-submit: a choice that takes effect at once, like the period of a page.
document.addEventListener("change", (event) => closest(event, "[data-submit]")?.form?.requestSubmit());

// "/" goes to search; Escape leaves its hits.
document.addEventListener("keydown", (event) => {
  const isTyping = closest(event, "input, textarea, select, [contenteditable]");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
    const finder = document.querySelector("[data-finder]");
    if (finder) event.preventDefault();
    finder?.focus();
  }
  if (event.key === "Escape") clearHits();
});
document.addEventListener("focusout", (event) => {
  const finder = closest(event, ".finder");
  if (finder && !finder.contains(event.relatedTarget)) setTimeout(clearHits, 200);
});

function clearHits() {
  document.getElementById("finder-hits")?.replaceChildren();
}

// What is heavy comes only where it is used.
const loaded = {};

function load(name) {
  loaded[name] ??= new Promise((done, fail) => {
    const script = Object.assign(document.createElement("script"), { src: here(`vendor/${name}`), onload: done, onerror: fail });
    document.head.append(script);
  });
  return loaded[name];
}

function loadSheet(name) {
  if (loaded[name]) return;
  loaded[name] = true;
  document.head.prepend(Object.assign(document.createElement("link"), { rel: "stylesheet", href: here(`vendor/${name}`) }));
}

// What scrolls sideways can be scrolled by keyboard.
const scrolling = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

async function wake(part) {
  part.querySelectorAll?.(".table-wrap").forEach((element) => scrolling.observe(element));
  part.querySelectorAll?.('[data-bs-toggle="tooltip"]').forEach((element) => window.bootstrap?.Tooltip.getOrCreateInstance(element));
  const plots = part.querySelectorAll?.("[data-chart]");
  if (plots?.length) {
    await load("echarts.js");
    const { draw } = await import("./charts.js");
    plots.forEach(draw);
  }
  const picks = part.querySelectorAll?.("select[data-pick]:not(.tomselected)");
  if (picks?.length) {
    loadSheet("tom-select.css");
    await load("tom-select.js");
    picks.forEach(pick);
  }
}

function pick(select) {
  const plugins = select.multiple ? { remove_button: { title: document.body.dataset.remove } } : {};
  const label = select.labels?.[0]?.textContent || select.getAttribute("aria-label"); // It moves the label away.
  const control = new TomSelect(select, {
    plugins,
    maxOptions: 200,
    hidePlaceholder: true,
    allowEmptyOption: true,
    clearAfterSelect: true,
    refreshThrottle: 0, // A late refresh opens the list again and takes the focus back from where the person went.
    render: { no_results: () => Object.assign(document.createElement("div"), { className: "no-results", textContent: document.body.dataset.unmatched }) },
  });
  for (const element of [select, control.control_input]) if (label) element.setAttribute("aria-label", label);
}

document.querySelectorAll("[data-toast]").forEach(leave);
wake(document);
document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && wake(event.detail.elt));
