// The segment builder: nested groups by clicks or as JSON, counted while they change.
import { fresh, freshTest, inner, isGroup, isNegated, joint, kindOf, lineOf, normal, opOf, OPS, ORDERS, retested, SCORES, typeOf, written } from "./rule.js";

const { createApp, h, reactive, toRaw, watch } = Vue;
const given = JSON.parse(document.getElementById("builder-data").textContent);
const { words, vocabulary, urls } = given;
const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
const icons = document.getElementById("builder").dataset.icons;

const state = reactive({
  rule: normal(given.rule),
  settings: given.segment,
  view: "clicks",
  text: "",
  error: null, // {path, message} of the rule.
  fields: {}, // Errors of name and slug.
  found: null,
  isCounting: false,
  isSaving: false,
  past: [], // Earlier rules, newest last.
  lists: {}, // Values of attributes, properties of events, as they were asked for.
});
let settled = written(state.rule);

// Small parts.
const icon = (name) => h("svg", { class: "icon", "aria-hidden": "true" }, [h("use", { href: `${icons}#${name}` })]);
const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const option = (value, label, selected) => h("option", { value, selected }, label);

function select(label, value, choices, change) {
  const known = choices.some((group) => (group.options || [group]).some((one) => one.value === value));
  const listed = known ? choices : [{ value, label: value || words.choose }, ...choices];
  const options = listed.map((one) => one.options ? h("optgroup", { label: one.label }, one.options.map((inside) => option(inside.value, inside.label, inside.value === value))) : option(one.value, one.label, one.value === value));
  return h("select", { class: "form-select", "aria-label": label, value, onChange: (event) => change(event.target.value) }, options);
}

function number(label, value, change, more = {}) {
  return h("input", { class: "form-control number", type: "number", step: "any", "aria-label": label, value, ...more, onInput: (event) => { if (event.target.value !== "" && event.target.validity.valid) change(Number(event.target.value)); } });
}

const whole = (label, value, change, max = 36600) => number(label, value, (given) => change(Math.trunc(given)), { min: 1, max, step: 1 });
const day = (label, value, change) => h("input", { class: "form-control", type: "date", min: "1900-01-01", max: "2299-12-31", "aria-label": label, value, onInput: (event) => event.target.value && change(event.target.value) });
const unit = (field, text) => h("div", { class: "input-group" }, [field, h("span", { class: "input-group-text" }, text)]);
const button = (text, name, press, more = {}) => h("button", { type: "button", class: "btn btn-plain btn-sm", onClick: press, ...more }, [name && icon(name), text]);

// Choices that are few stand as chips to press; others are typed, with what is known offered.
const chipField = {
  props: ["label", "values", "choices", "numeric"],
  emits: ["change"],
  setup(props, { emit }) {
    const list = `known-${Math.random().toString(36).slice(2)}`;
    const labelOf = (value) => props.choices.find((one) => one.value === value)?.label ?? value;
    const toggle = (value) => emit("change", props.values.includes(value) ? props.values.filter((one) => one !== value) : [...props.values, value]);
    const take = (input) => {
      const text = input.value.trim();
      const chosen = props.choices.find((one) => one.label === text)?.value ?? text;
      const value = props.numeric ? Number(chosen) : chosen;
      if (text && !Number.isNaN(value) && !props.values.includes(value)) emit("change", [...props.values, value]);
      input.value = "";
    };
    return () => {
      const few = props.choices.length && props.choices.length <= 12;
      const shown = few ? [...new Set([...props.choices.map((one) => one.value), ...props.values])] : props.values;
      return h("div", { class: "chips", role: "group", "aria-label": props.label }, [
        ...shown.map((value) => h("button", { type: "button", class: "chip", key: value, "aria-pressed": String(props.values.includes(value)), onClick: () => toggle(value) }, String(labelOf(value)))),
        h("input", { class: "form-control chip-input", list, "aria-label": `${props.label} ${words.type_and_enter}`, placeholder: words.type_and_enter,
          onKeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); take(event.target); } },
          onChange: (event) => take(event.target) }),
        h("datalist", { id: list }, props.choices.slice(0, 200).map((one) => h("option", { value: one.label }))),
      ]);
    };
  },
};
const chips = (label, values, choices, change, numeric = false) => h(chipField, { label, values, choices, numeric, onChange: change });

