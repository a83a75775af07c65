// The rule editor: nested groups of conditions by clicks, keys and drags; any page may mount it.
//
// ruleEditor({ vocabulary, words, urls, icons, limits }) is a Vue component. Props: rule, the JSON of
// docs/segment.schema.json; error, {path, message} or null. It emits change with the new rule, and leaves a rule that
// nobody touches as it was written.
import { conditions } from "./conditions.js";
import { inputs } from "./inputs.js";
import { library } from "./known.js";
import { fresh, inner, innerPath, isBlank, isGroup, isNegated, joined, joint, kindOf, refilled, turned, written } from "./rule.js";
import { canUnwrap, chainOf, copied, dropped, fits, heightOf, levelOf, moves, unwrapped, wrapped } from "./tree.js";

const { h, nextTick, reactive, toRaw, watch } = Vue;
const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };
const TYPING = 600; // Milliseconds: what is typed within them is one step to undo.

export function ruleEditor(kit) {
  const { words } = kit;
  const deepest = kit.limits?.deepest || 8;
  const input = inputs(kit);
  const { select, button, iconButton } = input;
  const known = library(kit.urls);
  const { kinds, kindValue, freshOf, fields } = conditions(kit, input, known);

  return {
    props: ["rule", "error"],
    emits: ["change"],
    setup(props, { emit, expose }) {
      const state = reactive({ root: null, isBare: false, past: [], future: [], dragged: "", over: "", said: "" });
      let settled = "", typedAt = 0, typedIn = null;

      // A rule that is no group stands alone in one, and is written without it again.
      function open(rule) {
        state.isBare = !isGroup(rule);
        state.root = state.isBare ? { all: [rule] } : rule;
      }
      const isAlone = () => state.isBare && "all" in state.root && state.root.all.length === 1;
      const closed = () => (isAlone() ? state.root.all[0] : state.root);
      const plain = (rule) => JSON.parse(JSON.stringify(rule));

      open(plain(props.rule));
      settled = written(props.rule);

      watch(() => written(props.rule), (text) => {
        if (text === written(closed())) return;
        open(JSON.parse(text));
      });
      watch(() => written(closed()), (text) => {
        if (text === settled) return;
        const field = document.activeElement?.matches("input") ? document.activeElement : null;
        if (!field || field !== typedIn || Date.now() - typedAt > TYPING) state.past.push(settled);
        if (state.past.length > 100) state.past.shift();
        [typedAt, typedIn, settled] = [Date.now(), field, text];
        state.future = [];
        emit("change", JSON.parse(text));
      });

      // Undone and redone.
      function step(from, to) {
        const text = from.pop();
        if (text === undefined) return;
        to.push(settled);
        typedIn = null;
        settled = text; // Before the tree changes: this is no step of its own.
        open(JSON.parse(text));
        emit("change", JSON.parse(text));
      }
      const undo = () => step(state.past, state.future);
      const redo = () => step(state.future, state.past);
      expose({ undo, redo });

      const ids = new WeakMap();
      let counter = 0;
      const idOf = (node) => {
        const raw = toRaw(inner(node));
        if (!ids.has(raw)) ids.set(raw, ++counter);
        return ids.get(raw);
      };
      const box = `editor-${Math.random().toString(36).slice(2)}`;
      const focus = (id) => nextTick(() => document.querySelector(`[data-editor="${box}"] [data-node="${id}"] .handle`)?.focus());

      // Where a row is: its path on screen, which in a bare rule begins with the group that is not written.
      function moved(way, path, node) {
        const did = moves[way](state.root, path, deepest);
        state.said = did ? words.moved : words.cannot_move;
        if (did) focus(idOf(node));
      }

      function handle(path, node) {
        return h("span", { // Firefox drags no buttons.
          role: "button", tabindex: "0", class: "icon-button handle", draggable: "true", "aria-label": words.move, title: words.move_hint,
          onKeydown: (event) => {
            if (KEYS[event.key]) { event.preventDefault(); moved(KEYS[event.key], path, node); }
            if (event.key === "Delete") { event.preventDefault(); removed(path); }
          },
          onDragstart: (event) => { event.dataTransfer.setData("text/plain", path); event.dataTransfer.effectAllowed = "move"; state.dragged = path; },
          onDragend: () => { state.dragged = ""; state.over = ""; },
        }, [input.icon("selector")]);
      }

      const spot = (path) => ({
        onDragover: (event) => { if (!state.dragged) return; event.preventDefault(); event.stopPropagation(); state.over = path; },
        onDrop: (event) => { event.preventDefault(); event.stopPropagation(); drop(path); },
      });

      // Dropped on a row: before it; on the foot of a group ("…[end]"): after all it holds.
      function drop(path) {
        const from = state.dragged;
        state.dragged = state.over = "";
        if (!from || from === path) return;
        const listPath = path.slice(0, path.lastIndexOf("["));
        const { list, place } = path.endsWith("[end]") ? { list: listAt(listPath), place: Infinity } : at(path);
        const did = dropped(state.root, from, list, Math.min(place, list.length), listPath, deepest);
        state.said = did ? words.moved : words.cannot_move;
      }
      const listAt = (path) => (path.match(/[^.[\]]+/g) || []).reduce((place, step) => place[step], state.root);
      const at = (path) => chainOf(state.root, path).at(-1);
      const removed = (path) => { const own = at(path); own.list.splice(own.place, 1); };
      const replaced = (path, node) => { const own = at(path); own.list[own.place] = node; };

      function tools(path, node, key) {
        const canWrap = levelOf(path) + heightOf(node) <= deepest;
        return h("div", { class: "row-tools" }, [
          iconButton(words.duplicate, "copy", () => copied(at(path))),
          canWrap && iconButton(words.wrap, "list-tree", () => wrapped(at(path), key === "all" ? "any" : "all")),
          canUnwrap(node) && iconButton(words.unwrap, "arrow-left", () => unwrapped(at(path))),
          iconButton(isGroup(inner(node)) ? words.remove_group : words.remove_condition, "trash", () => removed(path)),
        ]);
      }

      // What the server complained of. The path of a bare rule's one condition is empty there.
      const told = (path) => (isAlone() ? path.replace(/^all\[0\]\.?/, "") : path);
      function wrongAt(path, part = "") {
        if (!props.error) return null;
        const full = part ? joined(told(path), part) : told(path);
        if (full && props.error.path !== full && !props.error.path.startsWith(`${full}.`) && !props.error.path.startsWith(`${full}[`)) return null;
        return { at: Number(props.error.path.slice(full.length).match(/^\[(\d+)\]/)?.[1]), message: props.error.message };
      }

      function conditionRow(node, path, key) {
        const leaf = inner(node);
        const deep = innerPath(node, path);
        const wrong = wrongAt(deep);
        const again = (value) => replaced(path, refilled(node, freshOf(value)));
        return h("div", { class: ["condition", { "is-wrong": wrong && !isBlank(leaf), "is-blank": wrong && isBlank(leaf) }] }, [
          h("div", { class: "condition-line" }, [
            handle(path, node),
            h("div", { class: "condition-fields" }, [
              select(words.is, isNegated(node) ? "not" : "is", [{ value: "is", label: words.is }, { value: "not", label: words.is_not }], () => replaced(path, turned(node))),
              select(words.kind, kindValue(leaf), kinds, again),
              ...fields[kindOf(leaf)](leaf, (part) => wrongAt(deep, part)),
            ]),
            tools(path, node, key),
          ]),
          wrong && h("p", { class: "condition-error", role: "alert" }, isBlank(leaf) ? words.not_filled : wrong.message),
        ]);
      }

      function groupBox(node, path, outer) {
        const group = inner(node);
        const key = joint(group);
        const children = group[key];
        const list = joined(innerPath(node, path), key);
        const turn = (other) => { if (other !== key) { if (path) replaced(path, refilled(node, { [other]: toRaw(children) })); else state.root = { [other]: toRaw(children) }; } };
        const pressed = (name) => ({ type: "button", "aria-pressed": String(key === name), onClick: () => turn(name) });
        const hint = children.length ? words[`${key}_hint`] : key === "all" ? words.everyone : words.nobody;
        const wrong = props.error && [told(innerPath(node, path)), told(list)].includes(props.error.path) && !(isAlone() && !path) ? props.error.message : "";
        return h("fieldset", { class: ["rule-group", { "is-any": key === "any", "is-excluded": isNegated(node) }] }, [
          h("legend", { class: "visually-hidden" }, words.group),
          h("div", { class: "group-head" }, [
            path && handle(path, node),
            h("div", { class: "segmented" }, [h("button", pressed("all"), words.all), h("button", pressed("any"), words.any)]),
            path && h("button", { type: "button", class: "chip", "aria-pressed": String(isNegated(node)), onClick: () => replaced(path, turned(node)) }, words.exclude),
            h("span", { class: "muted small" }, isNegated(node) ? `${words.not_hint} · ${hint}` : hint),
            path ? tools(path, node, outer) : history(),
          ]),
          wrong && h("p", { class: "condition-error", role: "alert" }, wrong),
          ...children.map((child, place) => {
            const here = `${list}[${place}]`;
            const draw = isGroup(inner(child)) ? groupBox : conditionRow;
            return h("div", { key: idOf(child), "data-node": idOf(child), class: ["rule-row", { "is-over": state.over === here && state.dragged }], ...spot(here) }, [draw(child, here, key)]);
          }),
          h("div", { class: ["group-foot", { "is-over": state.over === `${list}[end]` && state.dragged }], ...spot(`${list}[end]`) }, [
            button(words.add_condition, "plus", () => children.push(fresh("tag"))),
            fits({ all: [fresh("tag")] }, joined(innerPath(node, path), "all[0]"), deepest) && button(words.add_group, "plus", () => children.push({ [key === "all" ? "any" : "all"]: [fresh("tag")] })),
          ]),
        ]);
      }

      const history = () => h("div", { class: "editor-tools" }, [
        iconButton(words.undo, "arrow-back-up", undo, { disabled: !state.past.length }),
        iconButton(words.redo, "arrow-back-up", redo, { disabled: !state.future.length, flipped: true }),
      ]);

      function keys(event) {
        const isText = event.target.matches("input, textarea");
        if (isText || !(event.ctrlKey || event.metaKey)) return;
        const key = event.key.toLowerCase();
        const does = key === "y" || (key === "z" && event.shiftKey) ? redo : key === "z" ? undo : null;
        if (!does) return;
        event.preventDefault();
        event.currentTarget.focus(); // What had the focus may be gone after it.
        does();
      }

      return () => h("div", { class: "rule-editor", tabindex: "-1", "data-editor": box, onKeydown: keys }, [
        groupBox(state.root, "", null),
        h("p", { class: "visually-hidden", "aria-live": "polite" }, state.said),
      ]);
    },
  };
}
