// Fields of the settings beside the canvas. Each takes what it shows and a function that takes the new value.
const { h } = Vue;

let counter = 0;
const ids = new Map();
const idOf = (name) => ids.get(name) || ids.set(name, `jf-${++counter}`).get(name);

export const icon = (sprite, name) => h("svg", { class: "icon", "aria-hidden": "true" }, [h("use", { href: `${sprite}#${name}` })]);
export const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
export const button = (label, press, more = {}) => h("button", { type: "button", class: "btn btn-plain btn-sm", onClick: press, ...more }, label);

export function field(name, label, control, help = "") {
  const id = idOf(name);
  return h("div", { class: "field", key: name }, [h("label", { for: id, class: "form-label" }, label), control(id), help && h("div", { class: "help" }, help)]);
}

export const text = (name, label, value, take, more = {}) => field(name, label, (id) => h("input", { id, class: "form-control", value: value ?? "", onInput: (event) => take(event.target.value), ...more }), more.help);
export const longText = (name, label, value, take, more = {}) => field(name, label, (id) => h("textarea", { id, class: "form-control", rows: 3, value: value ?? "", onInput: (event) => take(event.target.value), ...more }), more.help);

export function number(name, label, value, take, { min = 0, max = 1000, unit = "", step = 1, help = "" } = {}) {
  const typed = (event) => { if (event.target.value !== "" && event.target.validity.valid) take(step === 1 ? Math.trunc(Number(event.target.value)) : Number(event.target.value)); };
  return field(name, label, (id) => {
    const input = h("input", { id, class: "form-control", type: "number", min, max, step, value, onInput: typed });
    return unit ? h("div", { class: "input-group" }, [input, h("span", { class: "input-group-text" }, unit)]) : input;
  }, help);
}

export const clock = (name, label, value, take) => field(name, label, (id) => h("input", { id, class: "form-control", type: "time", required: true, value, onInput: (event) => event.target.value && take(event.target.value.slice(0, 5)) }));
export const check = (name, label, value, take) => h("div", { class: "form-check", key: name }, [h("input", { id: idOf(name), class: "form-check-input", type: "checkbox", checked: Boolean(value), onChange: (event) => take(event.target.checked) }), h("label", { class: "form-check-label", for: idOf(name) }, label)]);

// choices: [{value, label}], or groups of them {label, options}. What is not among them is shown as it is.
export function choice(name, label, value, choices, take, { empty = "", help = "" } = {}) {
  const flat = choices.flatMap((one) => one.options || [one]);
  const given = value ?? "";
  const known = flat.some((one) => String(one.value) === String(given));
  const first = known ? [] : [{ value: given, label: empty || given || "—" }];
  const option = (one) => h("option", { value: one.value, selected: String(one.value) === String(given), key: one.value }, one.label);
  const shown = [...first, ...choices].map((one) => (one.options ? h("optgroup", { label: one.label }, one.options.map(option)) : option(one)));
  const taken = (event) => take((flat.find((one) => String(one.value) === event.target.value) || { value: event.target.value }).value);
  return field(name, label, (id) => h("select", { id, class: "form-select", value: String(given), onChange: taken }, shown), help);
}

export function span(name, label, value, words, take) {
  const part = (key) => h("div", { class: "input-group" }, [
    h("input", { class: "form-control", type: "number", min: 0, max: 1000, step: 1, value: value[key] ?? 0, "aria-label": `${label} ${words[key]}`, onInput: (event) => { if (event.target.value !== "" && event.target.validity.valid) take(key, Math.trunc(Number(event.target.value))); } }),
    h("span", { class: "input-group-text" }, words[key]),
  ]);
  return h("fieldset", { class: "field", key: name }, [h("legend", label), h("div", { class: "j-span" }, ["days", "hours", "minutes"].map(part))]);
}

export function weekdays(name, label, value, words, take) {
  const toggle = (day) => take(value.includes(day) ? value.filter((one) => one !== day) : [...value, day].sort());
  return h("fieldset", { class: "field", key: name }, [h("legend", label), h("div", { class: "chips" }, words.weekdays.map((text, at) => h("button", { type: "button", class: "chip", "aria-pressed": String(value.includes(at + 1)), onClick: () => toggle(at + 1) }, text))), h("div", { class: "help" }, words.weekdays_help)]);
}