// Asked for once, when first shown.
function asked(kind, key) {
  const name = `${kind}:${key}`;
  if (!(name in state.lists)) {
    state.lists[name] = [];
    const [url, field] = { values: [urls.values, "attribute"], properties: [urls.properties, "event"] }[kind];
    fetch(`${url}?${new URLSearchParams({ [field]: key })}`).then((answer) => (answer.ok ? answer.json() : { values: [] })).then((found) => { state.lists[name] = found.values; }, () => {});
  }
  return state.lists[name].map((value) => ({ value, label: value }));
}

// One comparison. extra: further ways, like is_set.
function testFields(kind, test, change, { extra = [], choices = [], suffix = "", more = {}, scale = 1 } = {}) {
  const op = opOf(test);
  const ops = [...OPS[kind].filter((one) => kind !== "flag"), ...extra];
  const name = op === "is_set" && !test.is_set ? "is_unset" : op;
  const label = (one) => (kind === "date" && one === "equals" ? words.equals : words[one]);
  const picked = kind === "flag"
    ? select(words.comparison, op === "is_set" ? name : String(test.equals), [{ value: "true", label: words.yes }, { value: "false", label: words.no }, ...unset(extra)], (value) => change(value.startsWith("is_") ? { is_set: value === "is_set" } : { equals: value === "true" }))
    : select(words.comparison, name, [...ops.filter((one) => one !== "is_set").map((one) => ({ value: one, label: label(one) })), ...unset(extra)], (value) => change(value.startsWith("is_") ? { is_set: value === "is_set" } : retested(kind, value, test)));
  return [picked, ...valueFields(kind, op, test, change, { choices, suffix, more, scale })];
}

const unset = (extra) => (extra.includes("is_set") ? [{ value: "is_set", label: words.is_set }, { value: "is_unset", label: words.is_unset }] : []);

function valueFields(kind, op, test, change, { choices = [], suffix = "", more = {}, scale = 1 }) {
  if (kind === "flag" || op === "is_set") return [];
  const value = test[op];
  if (op.endsWith("_days")) return [unit(whole(words[op], value, (days) => change({ [op]: days }), op === "anniversary_days" ? 366 : 36600), words.days)];
  if (op === "in") return [chips(words.value, value, choices, (values) => change({ in: values }), kind === "number")];
  const one = (label, now, set) => {
    if (kind === "date") return day(label, now, set);
    if (kind === "number") {
      const input = number(label, now / scale, (given) => set(scale === 1 ? given : Math.round(given * scale)), more);
      return suffix ? unit(input, suffix) : input;
    }
    return h("input", { class: "form-control", "aria-label": label, value: now, onInput: (event) => set(event.target.value) });
  };
  if (op !== "between") return [one(words.value, value, (given) => change({ [op]: given }))];
  return [one(words.from, value[0], (low) => change({ between: [low, value[1]] })), h("span", { class: "muted" }, words.to), one(words.until, value[1], (high) => change({ between: [value[0], high] }))];
}

function windowFields(node, key, isOptional) {
  const window = node[key];
  const ways = ["last_days", "between", "after", "before"];
  const now = window ? opOf(window) : "ever";
  const change = (value) => { if (value === "ever") delete node[key]; else node[key] = retested("date", value, window || { last_days: 30 }); };
  const choices = [...(isOptional ? [{ value: "ever", label: words.ever }] : []), ...ways.map((one) => ({ value: one, label: words[one] }))];
  const fields = [select(words.window, now, choices, change)];
  return window ? [...fields, ...valueFields("date", now, window, (given) => { node[key] = given; }, {})] : fields;
}

// Conditions.
function kinds() {
  const plain = (kind) => ({ value: kind, label: words[kind] });
  return [
    { label: words.profile, options: [...["tag", "source", "relation", "consent", "identity", "created"].map(plain)] },
    ...(vocabulary.attributes.length ? [{ label: words.attributes, options: vocabulary.attributes.map((one) => ({ value: `attribute:${one.value}`, label: one.label })) }] : []),
    { label: words.orders, options: [...ORDERS.map((fact) => ({ value: `orders:${fact}`, label: words[fact] })), plain("bought")] },
    { label: words.behaviour, options: [plain("event")] },
    ...(vocabulary.segments.length ? [{ label: words.others, options: [plain("segment")] }] : []),
  ];
}

const kindValue = (leaf) => {
  const kind = kindOf(leaf);
  return kind === "attribute" || kind === "orders" ? `${kind}:${leaf[kind]}` : kind;
};

