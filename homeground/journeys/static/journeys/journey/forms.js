// The form of each kind of node. context: known, words, sprite, change(make, mark), asked, edit(id, at), nodes.
import { exitsOf } from "./graph.js";
import { button, check, choice, clock, field, filters, icon, longText, names, number, say, span, text, weekdays } from "./fields.js";

const { h } = Vue;

export function stepForm(id, step, context) {
  const { words } = context;
  const set = (key) => (value) => context.change((graph) => { graph.nodes[id][key] = value; }, `${id}.${key}`);
  const own = FORMS[step.kind]({ id, step, set, context, name: (key) => `${id}.${key}` });
  return [text(`${id}.name`, words.name, step.name, set("name"), { maxlength: 60 }), ...own.filter(Boolean), ...nexts(id, step, context)];
}

const hours = (form, key, max = 1440) => number(form.name(key), form.context.words.deadline, form.step[key], form.set(key), { min: 1, max, unit: form.context.words.hours });
const spanOf = (form, key, label) => span(form.name(key), label, form.step[key], form.context.words, (part, value) => form.context.change((graph) => { graph.nodes[form.id][key][part] = value; }, `${form.id}.${key}.${part}`));
const eventOf = (form) => [
  choice(form.name("event"), form.context.words.event, form.step.event, form.context.known.events, (value) => form.context.change((graph) => { Object.assign(graph.nodes[form.id], { event: value, where: [] }); })),
  filters(form.name("where"), form.step.event, form.step.where || [], form.context, form.set("where")),
];

export function dateFields(prefix, given, { words, known }, set) {
  return [
    choice(`${prefix}.attribute`, words.date_attribute, given.attribute, known.attributes.filter((one) => one.kind === "date"), set("attribute"), { empty: words.choose }),
    check(`${prefix}.yearly`, words.yearly, given.yearly, set("yearly")),
    number(`${prefix}.lead`, words.lead_days, given.lead_days ?? 0, set("lead_days"), { min: -365, max: 365, unit: words.days, help: words.lead_help }),
    clock(`${prefix}.time`, words.time, given.time ?? "09:30", set("time")),
  ];
}