// A few names: those in it as chips, more by typing; known ones are offered.
export function names(name, label, values, known, words, take) {
  const add = (input) => { const given = input.value.trim(); if (given && !values.includes(given)) take([...values, given]); input.value = ""; };
  const list = `${idOf(name)}-list`;
  const chips = values.map((one) => h("button", { type: "button", class: "chip", key: one, "aria-pressed": "true", "aria-label": `${words.remove} ${one}`, onClick: () => take(values.filter((other) => other !== one)) }, `${one} ×`));
  const keydown = (event) => { if (event.key === "Enter") { event.preventDefault(); add(event.target); } };
  return field(name, label, (id) => h("div", { class: "chips" }, [...chips, h("input", { id, class: "form-control chip-input", list, maxlength: 60, placeholder: words.type_and_enter, onKeydown: keydown, onChange: (event) => add(event.target) }), h("datalist", { id: list }, known.slice(0, 200).map((one) => h("option", { value: one.value })))]));
}

const OPS = { text: ["equals", "contains", "in"], number: ["at_least", "at_most", "equals"], flag: ["equals"] };
const kindOf = (value) => ({ number: "number", boolean: "flag" })[typeof value] || "text";
const BLANK = { text: "", number: 0, flag: true };

// Property filters of an event. asked(event): what properties it has been seen with.
export function filters(name, event, where, context, take) {
  const { words, asked } = context;
  const replace = (at, one) => take(where.map((other, place) => (place === at ? one : other)));
  const rows = where.map((one, at) => filterRow(one, `${name}-${at}`, asked(event), context, (fresh) => replace(at, fresh), () => take(where.filter((_, place) => place !== at))));
  return h("fieldset", { class: "field", key: name }, [h("legend", words.where), ...rows, button(words.add_filter, () => take([...where, { property: asked(event)[0] || "", is: { equals: "" } }]))]);
}

function filterRow(one, name, properties, { words, sprite }, replace, remove) {
  const [op, raw] = Object.entries(one.is)[0];
  const value = Array.isArray(raw) ? raw[0] ?? "" : raw;
  const kind = kindOf(value);
  const shown = Array.isArray(raw) ? raw.join(",") : String(raw);
  const put = (text) => replace({ ...one, is: { [op]: op === "in" ? text.split(/[,，]/).map((part) => part.trim()).filter(Boolean) : kind === "number" ? Number(text) : text } });
  const list = `${idOf(name)}-list`;
  const option = (key, label, now) => h("option", { value: key, selected: key === now }, label);
  const retype = (fresh) => replace({ ...one, is: { [OPS[fresh][0]]: BLANK[fresh] } });
  const flag = h("select", { class: "form-select", "aria-label": words.value, value: String(value), onChange: (event) => replace({ ...one, is: { equals: event.target.value === "true" } }) }, [option("true", words.yes, String(value)), option("false", words.no, String(value))]);
  const input = h("input", { class: "form-control", "aria-label": words.value, type: kind === "number" ? "number" : "text", step: "any", value: shown, onInput: (event) => put(event.target.value) });
  return h("div", { class: "j-filter", key: name }, [
    h("input", { class: "form-control", list, "aria-label": words.property, placeholder: words.property, value: one.property, onInput: (event) => replace({ ...one, property: event.target.value }) }), h("datalist", { id: list }, properties.map((each) => h("option", { value: each }))),
    h("select", { class: "form-select", "aria-label": words.value_kind, value: kind, onChange: (event) => retype(event.target.value) }, Object.keys(OPS).map((each) => option(each, words[`as_${each}`], kind))),
    h("select", { class: "form-select", "aria-label": words.comparison, value: op, onChange: (event) => replace({ ...one, is: { [event.target.value]: event.target.value === "in" ? [String(value)] : value } }) }, OPS[kind].map((each) => option(each, words[each], op))),
    kind === "flag" ? flag : input,
    h("button", { type: "button", class: "btn btn-link btn-sm", "aria-label": words.remove, onClick: remove }, [icon(sprite, "x")]),
  ]);
}
