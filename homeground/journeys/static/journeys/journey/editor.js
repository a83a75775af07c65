// The page on which a journey is built: palette, canvas, settings; every change is kept as the draft and checked.
import { ruleEditor } from "../../segments/editor.js";
import { Canvas } from "./canvas.js";
import { button, icon as iconOf, say } from "./fields.js";
import { stepForm } from "./forms.js";
import { arrange, copyOf, duplicate, exitsOf, FAMILIES, familyOf, freshId, freshStep, heightOf, ICONS, insertAfter, lead, neighbour, outlineOf, removeNode, START } from "./graph.js";
import { setupForm } from "./setup.js";

const { createApp, h, nextTick, reactive, toRaw, watch } = Vue;
const given = JSON.parse(document.getElementById("journey-data").textContent);
const { words, known, urls } = given;
const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
const root = document.getElementById("journey");
const sprite = root.dataset.icons;
const icon = (name) => iconOf(sprite, name);

const state = reactive({
  graph: given.draft, settings: given.settings, errors: {}, said: given.said, stamp: given.stamp,
  selection: [], edge: null, tab: "node", saving: "saved", past: [], future: [], rule: null, properties: {},
});
let canvas = null, mark = "", marked = 0, isShown = false;

// Changes. mark: what is typed into; typing on in the same place is one step back.
function change(make, ofWhat = "") {
  const before = JSON.stringify(state.graph);
  make(state.graph);
  if (JSON.stringify(state.graph) === before) return;
  const isTyping = ofWhat && ofWhat === mark && Date.now() - marked < 2000;
  [mark, marked] = [ofWhat, Date.now()];
  if (!isTyping) state.past.push(before);
  if (state.past.length > 100) state.past.shift();
  state.future = [];
  changed();
}

function settle(key, value) {
  state.settings[key] = value;
  changed();
}

function turn(from, to) {
  if (!from.length) return;
  to.push(JSON.stringify(state.graph));
  state.graph = JSON.parse(from.pop());
  state.selection = state.selection.filter((id) => id === START || id in state.graph.nodes);
  mark = "";
  changed();
}
const undo = () => turn(state.past, state.future);
const redo = () => turn(state.future, state.past);

// Keeping the draft: a moment after the last change; one save at a time.
let timer = null, isBusy = false, isDue = false;

function changed() {
  state.saving = "unsaved";
  isDue = true;
  clearTimeout(timer);
  timer = setTimeout(save, 500);
}

