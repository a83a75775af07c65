// What holds for the whole journey: ways in, re-entry, variants, goal, exits, and its own settings.
import { button, check, choice, clock, filters, icon, longText, number, say, text } from "./fields.js";
import { dateFields } from "./forms.js";

const { h } = Vue;
const freshEntry = (by, known) => ({
  segment: { by, segment: known.segments[0]?.value || "", has_existing: false },
  event: { by, event: "commerce.order_paid", where: [], key: null },
  date: { by, attribute: known.attributes.find((one) => one.kind === "date")?.value || "", yearly: true, lead_days: 0, time: "09:30", segment: null },
  schedule: { by, segment: known.segments[0]?.value || "", weekday: 1, time: "09:30" },
  hand: { by },
})[by];

export function setupForm(state, context) {
  return [entries(state, context), again(state, context), goal(state, context), exits(state, context), variants(state, context), own(state, context)];
}

const part = (title, help, children) => h("section", { class: "j-part-box" }, [h("h3", title), help && h("p", { class: "help" }, help), ...children]);

function removable(label, context, remove, children) {
  return h("fieldset", { class: "j-way" }, [h("legend", { class: "visually-hidden" }, label), h("div", { class: "j-way-head" }, [h("b", label), h("button", { type: "button", class: "btn btn-link btn-sm", "aria-label": `${context.words.remove} ${label}`, onClick: remove }, [icon(context.sprite, "trash")])]), ...children]);
}

function entries({ graph }, context) {
  const { words, known, change } = context;
  const rows = graph.entries.map((entry, at) => {
    const set = (key) => (value) => change((now) => { now.entries[at][key] = value; }, `entry.${at}.${key}`);
    return removable(words[`by_${entry.by}`], context, () => change((now) => { now.entries.splice(at, 1); }), ENTRIES[entry.by](entry, `entry.${at}`, set, context, at));
  });
  const add = h("select", { class: "form-select", "aria-label": words.add_entry, value: "", onChange: (event) => { const by = event.target.value; event.target.value = ""; if (by) change((now) => { now.entries.push(freshEntry(by, known)); }); } }, [h("option", { value: "" }, words.add_entry), ...["segment", "event", "date", "schedule", "hand"].map((by) => h("option", { value: by }, words[`by_${by}`]))]);
  return part(words.entries, words.entries_help, [...rows, graph.entries.length < 10 && add]);
}

const segmentOf = (entry, name, set, { words, known }, more = {}) => choice(`${name}.segment`, words.segment, entry.segment || "", [...(more.none ? [{ value: "", label: more.none }] : []), ...known.segments], (value) => set("segment")(value || null), { empty: words.choose });

const ENTRIES = {
  segment: (entry, name, set, context) => [segmentOf(entry, name, set, context), check(`${name}.existing`, context.words.has_existing, entry.has_existing, set("has_existing"))],
  event: (entry, name, set, context, at) => [
    choice(`${name}.event`, context.words.event, entry.event, context.known.events, (value) => context.change((now) => { Object.assign(now.entries[at], { event: value, where: [], key: null }); })),
    filters(`${name}.where`, entry.event, entry.where || [], context, set("where")),
    choice(`${name}.key`, context.words.key, entry.key || "", [{ value: "", label: context.words.no_key }, ...context.asked(entry.event).map((value) => ({ value, label: value }))], (value) => set("key")(value || null), { help: context.words.key_help }),
  ],
  date: (entry, name, set, context) => [...dateFields(name, entry, context, set), segmentOf(entry, name, set, context, { none: context.words.everybody })],
  schedule: schedule,
  hand: (entry, name, set, { words }) => [h("p", { class: "help" }, words.hand_help)],
};

function schedule(entry, name, set, context, at) {
  const { words, change } = context;
  const rhythm = ["on", "weekday", "day"].find((key) => entry[key] !== undefined && entry[key] !== null) || "weekday";
  const turn = (key) => change((now) => {
    for (const other of ["on", "weekday", "day"]) delete now.entries[at][other];
    now.entries[at][key] = { on: new Date(Date.now() + 864e5).toLocaleDateString("sv-SE"), weekday: 1, day: 1 }[key];
  });
  const when = {
    on: () => text(`${name}.on`, words.on_day, entry.on, set("on"), { type: "date" }),
    weekday: () => choice(`${name}.weekday`, words.weekday, entry.weekday, words.weekdays.map((label, place) => ({ value: place + 1, label })), set("weekday")),
    day: () => number(`${name}.day`, words.month_day, entry.day, set("day"), { min: 1, max: 31, unit: words.day_unit, help: words.month_help }),
  }[rhythm]();
  return [segmentOf(entry, name, set, context), choice(`${name}.rhythm`, words.rhythm, rhythm, ["on", "weekday", "day"].map((value) => ({ value, label: words[`rhythm_${value}`] })), turn), when, clock(`${name}.time`, words.time, entry.time, set("time"))];
}

