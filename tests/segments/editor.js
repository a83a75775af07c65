// For tests of the rule editor: editors of their own on a page that has Vue, driven from inside it.
async () => {
  const { ruleEditor } = await import("/static/segments/editor.js");
  const given = JSON.parse(document.getElementById("builder-data").textContent);
  const Editor = ruleEditor({ ...given, icons: "/static/ui/icons.svg" });
  window.tick = () => new Promise((done) => setTimeout(done));
  window.mounted = (rule) => {
    const place = document.createElement("div");
    document.body.append(place);
    const own = { place, emitted: [], rule };
    const state = Vue.reactive({ rule });
    const onChange = (now) => { own.emitted.push(now); own.rule = state.rule = now; };
    const app = Vue.createApp({ render: () => Vue.h(Editor, { rule: state.rule, error: null, onChange }) });
    app.mount(place);
    own.gone = () => { app.unmount(); place.remove(); };
    return own;
  };

  // Each rule is opened, given one more condition, and rid of it again: what was said at first, with it, and at last.
  window.rounded = async (rules) => {
    const answers = [];
    for (const rule of rules) {
      const own = window.mounted(rule);
      await window.tick();
      const quiet = own.emitted.length;
      [...own.place.querySelectorAll(".group-foot")].at(-1).querySelector("button").click();
      await window.tick();
      const more = own.emitted.at(-1);
      [...own.place.querySelectorAll(".row-tools button:last-child")].at(-1).click();
      await window.tick();
      answers.push([quiet, more, own.emitted.at(-1)]);
      own.gone();
    }
    return answers;
  };

  // Every choice of every field of one condition, and all rules that came of them.
  window.crawled = async () => {
    const own = window.mounted({ all: [{ tag: [] }] });
    const made = new Set();
    const set = (field, value, name) => { field.value = value; field.dispatchEvent(new Event(name, { bubbles: true })); };
    const row = () => own.place.querySelector(".condition");
    async function filled() {
      await window.tick();
      for (const box of row().querySelectorAll(".chips")) {
        if (box.querySelector('[aria-pressed="true"]')) continue;
        const chip = box.querySelector(".chip"), input = box.querySelector("input");
        if (input) set(input, "1", "change"); else chip.click();
      }
      for (const field of row().querySelectorAll("input.form-control:not(.chip-input)")) {
        if (field.value === "") set(field, "n", "input");
      }
      await window.tick();
      made.add(JSON.stringify(own.rule.all[0]));
    }
    const selects = (within) => [...within().querySelectorAll("select")].filter((one) => !one.dataset.done);
    async function crawled(within, depth, skipped) {
      await filled();
      if (!depth) return;
      for (let at = skipped; at < selects(within).length; at++) {
        for (const value of [...selects(within)[at].options].map((one) => one.value).slice(0, 12)) {
          if (!selects(within)[at]) continue;
          set(selects(within)[at], value, "change");
          await crawled(within, depth - 1, at + 1);
        }
      }
    }
    const press = async (button) => { button.click(); await filled(); };
    const filter = (where) => [...row().querySelectorAll(".filters-of")].at(where).querySelector("button:last-child");
    const kinds = () => row().querySelectorAll("select")[1];
    for (const kind of [...kinds().options].map((one) => one.value)) {
      set(kinds(), kind, "change");
      await crawled(row, 2, 2);
      if (kind !== "event") continue;
      await press([...row().querySelectorAll(".filters-of")][0].lastElementChild);
      await crawled(() => row().querySelector(".filters-of .condition-fields"), 2, 0);
      set(row().querySelector('select:has(option[value="then"])'), "then", "change");
      await filled();
      await press(row().querySelector(".then-fields .filters-of").lastElementChild);
      await crawled(() => row().querySelector(".then-fields .condition-fields"), 2, 0);
    }
    own.gone();
    return [...made];
  };
}