const post = (url, body) => fetch(url, { method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function save() {
  if (isBusy) return;
  [isBusy, isDue] = [true, false];
  state.saving = "saving";
  try {
    const answer = await post(urls.save, { draft: state.graph, settings: state.settings, stamp: state.stamp });
    const body = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    taken(answer, body);
  } catch {
    state.saving = "failed";
  }
  isBusy = false;
  if (isDue && state.saving !== "conflict") save();
}

function taken(answer, body) {
  state.errors = body.errors || {};
  if (answer.ok) Object.assign(state, { said: body.said, stamp: body.stamp, saving: isDue ? "unsaved" : "saved" });
  else if (answer.status === 409) state.saving = "conflict";
  else state.saving = "failed";
  if (body.said) state.said = body.said;
}

addEventListener("beforeunload", (event) => { if (state.saving !== "saved") event.preventDefault(); });

// Nodes.
const idAfter = () => state.selection.find((id) => id in state.graph.nodes) || null;
const lastNode = () => { const lines = outlineOf(state.graph).filter((line) => line.via !== null); return lines.length ? lines[lines.length - 1].id : null; };
const nameOf = (kind) => words[kind];

function fresh(kind) {
  const messages = Object.entries(state.graph.nodes).filter(([, step]) => step.kind === "message");
  const message = known.messages.find((one) => known.channels.some((channel) => channel.kind === one.kind));
  return freshStep(kind, nameOf(kind), {
    words, of: messages.length ? messages[messages.length - 1][0] : "", message: message?.value, door: known.doors[0]?.value, coupon: known.coupons[0]?.value,
    channel: known.channels.find((one) => one.kind === message?.kind)?.value, date: known.attributes.find((one) => one.kind === "date")?.value,
    channels: known.channels.map((one) => one.value),
  });
}

function add(kind) {
  const id = freshId(state.graph, kind);
  const after = state.selection[0] === START ? null : idAfter() || lastNode();
  change((graph) => { insertAfter(graph, id, fresh(kind), after); arrange(graph); });
  select(id);
  focusSoon(id);
}

function drop(kind, [x, y]) {
  const id = freshId(state.graph, kind);
  change((graph) => {
    graph.nodes[id] = { ...fresh(kind), at: [x, y] };
    if (graph.variants.every((one) => !one.start)) graph.variants.forEach((one) => { one.start = id; });
  });
  select(id);
}

function remove() {
  if (state.edge) return cut();
  const gone = state.selection.filter((id) => id in state.graph.nodes);
  if (!gone.length) return;
  const next = neighbour(state.graph, gone[0], "ArrowUp");
  change((graph) => gone.forEach((id) => removeNode(graph, id)));
  state.selection = next && next in state.graph.nodes ? [next] : [];
  focusSoon(state.selection[0] || START);
}

function cut() {
  const [id, key] = state.edge;
  state.edge = null;
  change((graph) => { if (id === START) graph.variants[Number(key.slice(9))].start = null; else if (graph.nodes[id]) lead(graph.nodes[id], key, null); });
}

function connect(from, key, to) {
  if (to === START) return;
  change((graph) => { if (from === START) graph.variants[Number(key.slice(9))].start = to; else lead(graph.nodes[from], key, to); });
}

function select(id, isAdded = false) {
  state.edge = null;
  state.selection = isAdded ? (state.selection.includes(id) ? state.selection.filter((one) => one !== id) : [...state.selection, id]) : [id];
  state.tab = id === START ? "setup" : "node";
}

const focusSoon = (id) => nextTick(() => requestAnimationFrame(() => canvas.focus(id)));
const CLIP = "homeground-journey-nodes";

function copy() {
  const steps = Object.fromEntries(state.selection.filter((id) => id in state.graph.nodes).map((id) => [id, copyOf(state.graph.nodes[id])]));
  if (Object.keys(steps).length) localStorage.setItem(CLIP, JSON.stringify(steps));
}

function paste() {
  const steps = JSON.parse(localStorage.getItem(CLIP) || "{}");
  if (!Object.keys(steps).length) return;
  let made = [];
  change((graph) => { made = duplicate(graph, steps); });
  state.selection = made;
}

// Keys, while the canvas has the focus.
function pressed(event) {
  const id = event.target.dataset?.node;
  const isCommand = event.ctrlKey || event.metaKey;
  const commands = { z: event.shiftKey ? redo : undo, y: redo, c: copy, v: paste, a: () => { state.selection = Object.keys(state.graph.nodes); } };
  const act = isCommand ? commands[event.key.toLowerCase()] : { Delete: remove, Backspace: remove, Escape: () => { state.selection = []; state.edge = null; }, Enter: () => open(id), " ": () => open(id) }[event.key];
  if (act) { event.preventDefault(); return act(); }
  if (id && event.key.startsWith("Arrow") && !isCommand) { event.preventDefault(); step(id, event.key, event.altKey); }
}

// Arrows walk along the edges; with Alt they push the node.
function step(id, key, isPush) {
  const [dx, dy] = { ArrowUp: [0, -10], ArrowDown: [0, 10], ArrowLeft: [-10, 0], ArrowRight: [10, 0] }[key];
  if (isPush && id !== START) return change((graph) => { const { at } = graph.nodes[id]; graph.nodes[id].at = [at[0] + dx, at[1] + dy]; }, `${id}.at`);
  const to = id === START ? outlineOf(state.graph)[0]?.id : neighbour(state.graph, id, key) || (key === "ArrowUp" ? START : null);
  if (!to) return null;
  select(to);
  return focusSoon(to);
}

function open(id) {
  if (!id) return;
  select(id);
  nextTick(() => root.querySelector(".j-panel-body input, .j-panel-body select")?.focus());
}

// Drawing.
const problemsOf = () => state.said.problems.reduce((all, { node, text }) => ({ ...all, [node || START]: all[node || START] ? `${all[node || START]} ${text}` : text }), {});

function draw() {
  if (!canvas) return;
  canvas.show(toRaw(state.graph), { texts: state.said.texts, entry: state.said.entry, problems: problemsOf(), selection: [...state.selection] });
  if (!isShown) canvas.fit();
  isShown = true;
}

const label = (step, exit) => canvas?.labelOf(step, exit) || exit.name;
const asked = (event) => {
  if (!event) return [];
  if (!(event in state.properties)) {
    state.properties[event] = [];
    fetch(`${urls.properties}?${new URLSearchParams({ event })}`).then((answer) => (answer.ok ? answer.json() : { values: [] })).then((found) => { state.properties[event] = found.values; }, () => {});
  }
  return state.properties[event];
};
const context = () => ({ words, known, sprite, change, settle, asked, label, nodes: state.graph.nodes, said: (id, at) => state.said.rules?.[id]?.[at], edit: (id, at) => { state.rule = { id, at }; } });

// Parts of the page.
const palette = () => h("div", { class: "j-palette", role: "group", "aria-label": words.palette }, [
  h("p", { class: "help" }, words.palette_help),
  ...FAMILIES.map(([family, kinds]) => h("div", { key: family }, [
    h("h3", words[`family_${family}`]),
    ...kinds.map((kind) => h("button", { type: "button", class: `j-pick jn-${family}`, "data-kind": kind, title: words[`${kind}_help`], onMousedown: (event) => { if (event.button === 0) canvas.startDrag(kind, nameOf(kind)); }, onClick: () => add(kind) }, [h("span", { class: "jn-icon" }, [icon(ICONS[kind])]), words[kind]])),
  ])),
]);

const tool = (name, picture, press, more = {}) => h("button", { type: "button", class: "icon-button", title: words[name], "aria-label": words[name], onClick: press, ...more }, [icon(picture)]);

const tools = () => h("div", { class: "j-tools", role: "toolbar", "aria-label": words.tools }, [
  tool("undo", "arrow-back-up", undo, { disabled: !state.past.length }),
  tool("redo", "arrow-back-up", redo, { disabled: !state.future.length, class: "icon-button is-mirrored" }),
  tool("copy", "copy", copy, { disabled: !idAfter() }),
  tool("paste", "clipboard-text", paste),
  tool("remove", "trash", remove, { disabled: !idAfter() && !state.edge }),
  h("span", { class: "j-gap" }),
  tool("arrange", "layout-list", () => { change(arrange); nextTick(() => canvas.fit()); }),
  tool("zoom_out", "zoom-out", () => canvas.zoom("out")),
  tool("zoom_in", "zoom-in", () => canvas.zoom("in")),
  tool("fit", "arrows-maximize", () => canvas.fit()),
  h("span", { class: `j-saving is-${state.saving}`, role: "status" }, [words[`saving_${state.saving}`], state.saving === "failed" && button(words.try_again, save, { class: "btn btn-link btn-sm" }), state.saving === "conflict" && button(words.reload, () => { state.saving = "saved"; location.reload(); }, { class: "btn btn-link btn-sm" })]),
]);

const tab = (name, count = 0) => h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(state.tab === name), "aria-controls": "j-panel", onClick: () => { state.tab = name; } }, [words[`tab_${name}`], count > 0 && h("span", { class: "tag tag-red" }, count)]);