function freshOf(value) {
  const [kind, key] = value.split(/:(.*)/s);
  if (kind === "attribute") return fresh(kind, vocabulary.attributes.find((one) => one.value === key));
  if (kind === "orders") return fresh(kind, key);
  return fresh(kind, vocabulary[`${kind}s`]?.[0]?.value || "");
}

const fields = {
  attribute(node) {
    const known = vocabulary.attributes.find((one) => one.value === node.attribute);
    const kind = known?.kind || "text";
    const extra = kind === "date" ? ["anniversary_days", "is_set"] : ["is_set"];
    const choices = kind === "text" ? asked("values", node.attribute) : [];
    return testFields(kind, node.is, (test) => { node.is = test; }, { extra, choices });
  },
  tag: (node) => [chips(words.tag, node.tag, vocabulary.tags, (values) => { node.tag = values; })],
  source: (node) => [chips(words.source, node.source, vocabulary.sources, (values) => { node.source = values; })],
  relation: (node) => [chipsOf(words.relation, node, "relation", vocabulary.relations)],
  identity: (node) => [chipsOf(words.identity, node, "identity", vocabulary.identities)],
  consent: (node) => [
    select(words.purpose, node.consent, vocabulary.purposes, (value) => { node.consent = value; }),
    select(words.channel, node.channel, vocabulary.channels, (value) => { node.channel = value; }),
    select(words.comparison, node.is, [{ value: "granted", label: words.granted }, { value: "refused", label: words.refused }], (value) => { node.is = value; }),
  ],
  created: (node) => windowFields(node, "created", false),
  segment: (node) => [select(words.segment, node.segment, vocabulary.segments, (value) => { node.segment = value; })],
  bought: (node) => [chips(words.bought, node.bought, [], (values) => { node.bought = values; }), ...windowFields(node, "within", true)],
  orders(node) {
    const fact = node.orders;
    const kind = fact === "first" || fact === "last" ? "date" : "number";
    const isMoney = fact === "net" || fact === "average";
    const suffix = isMoney ? vocabulary.currency : SCORES.includes(fact) ? words.scale : fact === "days_since_last" ? words.days : "";
    const more = SCORES.includes(fact) ? { min: 1, max: 5, step: 1 } : isMoney ? { step: "0.01" } : {};
    const window = SCORES.includes(fact) ? [] : windowFields(node, "within", true);
    return [...window, ...testFields(kind, node.is, (test) => { node.is = test; }, { suffix, more })];
  },
  event: eventFields,
};

// Fixed words only: pressed or not, nothing to type.
function chipsOf(label, node, key, choices) {
  const press = (value) => { node[key] = node[key].includes(value) ? node[key].filter((one) => one !== value) : [...node[key], value]; };
  return h("div", { class: "chips", role: "group", "aria-label": label }, choices.map((one) => h("button", { type: "button", class: "chip", key: one.value, "aria-pressed": String(node[key].includes(one.value)), onClick: () => press(one.value) }, one.label)));
}

function measureOf(node) {
  if (node.then) return "then";
  if (!node.measure || node.measure === "count") return node.is ? "times" : "did";
  return typeof node.measure === "string" ? `${node.measure}_time` : opOf(node.measure);
}

function measured(node, name) {
  for (const key of ["measure", "is", "then"]) delete node[key];
  if (name === "times") node.is = { at_least: 2 };
  if (name === "then") node.then = { event: "commerce.order_paid", within_days: 7 };
  if (name === "first_time" || name === "last_time") Object.assign(node, { measure: name.split("_")[0], is: { last_days: 30 } });
  if (["sum", "min", "max"].includes(name)) Object.assign(node, { measure: { [name]: asked("properties", node.event)[0]?.value || "amount_minor" }, is: { at_least: 1 } });
}

function eventFields(node) {
  const name = measureOf(node);
  const measures = ["did", "times", "sum", "min", "max", "first_time", "last_time", "then"].map((one) => ({ value: one, label: words[one] }));
  const parts = [select(words.event, node.event, vocabulary.events, (value) => { node.event = value; }), ...windowFields(node, "within", true), select(words.measure, name, measures, (value) => measured(node, value))];
  if (["sum", "min", "max"].includes(name)) parts.push(propertyField(node.event, node.measure[name], (value) => { node.measure = { [name]: value }; }));
  const key = ["sum", "min", "max"].includes(name) ? node.measure[name] : "";
  if (node.is) parts.push(...testFields(name.endsWith("_time") ? "date" : "number", node.is, (test) => { node.is = test; }, moneyOf(key)));
  if (node.then) parts.push(unit(whole(words.within_days, node.then.within_days, (days) => { node.then.within_days = days; }), words.within_days), select(words.then, node.then.event, vocabulary.events, (value) => { node.then.event = value; }));
  return [...parts, filtersOf(node), ...(node.then?.event ? [h("span", { class: "muted small" }, words.then), filtersOf(node.then)] : [])];
}

