// Small inputs in the kit's classes: each is given its label, its value, and what to do with another.
const { h, ref } = Vue;

export function inputs({ words, icons }) {
  const icon = (name, more = "") => h("svg", { class: `icon ${more}`, "aria-hidden": "true" }, [h("use", { href: `${icons}#${name}` })]);
  const option = (value, label, selected) => h("option", { value, selected }, label);

  function select(label, value, choices, change) {
    const isKnown = choices.some((group) => (group.options || [group]).some((one) => one.value === value));
    const listed = isKnown ? choices : [{ value, label: value || words.choose }, ...choices];
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
  const iconButton = (label, name, press, { flipped = false, ...more } = {}) => h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onClick: press, ...more }, [icon(name, flipped ? "flipped" : "")]);

  const place = () => `known-${Math.random().toString(36).slice(2)}`;

  // One text, with what is known offered.
  const textField = {
    props: ["label", "value", "choices"],
    emits: ["change"],
    setup(props, { emit }) {
      const list = place();
      return () => [
        h("input", { class: "form-control", list, maxlength: 1000, "aria-label": props.label, value: props.value, onInput: (event) => emit("change", event.target.value) }),
        h("datalist", { id: list }, (props.choices || []).slice(0, 200).map((one) => h("option", { value: one.value }))),
      ];
    },
  };
  const text = (label, value, choices, change) => h(textField, { label, value, choices, onChange: change });

  // Choices that are few stand as chips to press; others are typed, with what is known offered. search: asks for more.
  const chipField = {
    props: ["label", "values", "choices", "numeric", "search"],
    emits: ["change"],
    setup(props, { emit }) {
      const list = place();
      const found = ref([]);
      let timer = null;
      const choices = () => [...props.choices, ...found.value];
      const labelOf = (value) => choices().find((one) => one.value === value)?.label ?? value;
      const toggle = (value) => emit("change", props.values.includes(value) ? props.values.filter((one) => one !== value) : [...props.values, value]);
      const take = (input) => {
        const typed = input.value.trim();
        const chosen = choices().find((one) => one.label === typed)?.value ?? typed;
        const value = props.numeric ? Number(chosen) : chosen;
        if (typed && !Number.isNaN(value) && !props.values.includes(value)) emit("change", [...props.values, value]);
        input.value = "";
      };
      const ask = (input) => {
        clearTimeout(timer);
        if (props.search) timer = setTimeout(async () => { found.value = await props.search(input.value.trim()); }, 200);
      };
      return () => {
        const isFew = !props.search && props.choices.length && props.choices.length <= 12;
        const shown = isFew ? [...new Set([...props.choices.map((one) => one.value), ...props.values])] : props.values;
        return h("div", { class: "chips", role: "group", "aria-label": props.label }, [
          ...shown.map((value) => h("button", { type: "button", class: "chip", key: value, "aria-pressed": String(props.values.includes(value)), onClick: () => toggle(value) }, String(labelOf(value)))),
          h("input", { class: "form-control chip-input", list, inputmode: props.numeric ? "decimal" : "text", "aria-label": `${props.label} ${words.type_and_enter}`, placeholder: props.search ? words.search_and_enter : words.type_and_enter,
            onKeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); take(event.target); } },
            onInput: (event) => ask(event.target),
            onFocus: (event) => ask(event.target),
            onChange: (event) => take(event.target) }),
          h("datalist", { id: list }, choices().slice(0, 200).map((one) => h("option", { value: one.label }))),
        ]);
      };
    },
  };
  const chips = (label, values, choices, change, { numeric = false, search = null } = {}) => h(chipField, { label, values, choices, numeric, search, onChange: change });

  // Fixed words only: pressed or not, nothing to type.
  function fixedChips(label, values, choices, change) {
    const press = (value) => change(values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
    return h("div", { class: "chips", role: "group", "aria-label": label }, choices.map((one) => h("button", { type: "button", class: "chip", key: one.value, "aria-pressed": String(values.includes(one.value)), onClick: () => press(one.value) }, one.label)));
  }

  return { icon, option, select, number, whole, day, unit, button, iconButton, text, chips, fixedChips };
}