function panel() {
  const body = { node: nodePanel, setup: () => setupForm(state, context()), outline, problems }[state.tab];
  return h("aside", { class: "j-panel", "aria-label": words.panel }, [
    h("div", { class: "tabs", role: "tablist", "aria-label": words.panel }, [tab("node"), tab("setup"), tab("outline"), tab("problems", state.said.problems.length)]),
    h("div", { class: "j-panel-body", id: "j-panel", role: "tabpanel", "aria-labelledby": `tab-${state.tab}`, tabindex: 0, key: state.tab }, body()),
  ]);
}

function nodePanel() {
  const id = state.selection.length === 1 ? idAfter() : null;
  if (state.edge) return [h("p", words.edge_help), button([icon("trash"), words.cut], cut)];
  if (state.selection.length > 1) return [h("p", say(words.many, { n: state.selection.length })), h("div", { class: "row-line" }, [button([icon("copy"), words.copy], copy), button([icon("trash"), words.remove], remove)])];
  if (!id) return [h("div", { class: "empty" }, [icon("mouse"), h("h3", words.none_title), h("p", words.none_help), h("p", { class: "help" }, words.keys_help)])];
  const step = state.graph.nodes[id];
  const wrong = state.said.problems.filter((one) => one.node === id);
  return [
    h("div", { class: `j-node-head jn-${familyOf(step.kind)}` }, [h("span", { class: "jn-icon" }, [icon(ICONS[step.kind])]), h("b", words[step.kind]), h("button", { type: "button", class: "btn btn-link btn-sm danger", onClick: remove }, words.remove)]),
    h("p", { class: "help" }, words[`${step.kind}_help`]),
    ...wrong.map((one) => h("div", { class: "alert alert-danger mb-2", role: "alert" }, [icon("alert-circle"), h("div", one.text)])),
    h("div", { key: id }, stepForm(id, step, context())),
  ];
}