function filtersOf(node) {
  return h("div", { class: "filters-of" }, [...(node.where || []).map((one, at) => filterFields(node, one, at)), button(words.add_filter, "filter-plus", () => { node.where = [...(node.where || []), { property: asked("properties", node.event)[0]?.value || "", is: { equals: "" } }]; })]);
}

// Properties in minor units are typed and shown in major ones.
const moneyOf = (key) => (key.endsWith("_minor") ? { scale: 10 ** vocabulary.digits, suffix: vocabulary.currency, more: { step: "any" } } : {});

function propertyField(event, value, change) {
  const known = asked("properties", event);
  return select(words.property, value, known, change);
}

function filterFields(node, one, at) {
  const kind = opOf(one.is) === "is_set" ? "text" : typeOf(one.is);
  const types = ["text", "number", "flag"].map((type) => ({ value: type, label: words[`as_${type}`] }));
  const drop = () => { node.where = node.where.filter((_, place) => place !== at); if (!node.where.length) delete node.where; };
  return h("div", { class: "condition-fields", key: at }, [
    h("span", { class: "muted small" }, words.where),
    propertyField(node.event, one.property, (value) => { one.property = value; }),
    select(words.value_kind, kind, types, (type) => { one.is = type === "text" ? { equals: "" } : freshTest(type); }),
    ...testFields(kind, one.is, (test) => { one.is = test; }, { extra: ["is_set"], ...(kind === "number" ? moneyOf(one.property) : {}) }),
    button("", "x", drop, { "aria-label": words.remove, class: "btn btn-link btn-sm" }),
  ]);
}

// The tree.
const complains = (path) => state.error && (state.error.path === path || state.error.path.startsWith(`${path}.`));

function conditionRow(node, path, replace, remove) {
  const leaf = inner(node);
  const wrong = complains(path);
  const negate = (value) => replace(value === "not" ? { not: leaf } : leaf);
  const again = (value) => replace(isNegated(node) ? { not: freshOf(value) } : freshOf(value));
  return h("div", { class: ["condition", { "is-wrong": wrong }] }, [
    h("div", { class: "condition-line" }, [
      h("div", { class: "condition-fields" }, [
        select(words.is, isNegated(node) ? "not" : "is", [{ value: "is", label: words.is }, { value: "not", label: words.is_not }], negate),
        select(words.kind, kindValue(leaf), kinds(), again),
        ...fields[kindOf(leaf)](leaf),
      ]),
      button("", "trash", remove, { "aria-label": words.remove_condition, title: words.remove_condition, class: "btn btn-plain btn-sm" }),
    ]),
    wrong && h("p", { class: "condition-error", role: "alert" }, state.error.message),
  ]);
}

const ids = new WeakMap();
let counter = 0;
const idOf = (node) => {
  const raw = toRaw(node);
  if (!ids.has(raw)) ids.set(raw, ++counter);
  return ids.get(raw);
};

function groupBox(node, path, replace, remove) {
  const group = inner(node);
  const key = joint(group);
  const children = group[key];
  const inside = isNegated(node) ? `${path}${path ? "." : ""}not` : path;
  const at = (place) => `${inside}${inside ? "." : ""}${key}[${place}]`;
  const put = (place) => (fresh) => { children[place] = fresh; };
  const drop = (place) => () => { children.splice(place, 1); };
  const turn = (other) => replace(isNegated(node) ? { not: { [other]: children } } : { [other]: children });
  const pressed = (name) => ({ type: "button", "aria-pressed": String(key === name), onClick: () => turn(name) });
  const hint = children.length ? words[`${key}_hint`] : key === "all" ? words.everyone : words.nobody;
  return h("fieldset", { class: ["rule-group", { "is-any": key === "any", "is-excluded": isNegated(node) }] }, [
    h("legend", { class: "visually-hidden" }, words.group),
    h("div", { class: "group-head" }, [
      h("div", { class: "segmented" }, [h("button", pressed("all"), words.all), h("button", pressed("any"), words.any)]),
      remove && h("button", { type: "button", class: "chip", "aria-pressed": String(isNegated(node)), onClick: () => replace(isNegated(node) ? group : { not: group }) }, words.exclude),
      h("span", { class: "muted small" }, isNegated(node) ? `${words.not_hint} · ${hint}` : hint),
      remove && button("", "trash", remove, { "aria-label": words.remove_group, title: words.remove_group, class: "btn btn-link btn-sm group-remove" }),
    ]),
    ...children.map((child, place) => {
      const draw = isGroup(inner(child)) ? groupBox : conditionRow;
      return h("div", { key: idOf(inner(child)) }, [draw(child, at(place), put(place), drop(place))]);
    }),
    h("div", { class: "group-foot" }, [
      button(words.add_condition, "plus", () => children.push(fresh("tag"))),
      button(words.add_group, "plus", () => children.push({ [key === "all" ? "any" : "all"]: [fresh("tag")] })),
    ]),
  ]);
}

