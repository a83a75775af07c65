// The segment builder: the rule editor on a page of its own, counted while it changes, or written as JSON.
import { ruleEditor } from "./editor.js";
import { inputs } from "./inputs.js";
import { isShaped, lineOf, written } from "./rule.js";

const { createApp, h, reactive, toRaw } = Vue;
const given = JSON.parse(document.getElementById("builder-data").textContent);
const { words, urls } = given;
const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
const kit = { ...given, icons: document.getElementById("builder").dataset.icons };
const { icon, option, iconButton } = inputs(kit);
const Editor = ruleEditor(kit);
const SETTLING = 350, AGEING = 15000; // Milliseconds.

const state = reactive({
  rule: given.rule,
  drawn: given.rule, // The last rule that could be drawn: what the editor holds while another is being typed.
  settings: given.segment,
  view: "clicks",
  text: "",
  error: null, // {path, message} of the rule.
  fields: {}, // Errors of name and slug.
  found: null,
  foundAt: 0,
  now: Date.now(),
  isCounting: false,
  isSaving: false,
});

const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

// What is shown beside it.
const percent = (share) => new Intl.NumberFormat(given.language, { style: "percent", maximumFractionDigits: 1 }).format(share);
const grouped = (count) => new Intl.NumberFormat(given.language).format(count);

function age() {
  const minutes = Math.floor((state.now - state.foundAt) / 60000);
  return minutes < 1 ? words.just_now : say(words.ago, { minutes });
}

function counted(found) {
  const share = found.everyone ? percent(found.customers / found.everyone) : "—";
  const count = grouped(found.customers);
  return [
    h("p", { class: ["estimate", { "is-old": state.isCounting }] }, found.is_about ? say(words.about, { count }) : count),
    h("p", { class: "muted mb-0" }, say(words.share, { share })),
    h("p", { class: "muted", title: words.agreed_why }, say(words.agreed, { count: grouped(found.agreed), share: found.customers ? percent(found.agreed / found.customers) : "—" })),
    h("p", { class: "muted small spread" }, [h("span", { title: say(words.as_of, { moment: found.as_of }) }, age()), iconButton(words.recount, "refresh", countNow)]),
    found.is_about && h("p", { class: "muted small" }, words.about_why),
  ];
}

function estimate() {
  const wrong = () => [h("p", { class: "muted" }, words.fix), h("p", { class: "small" }, [h("code", state.error.path || "$"), ` ${state.error.message}`])];
  return h("section", { class: "card", "aria-live": "polite", "aria-busy": String(state.isCounting) }, [
    h("div", { class: "card-head" }, [h("h2", words.estimate), state.isCounting && h("span", { class: "muted small" }, words.counting)]),
    h("div", { class: "card-body" }, state.error ? wrong() : state.found ? counted(state.found) : [h("p", { class: "estimate is-old" }, "…")]),
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
  const isJson = state.view === "json";
  return h("section", { class: "card" }, [
    h("div", { class: "card-head" }, [h("h2", words.rules), h("div", { class: "actions" }, [
      h("div", { class: "segmented" }, [h("button", view("clicks"), words.clicks), h("button", view("json"), words.json)]),
    ])]),
    h("div", { class: "card-body" }, [
      h("div", { hidden: isJson }, [h(Editor, { rule: state.drawn, error: state.error, onChange: edited })]),
      isJson && jsonView(),
    ]),
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
  if (name === "json" && state.view !== "json") state.text = written(state.rule);
  if (name === "clicks") {
    if (!isShaped(toRaw(state.rule))) return;
    if (state.error?.isSyntax) state.error = null;
  }
  state.view = name;
}

function edited(rule) {
  state.rule = state.drawn = rule;
  countSoon();
}

function typed(text) {
  state.text = text;
  try {
    const rule = JSON.parse(text);
    if (rule === null || typeof rule !== "object" || Array.isArray(rule)) throw new SyntaxError("{ … }");
    state.error = null;
    state.rule = rule;
    if (isShaped(rule)) state.drawn = rule;
    countSoon();
  } catch (error) {
    state.error = { path: "", message: error.message, isSyntax: true };
  }
}

// Counting: after a pause, the newest question only.
let timer = null, running = null;

function countSoon() {
  clearTimeout(timer);
  timer = setTimeout(countNow, SETTLING);
}

const post = (url, body, more = {}) => fetch(url, { method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/json" }, body: JSON.stringify(body), ...more });

async function countNow() {
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
  if (answer.message) return;
  state.found = answer;
  state.foundAt = state.now = Date.now();
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

setInterval(() => { state.now = Date.now(); }, AGEING);
createApp({ render: () => [settings(), h("div", { class: "grid-side" }, [ruleCard(), h("div", { class: "stack" }, [estimate(), inWords(), sample()])])] }).mount("#builder");
countNow();