const FORMS = {
  message(form) {
    const { step, set, context: { words, known } } = form;
    const message = known.messages.find((one) => one.value === step.message);
    const fitting = known.channels.filter((one) => !message || one.kind === message.kind);
    const pick = (value) => form.context.change((graph) => {
      const chosen = known.messages.find((one) => one.value === value);
      const node = graph.nodes[form.id];
      node.message = value;
      const fits = (slug) => known.channels.some((one) => one.value === slug && one.kind === chosen.kind);
      if (!fits(node.channel)) node.channel = known.channels.find((one) => one.kind === chosen.kind)?.value || "";
      if (!fits(node.weak_channel)) node.weak_channel = "";
    });
    return [
      choice(form.name("message"), words.template, step.message, known.messages, pick, { empty: words.choose, help: message ? (message.is_promotion ? words.is_promotion : words.is_service) : words.no_message_help }),
      message && h("div", { class: "phone-preview", key: "preview" }, [h("div", { class: "phone-bubble" }, [message.subject && h("b", message.subject), h("p", message.body), message.is_promotion && h("p", { class: "phone-opt-out" }, words.opt_out)])]),
      choice(form.name("channel"), words.which_channel, step.channel, fitting, set("channel"), { empty: words.choose }),
      choice(form.name("weak"), words.weak_channel, step.weak_channel || "", [{ value: "", label: words.no_weak }, ...fitting.filter((one) => one.value !== step.channel)], set("weak_channel"), { help: words.weak_help }),
      choice(form.name("urgency"), words.urgency, step.urgency, [1, 2, 3].map((value) => ({ value, label: words[`urgency_${value}`] })), set("urgency"), { help: words.urgency_help }),
      number(form.name("value"), words.value_of, step.value_minor / 10 ** known.digits, (value) => set("value_minor")(Math.round(value * 10 ** known.digits)), { max: 1_000_000, step: known.digits ? 0.01 : 1, unit: known.currency, help: words.value_help }),
      number(form.name("valid"), words.valid_days, step.valid_days, set("valid_days"), { min: 1, max: 90, unit: words.days, help: words.valid_help }),
    ];
  },
  task: (form) => [
    text(form.name("title"), form.context.words.title, form.step.title, form.set("title"), { maxlength: 60 }),
    longText(form.name("how"), form.context.words.how, form.step.how, form.set("how"), { maxlength: 1000, help: form.context.words.how_help }),
    hours(form, "deadline_hours"),
  ],
  invite: (form) => [
    choice(form.name("door"), form.context.words.door, form.step.door, form.context.known.doors, form.set("door"), { empty: form.context.words.choose, help: form.context.known.doors.length ? "" : form.context.words.no_door }),
    hours(form, "deadline_hours"),
  ],
  tag: (form) => ["add", "remove"].map((key) => names(form.name(key), form.context.words[`tags_${key}`], form.step[key], form.context.known.tags, form.context.words, form.set(key))),
  attribute(form) {
    const { step, set, context: { words, known } } = form;
    const kind = known.attributes.find((one) => one.value === step.attribute)?.kind || "text";
    const blank = { text: "", number: 0, date: "", flag: true };
    const pick = (value) => form.context.change((graph) => { Object.assign(graph.nodes[form.id], { attribute: value, value: blank[known.attributes.find((one) => one.value === value)?.kind || "text"] }); });
    const value = kind === "flag"
      ? choice(form.name("value"), words.value, String(step.value), [{ value: true, label: words.yes }, { value: false, label: words.no }], set("value"))
      : kind === "number" ? number(form.name("value"), words.value, step.value, set("value"), { min: -1e12, max: 1e12, step: "any" })
        : text(form.name("value"), words.value, step.value, set("value"), { type: kind === "date" ? "date" : "text", maxlength: 1000 });
    return [choice(form.name("attribute"), words.which_attribute, step.attribute, known.attributes, pick, { empty: words.choose }), value];
  },
  points: (form) => [
    number(form.name("points"), form.context.words.points_count, form.step.points, form.set("points"), { min: 1, max: 1_000_000 }),
    text(form.name("reason"), form.context.words.points_reason, form.step.reason, form.set("reason"), { maxlength: 60, help: form.context.words.points_reason_help }),
    check(form.name("expires"), form.context.words.points_expire, form.step.expires_days != null, (on) => form.set("expires_days")(on ? 365 : null)),
    form.step.expires_days != null && number(form.name("expires_days"), form.context.words.points_days, form.step.expires_days, form.set("expires_days"), { min: 1, max: 3650, unit: form.context.words.days }),
  ],
  coupon: (form) => [choice(form.name("coupon"), form.context.words.coupon_kind, form.step.coupon, form.context.known.coupons, form.set("coupon"), { empty: form.context.words.choose, help: form.context.known.coupons.length ? form.context.words.coupon_kind_help : form.context.words.no_coupon })],
  webhook: (form) => [text(form.name("url"), form.context.words.url, form.step.url, form.set("url"), { type: "url", maxlength: 500, help: form.context.words.url_help })],
  handover: (form) => [choice(form.name("journey"), form.context.words.journey, form.step.journey, form.context.known.journeys, form.set("journey"), { empty: form.context.words.choose, help: form.context.words.handover_help })],
  wait: (form) => [spanOf(form, "span", form.context.words.how_long)],
  wait_until: (form) => [clock(form.name("time"), form.context.words.time, form.step.time, form.set("time")), weekdays(form.name("weekdays"), form.context.words.on_weekdays, form.step.weekdays, form.context.words, form.set("weekdays"))],
  wait_event: (form) => [...eventOf(form), spanOf(form, "at_most", form.context.words.wait_at_most)],
  wait_date: (form) => dateFields(form.id, form.step, form.context, form.set),
  branch: (form) => [ways(form, branchWay, (graph) => ({ name: say(form.context.words.way_n, { n: graph.nodes[form.id].ways.length + 1 }), rule: { all: [] }, next: null }), 1)],
  split(form) {
    const total = form.step.ways.reduce((sum, way) => sum + way.share_bp, 0);
    const even = () => form.context.change((graph) => {
      const all = graph.nodes[form.id].ways;
      const share = Math.floor(10000 / all.length);
      all.forEach((way, at) => { way.share_bp = at ? share : 10000 - share * (all.length - 1); });
    });
    return [
      ways(form, splitWay, (graph) => ({ name: "ABCDEFGHIJ"[graph.nodes[form.id].ways.length], share_bp: 1000, next: null }), 2),
      h("div", { class: "spread", key: "total" }, [h("span", { class: total === 10000 ? "muted small" : "errorlist" }, say(form.context.words.total, { total: total / 100 })), button(form.context.words.even, even)]),
    ];
  },
  channel(form) {
    const { step, set, context: { words, known } } = form;
    const unused = () => known.channels.find((one) => form.step.ways.every((way) => way.channel !== one.value))?.value || "";
    return [
      ways(form, channelWay, () => ({ channel: unused(), next: null }), 1, 6),
      check(form.name("answered"), words.answered_first, step.answered_first, set("answered_first")),
      h("p", { class: "help", key: "answered-help" }, words.answered_first_help),
      check(form.name("promotions"), words.for_promotions, step.for_promotions, set("for_promotions")),
      h("p", { class: "help", key: "promotions-help" }, words.for_promotions_help),
    ];
  },
  outcome(form) {
    const { step, set, context: { words, nodes } } = form;
    const messages = Object.entries(nodes).filter(([, one]) => one.kind === "message").map(([value, one]) => ({ value, label: one.name }));
    return [
      choice(form.name("of"), words.of_message, step.of, messages, set("of"), { empty: words.choose }),
      choice(form.name("was"), words.was, step.was, ["sent", "delivered", "opened", "clicked", "answered"].map((value) => ({ value, label: words[`was_${value}`] })), set("was")),
    ];
  },
};