// What is shown beside it.
const percent = (share) => new Intl.NumberFormat(given.language, { style: "percent", maximumFractionDigits: 1 }).format(share);
const grouped = (count) => new Intl.NumberFormat(given.language).format(count);

function estimate() {
  const found = state.found;
  const share = found && found.everyone ? percent(found.customers / found.everyone) : "—";
  return h("section", { class: "card", "aria-live": "polite", "aria-busy": String(state.isCounting) }, [
    h("div", { class: "card-head" }, [h("h2", words.estimate), state.isCounting && h("span", { class: "muted small" }, words.counting)]),
    h("div", { class: "card-body" }, state.error ? [h("p", { class: "muted" }, words.fix), h("p", { class: "small" }, [h("code", state.error.path || "$"), ` ${state.error.message}`])] : [
      h("p", { class: ["estimate", { "is-old": state.isCounting }] }, found ? grouped(found.customers) : "…"),
      found && h("p", { class: "muted" }, `${say(words.share, { share })} · ${say(words.as_of, { moment: found.as_of })}`),
    ]),
  ]);
}

const inWords = () => state.found && !state.error && h("section", { class: "card" }, [h("div", { class: "card-head" }, [h("h2", words.in_words)]), h("div", { class: "card-body" }, [h("p", { class: "sentence" }, state.found.sentence)])]);

function sample() {
  if (!state.found || state.error) return null;
  const rows = state.found.sample.map((one) => h("li", { key: one.id }, [h("span", { class: "avatar", "aria-hidden": "true" }, one.name.slice(0, 1)), one.url ? h("a", { href: one.url }, one.name) : one.name, h("small", { class: "muted" }, [one.relation, one.source].filter(Boolean).join(" · "))]));
  return h("section", { class: "card" }, [h("div", { class: "card-head" }, [h("h2", words.sample), h("span", { class: "muted small" }, words.more)]), h("div", { class: "card-body" }, rows.length ? [h("ul", { class: "sample" }, rows)] : [h("p", { class: "muted" }, words.nobody_found)])]);
}

function field(name, control) {
  const errors = state.fields[name] || [];
  return h("div", { class: "field" }, [h("label", { class: "form-label", for: `builder-${name}` }, words[name] || name), control, ...errors.map((one) => h("p", { class: "condition-error", role: "alert" }, one.message))]);
}

function settings() {
  const own = state.settings;
  const choice = (name, key, choices, cast) => field(name, h("select", { class: "form-select", id: `builder-${name}`, value: own[key], onChange: (event) => { own[key] = cast(event.target.value); } }, choices.map(([value, label]) => option(value, label, value === own[key]))));
  return h("section", { class: "card" }, [h("div", { class: "card-body builder-settings" }, [
    field("name", h("input", { class: "form-control", id: "builder-name", maxlength: 60, required: true, value: own.name, onInput: (event) => { own.name = event.target.value; } })),
    choice("link", "link", given.links, String),
    !own.is_static && choice("interval", "refresh_minutes", given.intervals, Number),
    own.is_new && h("div", { class: "form-check" }, [h("input", { class: "form-check-input", type: "checkbox", id: "builder-static", checked: own.is_static, onChange: (event) => { own.is_static = event.target.checked; } }), h("label", { class: "form-check-label", for: "builder-static" }, words.static)]),
    h("button", { type: "button", class: "btn btn-primary", disabled: state.isSaving, onClick: save }, [icon("device-floppy"), state.isSaving ? words.saving : words.save]),
  ])]);
}

