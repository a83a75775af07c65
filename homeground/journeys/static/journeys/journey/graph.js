// The graph of a journey as docs/journey.schema.json has it, and what can be done to it. Nothing of the screen.

export const FAMILIES = [
  ["say", ["message"]],
  ["staff", ["task", "invite"]],
  ["wait", ["wait", "wait_until", "wait_event", "wait_date"]],
  ["fork", ["branch", "split", "channel", "outcome"]],
  ["gift", ["points", "coupon"]],
  ["note", ["tag", "attribute"]],
  ["link", ["webhook", "handover"]],
];
export const ICONS = {
  message: "message-2", task: "user-check", invite: "users-group", wait: "clock", wait_until: "calendar-time", wait_event: "hourglass",
  wait_date: "calendar-event", branch: "git-branch", split: "arrows-split", channel: "broadcast", outcome: "checks", tag: "tag", attribute: "edit", points: "coin", coupon: "ticket", webhook: "webhook", handover: "transfer",
};
export const WIDTH = 216, HEIGHT = 64, STRIP = 26, START = "$start";
const GAP_X = 40, GAP_Y = 56;

export const familyOf = (kind) => FAMILIES.find(([, kinds]) => kinds.includes(kind))?.[0] || "link";
export const copyOf = (value) => JSON.parse(JSON.stringify(value));

export function freshStep(kind, name, known) {
  const span = (days) => ({ days, hours: 0, minutes: 0 });
  const way = (label, more) => ({ name: label, next: null, ...more });
  const own = {
    message: { message: known.message ?? 0, channel: known.channel ?? "", weak_channel: "", urgency: 2, value_minor: 0, valid_days: 3, next: null },
    task: { title: name, how: "", deadline_hours: 24, next: null },
    tag: { add: [], remove: [], next: null },
    attribute: { attribute: "", value: "", next: null },
    points: { points: 100, reason: name, expires_days: 365, next: null },
    coupon: { coupon: known.coupon ?? 0, next: null },
    invite: { door: known.door ?? 0, deadline_hours: 48, next: null },
    webhook: { url: "https://", next: null },
    handover: { journey: "" },
    wait: { span: span(1), next: null },
    wait_until: { time: "10:00", weekdays: [], next: null },
    wait_event: { event: "commerce.order_paid", where: [], at_most: span(3), next: null, otherwise: null },
    wait_date: { attribute: known.date ?? "", yearly: false, lead_days: 0, time: "09:30", next: null, otherwise: null },
    branch: { ways: [way(known.words.way_a, { rule: { all: [] } })], otherwise: null },
    split: { ways: [way("A", { share_bp: 5000 }), way("B", { share_bp: 5000 })] },
    channel: { ways: (known.channels || [""]).slice(0, 2).map((channel) => ({ channel, next: null })), answered_first: false, for_promotions: false, otherwise: null },
    outcome: { of: known.of ?? "", was: "opened", next: null, otherwise: null },
  }[kind];
  return { kind, name, at: [0, 0], ...own };
}

// The ways out of a node: key in the node, name in the log, where to.
export function exitsOf(step) {
  const ways = (step.ways || []).map((way, at) => ({ key: `ways.${at}`, name: way.name ?? way.channel, to: way.next }));
  const named = ["next", "otherwise"].filter((key) => key in step).map((key) => ({ key, name: key, to: step[key] }));
  return [...ways, ...named];
}

export function lead(step, key, to) {
  if (key.startsWith("ways.")) step.ways[Number(key.slice(5))].next = to;
  else step[key] = to;
}

export const startsOf = (graph) => graph.variants.map((one, at) => ({ key: `variants.${at}`, name: one.name, to: one.start || null }));

export function freshId(graph, kind) {
  const stem = kind.replace(/_/g, "-");
  for (let number = 1; ; number += 1) if (!(`${stem}-${number}` in graph.nodes)) return `${stem}-${number}`;
}

// A new node after another: in its free exit, or between it and what came next. Without one: at the start.
export function insertAfter(graph, id, step, after) {
  graph.nodes[id] = step;
  const through = exitsOf(step)[0]?.key;
  const holder = after && graph.nodes[after];
  const exits = holder ? exitsOf(holder) : after ? [] : startsOf(graph);
  const exit = exits.find((one) => !one.to) || exits[0];
  if (!exit) return;
  if (exit.to && through) lead(step, through, exit.to);
  if (holder) lead(holder, exit.key, id);
  else graph.variants[Number(exit.key.slice(9))].start = id;
}

// Gone; who led to it is led on to where it led first.
export function removeNode(graph, id) {
  const on = exitsOf(graph.nodes[id])[0]?.to ?? null;
  const next = on === id ? null : on;
  delete graph.nodes[id];
  for (const step of Object.values(graph.nodes)) for (const exit of exitsOf(step)) if (exit.to === id) lead(step, exit.key, next);
  for (const variant of graph.variants) if (variant.start === id) variant.start = next;
}

