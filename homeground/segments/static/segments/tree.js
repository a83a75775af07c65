// The tree changed in place: where a node stands, and where it may go. Paths are those of refusals: all[0].not.any[1].
import { inner, innerPath, isGroup, isNegated, joined, joint, refilled } from "./rule.js";

// The lists on the way to a node, outermost first: each with the place in it. A group is known by its place, "not" and all.
export function chainOf(root, path) {
  const steps = path.match(/[^.[\]]+/g) || [];
  const chain = [];
  let node = root;
  while (steps.length) {
    const step = steps.shift();
    if (step === "not") node = node.not;
    else {
      const list = node[step];
      const place = Number(steps.shift());
      chain.push({ list, place });
      node = list[place];
    }
  }
  return chain;
}

// Levels as the server counts them: the root is the first, "not" is one.
export const levelOf = (path) => (path ? path.split(".").length + 1 : 1);
export const heightOf = (node) => 1 + Math.max(0, ...("not" in node ? [heightOf(node.not)] : isGroup(node) ? node[joint(node)].map(heightOf) : []));
export const fits = (node, path, deepest) => levelOf(path) + heightOf(node) - 1 <= deepest;

const taken = ({ list, place }) => list.splice(place, 1)[0];
const parts = (root, path) => { const chain = chainOf(root, path); return [chain.at(-1), chain.at(-2)]; };

// Up and down go out of a group at its ends; in goes into a group beside. Each says whether it moved.
export const moves = {
  up(root, path) {
    const [own, parent] = parts(root, path);
    if (own.place > 0) own.list.splice(own.place - 1, 0, taken(own));
    else if (parent) parent.list.splice(parent.place, 0, taken(own));
    else return false;
    return true;
  },
  down(root, path) {
    const [own, parent] = parts(root, path);
    if (own.place < own.list.length - 1) own.list.splice(own.place + 1, 0, taken(own));
    else if (parent) parent.list.splice(parent.place + 1, 0, taken(own));
    else return false;
    return true;
  },
  out(root, path) {
    const [own, parent] = parts(root, path);
    if (!parent) return false;
    parent.list.splice(parent.place + 1, 0, taken(own));
    return true;
  },
  in(root, path, deepest) {
    const [own] = parts(root, path);
    const node = own.list[own.place];
    const beside = [own.list[own.place - 1], own.list[own.place + 1]];
    const at = beside.findIndex((one) => one && isGroup(inner(one)));
    if (at < 0) return false;
    const group = inner(beside[at]);
    const above = path.replace(/\[\d+\]$/, `[${own.place - 1}]`);
    if (!fits(node, joined(innerPath(beside[at], above), "all[0]"), deepest)) return false;
    taken(own);
    group[joint(group)].splice(at === 0 ? group[joint(group)].length : 0, 0, node);
    return true;
  },
};

// A node dropped into a list before a place. Not into itself, and not deeper than allowed.
export function dropped(root, path, list, place, listPath, deepest) {
  const [own] = parts(root, path);
  const node = own.list[own.place];
  if (listPath === path || listPath.startsWith(`${path}.`) || !fits(node, joined(listPath, "all[0]"), deepest)) return false;
  const isSame = own.list === list;
  taken(own);
  list.splice(isSame && own.place < place ? place - 1 : place, 0, node);
  return true;
}

export const copied = ({ list, place }) => list.splice(place + 1, 0, JSON.parse(JSON.stringify(list[place])));
export const wrapped = ({ list, place }, key) => list.splice(place, 1, { [key]: [list[place]] });

// A group gives way to what it holds. Excluding several together is not the same as excluding each: then it stays.
export const canUnwrap = (node) => isGroup(inner(node)) && (!isNegated(node) || inner(node)[joint(inner(node))].length === 1);
export function unwrapped({ list, place }) {
  const node = list[place];
  const held = inner(node)[joint(inner(node))];
  list.splice(place, 1, ...(isNegated(node) ? held.map((one) => refilled({ not: null }, one)) : held));
}