function outline() {
  const lines = outlineOf(state.graph);
  if (!lines.length) return [h("p", { class: "muted" }, words.outline_empty)];
  const row = (line) => {
    const step = state.graph.nodes[line.id];
    const via = line.isFork ? `${viaOf(line)} → ` : "";
    const wrong = state.said.problems.some((one) => one.node === line.id);
    return h("li", { key: line.id, class: `j-depth-${Math.min(line.depth, 6)}` }, [h("button", { type: "button", class: ["j-line", { "is-selected": state.selection.includes(line.id) }], "aria-current": state.selection.includes(line.id) ? "true" : null, onClick: () => { state.selection = [line.id]; state.edge = null; canvas.reveal(line.id); }, onDblclick: () => open(line.id), onKeydown: (event) => lineKeys(event, line.id) }, [icon(ICONS[step.kind]), h("span", [h("span", { class: "muted small" }, line.via === null ? words.loose : via), step.name, h("small", { class: "muted" }, ` ${state.said.texts?.[line.id] || ""}`)]), wrong && h("span", { class: "tag tag-red" }, words.problem)])]);
  };
  return [h("p", { class: "help" }, words.outline_help), h("ol", { class: "j-outline" }, lines.map(row))];
}

function viaOf(line) {
  const holder = Object.values(state.graph.nodes).find((step) => exitsOf(step).some((exit) => exit.to === line.id && exit.name === line.via));
  return holder ? label(holder, exitsOf(holder).find((exit) => exit.to === line.id && exit.name === line.via)) : line.via;
}

function lineKeys(event, id) {
  if (event.key === "Enter") { event.preventDefault(); open(id); }
  if (event.key === "Delete") { event.preventDefault(); state.selection = [id]; remove(); }
  const move = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (move) { event.preventDefault(); event.target.closest("li")[move]?.querySelector("button").focus(); }
}

