// The rule as the builder edits it: the JSON of docs/segment.schema.json itself, nothing beside it.

export const ORDERS = ["count", "net", "average", "first", "last", "days_since_last", "recency", "frequency", "monetary"];
export const SCORES = ["recency", "frequency", "monetary"];
const LEAVES = ["attribute", "tag", "source", "relation", "consent", "identity", "created", "orders", "bought", "event", "segment"];

export const isGroup = (node) => "all" in node || "any" in node;
export const joint = (group) => ("all" in group ? "all" : "any");
export const kindOf = (leaf) => LEAVES.find((key) => key in leaf);

// "not" is shown as a switch on what it holds; one that was written twice stays written twice.
export const inner = (node) => ("not" in node ? inner(node.not) : node);
export const isNegated = (node) => "not" in node && !isNegated(node.not);
export const turned = (node) => (isNegated(node) ? node.not : { not: node });
export const refilled = (node, fresh) => ("not" in node ? { not: refilled(node.not, fresh) } : fresh);
export const innerPath = (node, path) => ("not" in node ? innerPath(node.not, joined(path, "not")) : path);
export const joined = (path, step) => (path ? `${path}.${step}` : step);

// Whether a typed rule can be drawn; what cannot stays text, and the server says what is wrong with it.
export function isShaped(node) {
  if (node === null || typeof node !== "object" || Array.isArray(node)) return false;
  if ("not" in node) return isShaped(node.not);
  if (isGroup(node)) return Array.isArray(node[joint(node)]) && node[joint(node)].every(isShaped);
  const kind = kindOf(node);
  if (!kind || Object.values(node).some((value) => value === null)) return false;
  if (["tag", "source", "relation", "identity", "bought"].includes(kind) && !Array.isArray(node[kind])) return false;
  if ((kind === "attribute" || kind === "orders") && !isTest(node.is)) return false;
  if (kind === "created" && !isTest(node.created)) return false;
  const events = kind === "event" ? [node, ...(node.then ? [node.then] : [])] : [];
  return ["is", "within"].every((key) => kind === "consent" || !(key in node) || isTest(node[key])) && events.every((one) => (one.where || []).every((filter) => isTest(filter.is)));
}

const isTest = (test) => test !== null && typeof test === "object" && Object.keys(test).length === 1;

// A condition that nobody has filled in yet.
export const isBlank = (leaf) => [leaf[kindOf(leaf)], leaf.is && Object.values(leaf.is)[0], ...(leaf.where || []).flatMap((one) => [one.property, Object.values(one.is)[0]])].some((value) => value === "" || (Array.isArray(value) && !value.length));

// What a fresh condition of a kind looks like.
export function fresh(kind, detail) {
  switch (kind) {
    case "attribute": return { attribute: detail.value, is: freshTest(detail.kind) };
    case "consent": return { consent: "promotion", channel: "phone", is: "granted" };
    case "created": return { created: { last_days: 30 } };
    case "orders": return { orders: detail, is: freshOrderTest(detail) };
    case "event": return { event: detail };
    case "segment": return { segment: detail };
    default: return { [kind]: [] };
  }
}

function freshOrderTest(fact) {
  if (fact === "first" || fact === "last") return { last_days: 90 };
  if (SCORES.includes(fact)) return { at_least: 4 };
  return { at_least: { count: 1, net: 100, average: 100, days_since_last: 60 }[fact] };
}

export function freshTest(kind) {
  return { text: { in: [] }, number: { at_least: 0 }, date: { last_days: 30 }, flag: { equals: true } }[kind];
}

export const OPS = {
  text: ["in", "equals", "contains", "starts"],
  number: ["at_least", "at_most", "greater", "less", "equals", "between", "in"],
  date: ["last_days", "next_days", "between", "after", "before", "equals"],
  flag: ["equals"],
};

export const opOf = (test) => Object.keys(test)[0];

// The value that a comparison begins with, keeping the old one where it fits.
export function retested(kind, op, old) {
  const value = old[opOf(old)];
  const one = Array.isArray(value) ? value[0] : value;
  if (op === "is_set") return { is_set: true };
  if (op === "in_months") return { in_months: [] };
  if (op.endsWith("_days")) return { [op]: Number.isInteger(one) ? one : 30 };
  if (op === "in") return { in: Array.isArray(value) ? value : one === undefined || one === "" ? [] : [one] };
  const blank = { text: "", number: 0, date: today(), flag: true }[kind];
  const fits = { text: "string", number: "number", date: "string", flag: "boolean" }[kind] === typeof one;
  const kept = fits && !(kind === "date" && !/^\d{4}-/.test(one)) ? one : blank;
  return { [op]: op === "between" ? [kept, kept] : kept };
}

export const today = () => new Date().toLocaleDateString("sv-SE"); // YYYY-MM-DD.

// Of the values that stand in a comparison, what they are.
export function typeOf(test) {
  const value = test[opOf(test)];
  const one = Array.isArray(value) ? value[0] : value;
  if (typeof one === "boolean" && opOf(test) !== "is_set") return "flag";
  return typeof one === "number" ? "number" : "text";
}

// The line of the written rule on which the node of a path begins; 0 where there is no such node.
export function lineOf(rule, path) {
  const steps = path.match(/[^.[\]]+/g) || [];
  const mark = "\u0001";
  const copy = structuredClone(rule);
  let place = copy, holder = null, key = null;
  for (const step of steps) {
    if (place === null || typeof place !== "object" || !(step in place)) break;
    [holder, key, place] = [place, step, place[step]];
  }
  if (!holder) return 1;
  holder[key] = mark;
  return written(copy).split("\n").findIndex((line) => line.includes(JSON.stringify(mark))) + 1;
}

export const written = (rule) => JSON.stringify(rule, null, 2);
