// A journey as it runs, or as it would: read-only, with its numbers asked for again and again.
import { Canvas } from "./canvas.js";
import { arrange, exitsOf, neighbour, outlineOf, START } from "./graph.js";

const given = JSON.parse(document.getElementById("journey-data").textContent);
const place = document.getElementById("j-canvas");
const SECONDS = 5;
const state = { selection: [], counts: given.counts };
const { graph } = given;
if (Object.keys(graph.nodes).length > 1 && new Set(Object.values(graph.nodes).map((step) => String(step.at))).size === 1) arrange(graph);

const canvas = new Canvas(place, { words: given.words, channels: given.said.channels, sprite: place.dataset.icons, isReadOnly: true, told: { select: (id) => { select(id); open(id); }, blank: () => select(null) } });

function draw() {
  canvas.show(graph, { texts: given.said.texts, entry: given.said.entry, problems: {}, selection: state.selection, counts: state.counts, path: given.path });
}

function select(id) {
  state.selection = id ? [id] : [];
  draw();
}

// The people at a node, in the drawer; those in trouble where nobody stands but some failed.
function open(id) {
  if (!given.urls || id === START) return;
  const isFailed = !state.counts.here[id] && state.counts.failed[id];
  const query = new URLSearchParams({ version: given.version, node: id, ...(isFailed ? { ending: "failed" } : {}) });
  htmx.ajax("GET", `${given.urls.people}?${query}`, { target: "#drawer-body" });
}

place.addEventListener("keydown", (event) => {
  const id = event.target.dataset?.node;
  if (!id) return;
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(id); }
  if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
  const to = id === START ? outlineOf(graph)[0]?.id : neighbour(graph, id, event.key) || (event.key === "ArrowUp" ? START : null);
  if (!to) return;
  select(to);
  requestAnimationFrame(() => canvas.focus(to));
});

document.addEventListener("click", (event) => {
  const how = event.target instanceof Element && event.target.closest("[data-zoom]")?.dataset.zoom;
  if (how) canvas.zoom(how);
});
document.addEventListener("themechange", draw);

// Numbers: while the page is looked at.
async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(given.urls.counts);
    if (!answer.ok) return;
    state.counts = await answer.json();
  } catch { return; }
  draw();
  total();
}

function total() {
  const shown = document.querySelectorAll("#j-totals .stat-value");
  const { totals } = state.counts;
  const values = [totals.entered_today, totals.walking, totals.reached, totals.held_out, totals.failed];
  shown.forEach((element, at) => { element.textContent = new Intl.NumberFormat().format(values[at]); });
}

draw();
canvas.fit();
if (given.path?.length) { const last = given.path[given.path.length - 1]; canvas.reveal(last); }
if (given.urls?.counts) setInterval(refresh, SECONDS * 1000);