function again({ graph }, { words, change }) {
  const now = { when: "never", at_once: 1, ...graph.again };
  const set = (key) => (value) => change((each) => { each.again = { ...now, [key]: value }; if (each.again.when === "after_days") each.again.days ??= 30; else each.again.days = null; }, `again.${key}`);
  return part(words.again, words.again_help, [
    choice("again.when", words.again_when, now.when, ["never", "after_exit", "after_days", "any"].map((value) => ({ value, label: words[`again_${value}`] })), set("when")),
    now.when === "after_days" && number("again.days", words.again_days, now.days ?? 30, set("days"), { min: 1, max: 3650, unit: words.days }),
    number("again.at_once", words.at_once, now.at_once, set("at_once"), { min: 1, max: 20, help: words.at_once_help }),
  ]);
}

function sign(prefix, given, set, context) {
  const { words, known } = context;
  const kind = given && "segment" in given ? "segment" : "event";
  const turn = (value) => set(value === "segment" ? { segment: known.segments[0]?.value || "" } : { event: "commerce.order_paid", where: [] });
  const rest = kind === "segment"
    ? [choice(`${prefix}.segment`, words.segment, given.segment, known.segments, (segment) => set({ segment }))]
    : [choice(`${prefix}.event`, words.event, given.event, known.events, (event) => set({ event, where: [] })), filters(`${prefix}.where`, given.event, given.where || [], context, (where) => set({ event: given.event, where }))];
  return [choice(`${prefix}.kind`, words.sign, kind, [{ value: "event", label: words.sign_event }, { value: "segment", label: words.sign_segment }], turn), ...rest];
}

function goal({ graph }, context) {
  const { words, change } = context;
  if (!graph.goal) return part(words.goal, words.goal_help, [button(words.add_goal, () => change((now) => { now.goal = { event: "commerce.order_paid", where: [] }; }))]);
  return part(words.goal, words.goal_help, [removable(words.goal, context, () => change((now) => { now.goal = null; }), sign("goal", graph.goal, (value) => change((now) => { now.goal = value; }), context))]);
}

function exits({ graph }, context) {
  const { words, change } = context;
  const rows = (graph.exits || []).map((one, at) => removable(say(words.exit_n, { n: at + 1 }), context, () => change((now) => { now.exits.splice(at, 1); }), sign(`exit.${at}`, one, (value) => change((now) => { now.exits[at] = value; }), context)));
  return part(words.exits, words.exits_help, [...rows, rows.length < 10 && button(words.add_exit, () => change((now) => { (now.exits ||= []).push({ event: "commerce.order_paid", where: [] }); }))]);
}

function variants({ graph }, context) {
  const { words, change, sprite, nodes } = context;
  const total = graph.variants.reduce((sum, one) => sum + one.share_bp, 0);
  const places = Object.entries(nodes).map(([value, one]) => ({ value, label: one.name }));
  const rows = graph.variants.map((one, at) => {
    const set = (key) => (value) => change((now) => { now.variants[at][key] = value; }, `variant.${at}.${key}`);
    return h("fieldset", { class: "j-way", key: at }, [
      h("legend", { class: "visually-hidden" }, one.name),
      h("div", { class: "j-way-head" }, [h("input", { class: "form-control", "aria-label": words.variant_name, maxlength: 60, value: one.name, onInput: (event) => set("name")(event.target.value) }), graph.variants.length > 1 && h("button", { type: "button", class: "btn btn-link btn-sm", "aria-label": `${words.remove} ${one.name}`, onClick: () => change((now) => { now.variants.splice(at, 1); }) }, [icon(sprite, "trash")])]),
      number(`variant.${at}.share`, words.share, one.share_bp / 100, (value) => set("share_bp")(Math.round(value * 100)), { min: 0.01, max: 100, step: 0.01, unit: "%" }),
      choice(`variant.${at}.start`, words.start, one.start || "", places, set("start"), { empty: words.choose }),
    ]);
  });
  const more = () => change((now) => { now.variants.push({ name: "ABCDE"[now.variants.length], share_bp: 1000, start: now.variants[0].start }); });
  return part(words.variants, words.variants_help, [...rows, h("div", { class: "spread" }, [h("span", { class: total === 10000 ? "muted small" : "errorlist" }, say(words.total, { total: total / 100 })), graph.variants.length < 5 && button(words.add_variant, more)])]);
}

function own({ settings, errors }, { words, known, settle }) {
  const set = (key) => (value) => settle(key, value);
  const wrong = (key) => (errors[key] ? h("p", { class: "errorlist", role: "alert" }, errors[key]) : null);
  return part(words.measured, words.measured_help, [
    text("own.name", words.journey_name, settings.name, set("name"), { maxlength: 60 }), wrong("name"),
    choice("own.link", words.link, settings.link, known.links, set("link")), wrong("link"),
    longText("own.hypothesis", words.hypothesis, settings.hypothesis, set("hypothesis"), { maxlength: 500, help: words.hypothesis_help }), wrong("hypothesis"),
    choice("own.outcome", words.primary, settings.primary_outcome, known.outcomes, set("primary_outcome")),
    number("own.window", words.window, settings.window_days, set("window_days"), { min: 1, max: 365, unit: words.days }), wrong("window_days"),
    number("own.holdout", words.holdout, settings.holdout_bp / 100, (value) => settle("holdout_bp", Math.round(value * 100)), { max: 90, step: 0.01, unit: "%", help: words.holdout_help }), wrong("holdout_bp"),
  ]);
}
