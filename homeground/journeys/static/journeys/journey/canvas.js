// The drawing of a journey on LogicFlow: shows what it is told, and tells what was done. The graph is the page's.
import { exitsOf, familyOf, heightOf, HEIGHT, ICONS, START, startPlace, startsOf, STRIP, WIDTH } from "./graph.js";

const LEAST_ZOOM = 0.8;
const { LogicFlow, HtmlNode, HtmlNodeModel, PolylineEdge, PolylineEdgeModel } = Core;

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function icon(sprite, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

// What is shown of a node.
function card(shown) {
  const marks = [
    shown.here && element("span", "jn-here", shown.here),
    shown.failed && element("span", "jn-failed", shown.failed),
    shown.problem && element("span", "jn-problem", "!"),
  ].filter(Boolean);
  const body = element("span", "jn-body", element("b", "", shown.name), element("small", "", shown.text));
  const strip = shown.ways.length > 1 ? [element("span", "jn-ways", ...shown.ways.map((way) => element("span", way.to ? "" : "is-end", way.label)))] : [];
  return [element("span", "jn-main", element("span", "jn-icon", icon(shown.sprite, shown.icon)), body), ...marks, ...strip, shown.aside && element("span", "visually-hidden", shown.aside)].filter(Boolean);
}

class StepView extends HtmlNode {
  setHtml(root) {
    const shown = this.props.model.getProperties();
    const button = root.firstElementChild || element("div");
    button.className = `jn jn-${shown.family}${shown.selected ? " is-selected" : ""}${shown.problem ? " is-wrong" : ""}${shown.onPath ? " is-on-path" : ""}${shown.offPath ? " is-off-path" : ""}`;
    button.dataset.node = this.props.model.id;
    button.setAttribute("role", "button");
    button.setAttribute("tabindex", shown.reachable ? "0" : "-1");
    button.setAttribute("aria-pressed", String(shown.selected));
    button.replaceChildren(...card(shown));
    if (!button.parentNode) root.append(button);
  }
}

class StepModel extends HtmlNodeModel {
  setAttributes() {
    const { ways = [] } = this.properties;
    this.width = WIDTH;
    this.height = HEIGHT + (ways.length > 1 ? STRIP : 0);
    this.text = { value: "", x: this.x, y: this.y, draggable: false, editable: false };
  }
  getDefaultAnchor() {
    const { x, y, width, height, id } = this;
    const ways = this.properties.ways || [];
    const out = ways.map((way, at) => ({ id: `${id}|${way.key}`, type: "out", x: x - width / 2 + (width * (at + 0.5)) / ways.length, y: y + height / 2 }));
    return id === START ? out : [{ id: `${id}|in`, type: "in", x, y: y - height / 2, edgeAddable: false }, ...out];
  }
  getConnectedTargetRules() {
    return [...super.getConnectedTargetRules(), { message: "", validate: (source, target) => target.id !== START }];
  }
  getOutlineStyle() { return { ...super.getOutlineStyle(), stroke: "none", hover: { stroke: "none" } }; }
}

class WayModel extends PolylineEdgeModel {
  initEdgeData(data) { super.initEdgeData(data); this.offset = 20; }
  getEdgeStyle() { return { ...super.getEdgeStyle(), radius: 8, strokeWidth: this.isSelected ? 2.5 : 1.5 }; }
  getOutlineStyle() { return { ...super.getOutlineStyle(), stroke: "none", hover: { stroke: "none" } }; }
}

export class Canvas {
  // told: {select(id, isAdded), open(id), move({id: [x, y]}), connect(id, key, to), edge(id, key), blank(), drop(kind, [x, y])}; all optional.
  constructor(place, { words, sprite, channels = {}, isReadOnly = false, told = {} }) {
    Object.assign(this, { place, words, sprite, channels, isReadOnly, told, drawn: { nodes: {}, edges: {} } });
    this.flow = new LogicFlow({
      container: place, grid: { size: 10, visible: true, type: "dot", config: { color: "var(--hg-line-strong)", thickness: 1 } }, keyboard: { enabled: false }, history: false, edgeType: "way",
      isSilentMode: isReadOnly, adjustEdge: false, adjustEdgeStartAndEnd: false, adjustEdgeMiddle: false, hideAnchors: isReadOnly, nodeTextEdit: false, edgeTextEdit: false, nodeTextDraggable: false,
      edgeTextDraggable: false, allowRotate: false, allowResize: false, snapline: true, stopScrollGraph: true, multipleSelectKey: "shift", edgeSelectedOutline: false, nodeSelectedOutline: false, hoverOutline: false,
    });
    this.flow.register({ type: "step", view: StepView, model: StepModel });
    this.flow.register({ type: "way", view: PolylineEdge, model: WayModel });
    this.flow.render({ nodes: [], edges: [] });
    this.listen();
  }

  listen() {
    const { flow, told } = this;
    flow.on("node:click", ({ data, e }) => told.select?.(data.id, Boolean(e?.shiftKey)));
    flow.on("node:drop", () => told.move?.(this.places()));
    flow.on("anchor:mousedown", ({ nodeModel }) => flow.selectElementById(nodeModel.id)); // Else a quick pull leaves the node, and the dot is gone before it is pulled.
    flow.on("edge:click", ({ data }) => told.edge?.(...this.sourceOf(data)));
    flow.on("blank:click", () => told.blank?.());
    flow.on("node:dnd-add", ({ data }) => { flow.deleteNode(data.id); told.drop?.(data.properties.kind, [Math.round(data.x), Math.round(data.y)]); });
    flow.on("edge:add", ({ data }) => {
      if (data.id in this.drawn.edges) return;
      const [id, key] = this.sourceOf(data);
      flow.deleteEdge(data.id);
      told.connect?.(id, key, data.targetNodeId);
    });
    this.place.addEventListener("scroll", () => this.place.scrollTo(0, 0), true); // The browser scrolls to what has the focus; reveal() does.
    this.place.addEventListener("focusin", ({ target }) => target.dataset?.node && this.reveal(target.dataset.node));
  }

  sourceOf(edge) { return [edge.sourceNodeId, edge.sourceAnchorId.split("|")[1]]; }

  places() {
    const moved = Object.keys(this.drawn.nodes).filter((id) => id !== START).map((id) => this.flow.getNodeModelById(id));
    return Object.fromEntries(moved.map((model) => [model.id, [Math.round(model.x), Math.round(model.y)]]));
  }

  // graph, and what is said of it: texts {id: line}, entry, problems {id: text}, selection [ids], counts {here, failed, edges}, path [ids].
  show(graph, said) {
    const nodes = { [START]: this.startCard(graph, said) };
    for (const [id, step] of Object.entries(graph.nodes)) nodes[id] = this.stepCard(id, step, said);
    const edges = {};
    for (const [id, exits] of [[START, startsOf(graph)], ...Object.entries(graph.nodes).map(([id, step]) => [id, exitsOf(step)])])
      for (const exit of exits) if (graph.nodes[exit.to]) edges[`${id}|${exit.key}`] = { from: id, key: exit.key, to: exit.to, text: this.edgeText(id, exit, exits, said) };
    this.reconcile(nodes, edges);
  }

  startCard(graph, said) {
    const ways = startsOf(graph).map((one) => ({ key: one.key, to: one.to, label: one.name }));
    const text = said.entry || this.words.no_entry;
    return { at: startPlace(graph), shown: { ...this.common(START, said), name: this.words.entry, text, aside: "", family: "start", icon: "door-enter", ways } };
  }

  stepCard(id, step, said) {
    const exits = exitsOf(step);
    const ways = exits.map((exit) => ({ key: exit.key, to: exit.to, label: [this.labelOf(step, exit), this.walked(id, exit, said)].filter(Boolean).join(" · ") }));
    const text = said.texts?.[id] || this.words[step.kind];
    const common = this.common(id, said);
    const aside = [this.words[step.kind], common.here && `${common.here} ${this.words.here}`, common.failed && `${common.failed} ${this.words.failed}`, common.problem && `${this.words.problem}: ${common.problem}`].filter(Boolean).join(", ");
    return { at: [step.at[0], step.at[1] + (heightOf(step) - HEIGHT) / 2], shown: { ...common, name: step.name, text, aside, family: familyOf(step.kind), icon: ICONS[step.kind], ways } };
  }

  common(id, said) {
    const count = (number) => (number ? new Intl.NumberFormat().format(number) : "");
    const reachable = said.selection?.length ? said.selection.includes(id) : id === START;
    return {
      sprite: this.sprite, selected: Boolean(said.selection?.includes(id)), reachable, problem: said.problems?.[id] || "",
      here: count(said.counts?.here[id]), failed: count(said.counts?.failed[id]), onPath: Boolean(said.path?.includes(id)), offPath: Boolean(said.path && !said.path.includes(id)),
    };
  }

  labelOf(step, exit) {
    if (step.kind === "channel" && exit.key !== "otherwise") return this.channels[exit.name] || exit.name;
    if (exit.key !== "next" && exit.key !== "otherwise") return exit.name;
    return this.words[`${step.kind}_${exit.key}`] || this.words[exit.key];
  }

  walked(id, exit, said) {
    const count = said.counts?.edges[id]?.[exit.name];
    return count ? new Intl.NumberFormat().format(count) : "";
  }

  // Where a node has several ways, its strip says how many took each: an edge may pass behind other nodes.
  edgeText(id, exit, exits, said) {
    return id === START || exits.length > 1 ? "" : this.walked(id, exit, said);
  }

  reconcile(nodes, edges) {
    const { flow, drawn } = this;
    for (const id of Object.keys(drawn.edges)) if (JSON.stringify(drawn.edges[id]) !== JSON.stringify(edges[id]) || this.anchorMoved(drawn, nodes, id)) { flow.deleteEdge(id); delete drawn.edges[id]; }
    for (const id of Object.keys(drawn.nodes)) if (!(id in nodes)) { flow.deleteNode(id); delete drawn.nodes[id]; }
    for (const [id, node] of Object.entries(nodes)) this.put(id, node);
    for (const [id, edge] of Object.entries(edges)) if (!(id in drawn.edges)) this.tie(id, edge);
  }

  // An edge begins where its way stands in the strip: another number of ways moves it.
  anchorMoved(drawn, nodes, edgeId) {
    const { from, to } = drawn.edges[edgeId];
    const shape = (node) => JSON.stringify([node?.at, node?.shown.ways.map((way) => way.key)]);
    return [from, to].some((id) => shape(drawn.nodes[id]) !== shape(nodes[id]));
  }

  put(id, node) {
    const [x, y] = node.at;
    const before = this.drawn.nodes[id];
    this.drawn.nodes[id] = node;
    if (!before) return this.flow.addNode({ id, type: "step", x, y, properties: node.shown });
    const model = this.flow.getNodeModelById(id);
    if (JSON.stringify(before.shown) !== JSON.stringify(node.shown)) this.flow.setProperties(id, node.shown);
    if (model.x !== x || model.y !== y) model.moveTo(x, y, true);
    return model;
  }

  tie(id, { from, key, to, text }) {
    this.drawn.edges[id] = { from, key, to, text };
    this.flow.addEdge({ id, type: "way", sourceNodeId: from, targetNodeId: to, sourceAnchorId: `${from}|${key}`, targetAnchorId: `${to}|in`, text });
  }

  startDrag(kind, name) {
    const shown = { ...this.common("", {}), kind, name, text: "", aside: "", family: familyOf(kind), icon: ICONS[kind], ways: [], reachable: false };
    this.flow.dnd.startDrag({ type: "step", properties: shown });
  }

  focus(id) { this.place.querySelector(`[data-node="${CSS.escape(id)}"]`)?.focus({ preventScroll: true }); }

  // Into sight, when it is out of it.
  reveal(id) {
    const box = this.place.getBoundingClientRect();
    const node = this.place.querySelector(`[data-node="${CSS.escape(id)}"]`)?.getBoundingClientRect();
    if (!node) return;
    const over = (low, high, from, until) => (low < from ? from - low : high > until ? until - high : 0);
    const dx = over(node.left, node.right, box.left + 16, box.right - 16), dy = over(node.top, node.bottom, box.top + 16, box.bottom - 16);
    if (dx || dy) this.flow.translate(dx, dy);
  }

  zoom(how) {
    if (how === "fit") this.fit();
    else if (how === "full") this.flow.resetZoom();
    else this.flow.zoom(how === "in");
  }

  // All of it, as long as it can be read; else its whole width, from the beginning.
  fit() {
    this.flow.fitView(40, 40);
    const { SCALE_X } = this.flow.getTransform();
    if (SCALE_X > 1) { this.flow.resetZoom(); this.flow.translateCenter(); }
    const across = Object.values(this.drawn.nodes).map(({ at }) => at[0]);
    const [left, right] = [Math.min(...across) - WIDTH / 2, Math.max(...across) + WIDTH / 2];
    const least = Math.min(LEAST_ZOOM, (this.place.clientWidth - 60) / (right - left));
    if (SCALE_X >= least || !this.drawn.nodes[START]) return;
    this.flow.zoom(least);
    this.flow.focusOn({ coordinate: { x: (left + right) / 2, y: this.drawn.nodes[START].at[1] } });
    this.flow.translate(0, 60 - this.place.clientHeight / 2);
  }
}