// Copies of these nodes, led among themselves as the originals were; what led outside leads nowhere.
export function duplicate(graph, steps) {
  const ids = {};
  for (const [old, step] of Object.entries(steps)) {
    ids[old] = freshId(graph, step.kind);
    graph.nodes[ids[old]] = copyOf(step);
  }
  for (const [old, id] of Object.entries(ids)) {
    const step = graph.nodes[id];
    step.at = [steps[old].at[0] + 40, steps[old].at[1] + 40];
    for (const exit of exitsOf(step)) lead(step, exit.key, ids[exit.to] ?? null);
    if (step.kind === "outcome") step.of = ids[step.of] ?? step.of;
  }
  return Object.values(ids);
}

// Depth first from the starts: [{id, depth, via}], each node once; what nobody leads to comes last, with via null.
export function outlineOf(graph) {
  const seen = new Set(), lines = [];
  const visit = (id, depth, via, forks) => {
    if (!id || seen.has(id) || !graph.nodes[id]) return;
    seen.add(id);
    lines.push({ id, depth, via, isFork: forks });
    const exits = exitsOf(graph.nodes[id]);
    exits.forEach((exit) => visit(exit.to, exits.length > 1 ? depth + 1 : depth, exit.name, exits.length > 1));
  };
  const starts = startsOf(graph);
  starts.forEach((start) => visit(start.to, 0, start.name, starts.length > 1));
  Object.keys(graph.nodes).forEach((id) => { if (!seen.has(id)) { seen.add(id); lines.push({ id, depth: 0, via: null, isFork: false }); } });
  return lines;
}

export const heightOf = (step) => HEIGHT + (step && exitsOf(step).length > 1 ? STRIP : 0);

// Rows by the longest way from the start; in a row by the middle of who leads there. Ways back are not counted.
export function arrange(graph) {
  const order = outlineOf(graph).map((line) => line.id);
  const place = Object.fromEntries(order.map((id, at) => [id, at]));
  const forward = (id) => exitsOf(graph.nodes[id]).map((exit) => exit.to).filter((to) => to in place && to !== id);
  const rank = ranks(order, place, forward);
  const rows = [];
  order.forEach((id) => (rows[rank[id]] ||= []).push(id));
  settle(graph, rows.filter(Boolean), forward);
}

function ranks(order, place, forward) {
  const rank = Object.fromEntries(order.map((id) => [id, 0]));
  const open = new Set(), done = [];
  const visit = (id) => {
    if (open.has(id) || done.includes(id)) return;
    open.add(id);
    forward(id).forEach(visit);
    open.delete(id);
    done.push(id);
  };
  order.forEach(visit);
  const at = Object.fromEntries(done.reverse().map((id, position) => [id, position]));
  done.forEach((id) => forward(id).forEach((to) => { if (at[to] > at[id]) rank[to] = Math.max(rank[to], rank[id] + 1); }));
  return rank;
}

function settle(graph, rows, forward) {
  const x = {};
  let y = 0;
  for (const row of rows) {
    const wish = (id) => x[id] ?? 0;
    const sorted = [...row].sort((one, other) => wish(one) - wish(other));
    const step = WIDTH + GAP_X;
    const middle = sorted.reduce((sum, id) => sum + wish(id), 0) / sorted.length;
    const start = middle - ((sorted.length - 1) * step) / 2;
    sorted.forEach((id, at) => { x[id] = start + at * step; graph.nodes[id].at = [Math.round(x[id]), y]; });
    for (const id of sorted) spread(forward(id), x, x[id], step);
    y += Math.max(...row.map((id) => heightOf(graph.nodes[id]))) + GAP_Y;
  }
}

function spread(children, x, middle, step) {
  children.forEach((id, at) => {
    const wish = middle + (at - (children.length - 1) / 2) * step;
    x[id] = id in x ? (x[id] + wish) / 2 : wish;
  });
}

// Where the entry stands: above where it leads to.
export function startPlace(graph) {
  const firsts = startsOf(graph).map((one) => graph.nodes[one.to]?.at).filter(Boolean);
  const all = Object.values(graph.nodes).map((step) => step.at);
  if (!firsts.length) return all.length ? [Math.min(...all.map(([x]) => x)), Math.min(...all.map(([, y]) => y)) - 130] : [0, -130];
  return [Math.round(firsts.reduce((sum, [x]) => sum + x, 0) / firsts.length), Math.min(...firsts.map(([, y]) => y)) - 130];
}

// The nearest node in a direction, for the arrow keys.
export function neighbour(graph, id, key) {
  const { nodes } = graph;
  if (key === "ArrowDown") return exitsOf(nodes[id]).map((exit) => exit.to).find((to) => nodes[to]) || null;
  if (key === "ArrowUp") return Object.keys(nodes).find((other) => exitsOf(nodes[other]).some((exit) => exit.to === id)) || null;
  const order = outlineOf(graph).map((line) => line.id);
  return order[order.indexOf(id) + (key === "ArrowRight" ? 1 : -1)] || null;
}