function ways(form, draw, fresh, least, most = 10) {
  const { step, context } = form;
  const { words, change, sprite } = context;
  const rows = step.ways.map((way, at) => {
    const put = (key) => (value) => change((graph) => { graph.nodes[form.id].ways[at][key] = value; }, `${form.id}.ways.${at}.${key}`);
    const swap = () => change((graph) => { const all = graph.nodes[form.id].ways; all.splice(at - 1, 0, all.splice(at, 1)[0]); });
    const drop = () => change((graph) => { graph.nodes[form.id].ways.splice(at, 1); });
    const order = say(words.way_n, { n: at + 1 });
    return h("fieldset", { class: "j-way", key: at }, [
      h("legend", { class: "visually-hidden" }, way.name ?? order),
      h("div", { class: "j-way-head" }, [
        step.kind === "channel" ? h("b", order) : h("input", { class: "form-control", "aria-label": words.way_name, maxlength: 60, value: way.name, onInput: (event) => put("name")(event.target.value) }),
        at > 0 && step.kind !== "split" && h("button", { type: "button", class: "btn btn-link btn-sm", "aria-label": words.earlier, title: words.earlier, onClick: swap }, [icon(sprite, "arrow-up")]),
        step.ways.length > least && h("button", { type: "button", class: "btn btn-link btn-sm", "aria-label": words.remove_way, title: words.remove_way, onClick: drop }, [icon(sprite, "trash")]),
      ]),
      draw(form, way, at, put),
    ]);
  });
  return h("div", { class: "field", key: "ways" }, [h("h3", { class: "form-label" }, words.ways), ...rows, step.ways.length < most && button(words.add_way, () => change((graph) => { graph.nodes[form.id].ways.push(fresh(graph)); }))]);
}

function branchWay(form, way, at) {
  const { words, said } = form.context;
  return h("div", { class: "j-rule" }, [h("p", { class: "small" }, said(form.id, at) || words.no_rule), button(words.edit_rule, () => form.context.edit(form.id, at))]);
}

const channelWay = (form, way, at, put) => choice(`${form.id}.way.${at}`, form.context.words.which_channel, way.channel, form.context.known.channels, put("channel"), { empty: form.context.words.choose });
const splitWay = (form, way, at, put) => number(`${form.id}.share.${at}`, form.context.words.share, way.share_bp / 100, (value) => put("share_bp")(Math.round(value * 100)), { min: 0.01, max: 100, step: 0.01, unit: "%" });

// Where each way goes on: how edges are tied without a mouse.
function nexts(id, step, context) {
  const { words, nodes, change, label } = context;
  const exits = exitsOf(step);
  if (!exits.length) return [];
  const others = Object.entries(nodes).filter(([other]) => other !== id).map(([value, one]) => ({ value, label: one.name }));
  const lead = (key) => (to) => change((graph) => {
    const node = graph.nodes[id];
    if (key.startsWith("ways.")) node.ways[Number(key.slice(5))].next = to || null;
    else node[key] = to || null;
  });
  return [h("h3", { class: "j-part", key: "then" }, words.then), ...exits.map((exit) => choice(`${id}.to.${exit.key}`, exits.length > 1 ? label(step, exit) : words.next_step, exit.to || "", [{ value: "", label: words.end_here }, ...others], lead(exit.key)))];
}

export { field };