function ruleCard() {
  const view = (name) => ({ type: "button", "aria-pressed": String(state.view === name), onClick: () => show(name) });
  return h("section", { class: "card" }, [
    h("div", { class: "card-head" }, [h("h2", words.rules), h("div", { class: "actions" }, [
      button(words.undo, "arrow-back-up", undo, { disabled: !state.past.length }),
      h("div", { class: "segmented" }, [h("button", view("clicks"), words.clicks), h("button", view("json"), words.json)]),
    ])]),
    h("div", { class: "card-body" }, [state.view === "json" ? jsonView() : groupBox(state.rule, "", (rule) => { state.rule = rule; }, null)]),
  ]);
}

function jsonView() {
  const line = state.error && !state.error.isSyntax ? `${say(words.line, { line: lineOf(toRaw(state.rule), state.error.path) })} · ${state.error.path || "$"} · ` : "";
  return h("div", [
    h("textarea", { class: ["form-control mono rule-json", { "is-invalid": state.error }], rows: 22, spellcheck: "false", "aria-label": words.json_label, value: state.text, onInput: (event) => typed(event.target.value) }),
    state.error ? h("p", { class: "condition-error", role: "alert" }, line + state.error.message) : h("p", { class: "muted small" }, words.schema_note),
  ]);
}

function show(name) {
  if (name === "json") state.text = written(state.rule);
  if (name === "clicks" && state.error?.isSyntax) state.error = null;
  state.view = name;
}

function typed(text) {
  state.text = text;
  try {
    const rule = JSON.parse(text);
    if (rule === null || typeof rule !== "object" || Array.isArray(rule)) throw new SyntaxError("{ … }");
    state.error = null;
    state.rule = shaped(rule) ? normal(rule) : rule;
    if (!shaped(rule)) state.view = "json";
  } catch (error) {
    state.error = { path: "", message: error.message, isSyntax: true };
  }
}

// Whether a typed rule can be drawn; what cannot stays text, and the server says what is wrong with it.
function shaped(node) {
  if (node === null || typeof node !== "object" || Array.isArray(node)) return false;
  if ("not" in node) return shaped(node.not);
  if (isGroup(node)) return Array.isArray(node[joint(node)]) && node[joint(node)].every(shaped);
  const kind = kindOf(node);
  if (!kind) return false;
  if (["tag", "source", "relation", "identity", "bought"].includes(kind)) return Array.isArray(node[kind]);
  if (kind === "attribute" || kind === "orders") return node.is !== null && typeof node.is === "object" && Object.keys(node.is).length === 1;
  return kind !== "created" || (node.created !== null && typeof node.created === "object");
}

function undo() {
  const before = state.past.pop();
  settled = before;
  state.rule = JSON.parse(before);
  if (state.view === "json") state.text = before;
  count();
}

// Counting: after a pause, the newest question only.
let timer = null, running = null;

function changed() {
  const now = written(state.rule);
  if (now === settled) return;
  state.past.push(settled);
  if (state.past.length > 50) state.past.shift();
  settled = now;
  clearTimeout(timer);
  timer = setTimeout(count, 350);
}

const post = (url, body, more = {}) => fetch(url, { method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/json" }, body: JSON.stringify(body), ...more });

async function count() {
  running?.abort();
  const mine = (running = new AbortController());
  state.isCounting = true;
  try {
    const answer = await post(urls.preview, { rule: state.rule, slug: state.settings.slug }, { signal: mine.signal });
    if (answer.ok) take(await answer.json());
    else state.error = { path: "", message: words.failed };
  } catch (error) {
    if (error.name !== "AbortError") state.error = { path: "", message: words.failed };
  }
  if (running === mine) state.isCounting = false;
}

function take(answer) {
  state.error = answer.message ? answer : null;
  if (!answer.message) state.found = answer;
}

async function save() {
  state.isSaving = true;
  try {
    const answer = await post(given.save_url, { ...state.settings, rule: state.rule });
    const document = answer.ok || answer.status === 422 ? await answer.json() : { path: "", message: words.failed };
    if (document.url) return location.assign(document.url);
    state.fields = document.fields || {};
    if (!document.fields) state.error = document;
    else window.document.getElementById("builder-name").focus();
  } catch {
    state.error = { path: "", message: words.failed };
  }
  state.isSaving = false;
}

watch(() => state.rule, changed, { deep: true });
createApp({ render: () => [settings(), h("div", { class: "grid-side" }, [ruleCard(), h("div", { class: "stack" }, [estimate(), inWords(), sample()])])] }).mount("#builder");
count();