function problems() {
  if (!state.said.problems.length) return [h("div", { class: "empty" }, [icon("circle-check"), h("h3", words.no_problems), h("p", words.no_problems_help)])];
  const jump = (one) => { if (one.node in state.graph.nodes) { select(one.node); canvas.reveal(one.node); } else state.tab = "setup"; };
  return [h("p", { class: "help" }, words.problems_help), h("ul", { class: "j-problems" }, state.said.problems.map((one) => h("li", [h("button", { type: "button", class: "j-line", onClick: () => jump(one) }, [icon("alert-triangle"), h("span", [h("b", state.graph.nodes[one.node]?.name || words.tab_setup), h("span", { class: "d-block" }, one.text)])])])))];
}

// The rule of a branch's way, in a window of its own: it is too wide for the panel.
const RuleEditor = ruleEditor({ vocabulary: known.rules, words: given.rule_words, urls: given.rule_urls, icons: sprite, limits: given.rule_limits });

function ruleWindow() {
  if (!state.rule) return null;
  const { id, at } = state.rule;
  const way = state.graph.nodes[id]?.ways?.[at];
  if (!way) return null;
  const close = () => { state.rule = null; };
  const put = (rule) => change((graph) => { graph.nodes[id].ways[at].rule = copyOf(toRaw(rule)); }, `${id}.rule.${at}`);
  return h("dialog", { class: "j-dialog", "aria-labelledby": "rule-title", onClose: close, onVnodeMounted: ({ el }) => el.showModal() }, [
    h("div", { class: "spread" }, [h("h2", { id: "rule-title" }, say(words.rule_of, { name: way.name })), button(words.close, close)]),
    h("p", { class: "help" }, words.rule_help),
    h(RuleEditor, { rule: way.rule, error: null, onChange: put }),
    h("p", { class: "j-said" }, state.said.rules?.[id]?.[at] || ""),
    h("div", { class: "row-line" }, [h("button", { type: "button", class: "btn btn-primary", onClick: close }, words.done)]),
  ]);
}

const stage = { render: () => h("div", { class: "j-stage", role: "group", "aria-label": words.canvas, onKeydown: pressed }, [h("div", { class: "j-canvas", id: "j-canvas" })]) };

function begin() {
  canvas = new Canvas(document.getElementById("j-canvas"), {
    words, sprite, channels: given.said.channels,
    told: { select, blank: () => { state.selection = []; state.edge = null; }, connect, drop, edge: (id, key) => { state.selection = []; state.edge = [id, key]; state.tab = "node"; root.querySelector(".j-stage [data-node]")?.focus({ preventScroll: true }); },
      move: (places) => change((graph) => { for (const [id, [x, y]] of Object.entries(places)) if (graph.nodes[id]) graph.nodes[id].at = [x, y - (heightOf(graph.nodes[id]) - 64) / 2]; }) },
  });
  if (given.is_unplaced) arrange(state.graph);
  draw();
}

createApp({ mounted: begin, render: () => [palette(), h("div", { class: "j-middle" }, [tools(), h(stage)]), panel(), ruleWindow()] }).mount(root);
watch(() => [state.graph, state.said, state.selection], draw, { deep: true });
document.addEventListener("themechange", draw);

// What is asked of the server is about the draft that is kept: first keep it.
async function flushed() {
  clearTimeout(timer);
  if (isDue) await save();
  while (isBusy) await new Promise((done) => { setTimeout(done, 50); });
}
document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.elt.matches("[data-flush]") || state.saving === "saved") return;
  event.preventDefault();
  flushed().then(() => event.detail.issueRequest(true));
});
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[data-flush]");
  if (!link || state.saving === "saved") return;
  event.preventDefault();
  flushed().then(() => location.assign(link.href));
});
document.addEventListener("change", (event) => {
  if (event.target.name === "succession") event.target.closest("form").classList.toggle("is-move", event.target.value === "move");
});
