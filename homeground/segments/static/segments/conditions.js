// The conditions: which there are, what each begins as, and the fields that fill it in.
import { fresh, freshTest, kindOf, opOf, OPS, ORDERS, retested, SCORES, typeOf } from "./rule.js";

const { h } = Vue;
const AMOUNTS = ["sum", "min", "max"];

export function conditions({ words, vocabulary }, input, known) {
  const { select, number, whole, day, unit, button, text, chips, fixedChips } = input;

  // One comparison. extra: further ways, like is_set.
  function testFields(kind, test, change, { extra = [], ...more } = {}) {
    const op = opOf(test);
    const name = op === "is_set" && !test.is_set ? "is_unset" : op;
    const sets = extra.includes("is_set") ? ["is_set", "is_unset"].map((one) => ({ value: one, label: words[one] })) : [];
    const plain = [...OPS[kind], ...extra].filter((one) => one !== "is_set").map((one) => ({ value: one, label: words[one] }));
    const flags = [{ value: "true", label: words.yes }, { value: "false", label: words.no }];
    const picked = kind === "flag"
      ? select(words.comparison, op === "is_set" ? name : String(test.equals), [...flags, ...sets], (value) => change(value.startsWith("is_") ? { is_set: value === "is_set" } : { equals: value === "true" }))
      : select(words.comparison, name, [...plain, ...sets], (value) => change(value.startsWith("is_") ? { is_set: value === "is_set" } : retested(kind, value, test)));
    return [picked, ...valueFields(kind, op, test, change, more)];
  }

  function valueFields(kind, op, test, change, { choices = [], suffix = "", more = {}, scale = 1 } = {}) {
    if (kind === "flag" || op === "is_set") return [];
    const value = test[op];
    if (op === "in_months") return [fixedChips(words.in_months, value, vocabulary.months, (months) => change({ in_months: months }))];
    if (op.endsWith("_days")) return [unit(whole(words[op], value, (days) => change({ [op]: days }), op === "anniversary_days" ? 366 : 36600), words.days)];
    if (op === "in") return [chips(words.value, scaled(value, scale), choices, (values) => change({ in: values.map((one) => minor(one, scale)) }), { numeric: kind === "number" })];
    const one = (label, now, set) => {
      if (kind === "date") return day(label, now, set);
      if (kind === "text") return text(label, now, choices, set);
      const field = number(label, now / scale, (given) => set(minor(given, scale)), more);
      return suffix ? unit(field, suffix) : field;
    };
    if (op !== "between") return [one(words.value, value, (given) => change({ [op]: given }))];
    return [one(words.from, value[0], (low) => change({ between: [low, value[1]] })), h("span", { class: "muted" }, words.to), one(words.until, value[1], (high) => change({ between: [value[0], high] }))];
  }

  const scaled = (values, scale) => (scale === 1 ? values : values.map((one) => one / scale));
  const minor = (given, scale) => (scale === 1 ? given : Math.round(given * scale));

  function windowFields(node, key, isOptional) {
    const window = node[key];
    const now = window ? opOf(window) : "ever";
    const change = (value) => { if (value === "ever") delete node[key]; else node[key] = retested("date", value, window || { last_days: 30 }); };
    const ways = ["last_days", "between", "after", "before"].map((one) => ({ value: one, label: words[one] }));
    const picked = select(words.window, now, [...(isOptional ? [{ value: "ever", label: words.ever }] : []), ...ways], change);
    return window ? [picked, ...valueFields("date", now, window, (given) => { node[key] = given; })] : [picked];
  }

  const plain = (kind) => ({ value: kind, label: words[kind] });
  const kinds = [
    { label: words.profile, options: ["tag", "source", "relation", "consent", "identity", "created"].map(plain) },
    ...(vocabulary.attributes.length ? [{ label: words.attributes, options: vocabulary.attributes.map((one) => ({ value: `attribute:${one.value}`, label: one.label })) }] : []),
    { label: words.orders, options: [...ORDERS.map((fact) => ({ value: `orders:${fact}`, label: words[fact] })), plain("bought")] },
    { label: words.behaviour, options: [plain("event")] },
    ...(vocabulary.segments.length ? [{ label: words.others, options: [plain("segment")] }] : []),
  ];

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

  const eventChoices = () => {
    const [seen, unseen] = [true, false].map((isSeen) => vocabulary.events.filter((one) => one.seen === isSeen));
    return [...(seen.length ? [{ label: words.seen, options: seen }] : []), ...(unseen.length ? [{ label: words.unseen, options: unseen }] : [])];
  };

  const fields = {
    attribute(node) {
      const kind = vocabulary.attributes.find((one) => one.value === node.attribute)?.kind || typeOf(node.is);
      const extra = kind === "date" ? ["anniversary_days", "in_months", "is_set"] : ["is_set"];
      const choices = kind === "text" ? known.asked("values", { attribute: node.attribute }) : [];
      return testFields(kind, node.is, (test) => { node.is = test; }, { extra, choices });
    },
    tag: (node) => [chips(words.tag, node.tag, vocabulary.tags, (values) => { node.tag = values; })],
    source: (node) => [chips(words.source, node.source, vocabulary.sources, (values) => { node.source = values; })],
    relation: (node) => [fixedChips(words.relation, node.relation, vocabulary.relations, (values) => { node.relation = values; })],
    identity: (node) => [fixedChips(words.identity, node.identity, vocabulary.identities, (values) => { node.identity = values; })],
    consent: (node) => [
      select(words.purpose, node.consent, vocabulary.purposes, (value) => { node.consent = value; }),
      select(words.channel, node.channel, vocabulary.channels, (value) => { node.channel = value; }),
      select(words.comparison, node.is, [{ value: "granted", label: words.granted }, { value: "refused", label: words.refused }], (value) => { node.is = value; }),
    ],
    created: (node) => windowFields(node, "created", false),
    segment: (node) => [select(words.segment, node.segment, vocabulary.segments, (value) => { node.segment = value; })],
    bought: (node) => [
      chips(words.bought, node.bought, known.asked("products", { sku: node.bought.join("\n") }), (values) => { node.bought = values; }, { search: known.search("products") }),
      ...windowFields(node, "within", true),
    ],
    orders(node) {
      const fact = node.orders;
      const isScore = SCORES.includes(fact);
      const isMoney = fact === "net" || fact === "average";
      const suffix = isMoney ? vocabulary.currency : isScore ? words.scale : fact === "days_since_last" ? words.days : "";
      const more = isScore ? { min: 1, max: 5, step: 1 } : isMoney ? { step: 10 ** -vocabulary.digits } : {};
      const kind = fact === "first" || fact === "last" ? "date" : "number";
      return [...(isScore ? [] : windowFields(node, "within", true)), ...testFields(kind, node.is, (test) => { node.is = test; }, { suffix, more })];
    },
    event: eventFields,
  };

  function measureOf(node) {
    if (node.then) return "then";
    if (!node.measure || node.measure === "count") return node.is ? "times" : "did";
    return typeof node.measure === "string" ? `${node.measure}_time` : opOf(node.measure);
  }

  function measured(node, name) {
    for (const key of ["measure", "is", "then"]) delete node[key];
    if (name === "times") node.is = { at_least: 2 };
    if (name === "then") node.then = { event: "commerce.order_paid", within_days: 7 };
    if (name.endsWith("_time")) Object.assign(node, { measure: name.split("_")[0], is: { last_days: 30 } });
    if (AMOUNTS.includes(name)) Object.assign(node, { measure: { [name]: known.asked("properties", { event: node.event }).find((one) => one.kind === "number")?.value || "amount_minor" }, is: { at_least: 1 } });
  }

  function eventFields(node, wrongAt) {
    const name = measureOf(node);
    const measures = ["did", "times", ...AMOUNTS, "first_time", "last_time", "then"].map((one) => ({ value: one, label: words[one] }));
    const key = AMOUNTS.includes(name) ? node.measure[name] : "";
    return [
      select(words.event, node.event, eventChoices(), (value) => { node.event = value; delete node.where; }),
      ...windowFields(node, "within", true),
      select(words.measure, name, measures, (value) => measured(node, value)),
      ...(key ? [propertyField(node.event, key, (value) => { node.measure = { [name]: value }; })] : []),
      ...(node.is ? testFields(name.endsWith("_time") ? "date" : "number", node.is, (test) => { node.is = test; }, moneyOf(key)) : []),
      filtersOf(node, wrongAt("where")),
      ...(node.then ? thenFields(node.then, wrongAt) : []),
    ];
  }

  const thenFields = (then, wrongAt) => [h("div", { class: "then-fields" }, [
    unit(whole(words.within_days, then.within_days, (days) => { then.within_days = days; }), words.within_days),
    select(words.then, then.event, eventChoices(), (value) => { then.event = value; delete then.where; }),
    filtersOf(then, wrongAt("then.where")),
  ])];

  function filtersOf(node, wrong) {
    const first = () => known.asked("properties", { event: node.event })[0];
    const add = () => { node.where = [...(node.where || []), { property: first()?.value || "", is: freshTest(first()?.kind || "text") }]; };
    return h("div", { class: "filters-of" }, [
      ...(node.where || []).map((one, at) => filterFields(node, one, at, wrong?.at === at)),
      button(words.add_filter, "filter-plus", add),
    ]);
  }

  function filterFields(node, one, at, isWrong) {
    const properties = known.asked("properties", { event: node.event });
    const met = properties.find((found) => found.value === one.property);
    const kind = opOf(one.is) === "is_set" ? met?.kind || "text" : typeOf(one.is);
    const types = ["text", "number", "flag"].map((type) => ({ value: type, label: words[`as_${type}`] }));
    const drop = () => { node.where = node.where.filter((_, place) => place !== at); if (!node.where.length) delete node.where; };
    const name = (value) => {
      const found = properties.find((choice) => choice.value === value);
      one.property = value;
      if (found && found.kind !== kind) one.is = freshTest(found.kind);
    };
    const choices = met && kind === "text" ? known.asked("property_values", { event: node.event, property: one.property }) : [];
    return h("div", { class: ["condition-fields", { "is-wrong-part": isWrong }], key: at }, [
      h("span", { class: "muted small" }, words.where),
      propertyField(node.event, one.property, name),
      select(words.value_kind, kind, types, (type) => { one.is = freshTest(type); }),
      ...testFields(kind, one.is, (test) => { one.is = test; }, { extra: ["is_set"], choices, ...(kind === "number" ? moneyOf(one.property) : {}) }),
      input.iconButton(words.remove, "x", drop),
    ]);
  }

  const propertyField = (event, value, change) => text(words.property, value, known.asked("properties", { event }), change);

  // Properties in minor units are typed and shown in major ones.
  const moneyOf = (key) => (key.endsWith("_minor") ? { scale: 10 ** vocabulary.digits, suffix: vocabulary.currency, more: { step: "any" } } : {});

  return { kinds, kindValue, freshOf, fields };
}
