// What the brand knows, asked for once, when it is first shown: values of attributes, properties of events, products.
const { reactive } = Vue;

export function library(urls) {
  const lists = reactive({});

  async function fetched(kind, query) {
    if (!urls[kind]) return [];
    try {
      const answer = await fetch(`${urls[kind]}?${new URLSearchParams(query)}`);
      return answer.ok ? (await answer.json()).values : [];
    } catch {
      return [];
    }
  }

  const asChoice = (one) => (typeof one === "string" ? { value: one, label: one } : one);

  function asked(kind, query) {
    const name = `${kind}:${JSON.stringify(query)}`;
    if (!(name in lists)) {
      lists[name] = [];
      if (Object.values(query).every(Boolean)) fetched(kind, query).then((values) => { lists[name] = values.map(asChoice); });
    }
    return lists[name];
  }

  const search = (kind) => async (text) => (await fetched(kind, { q: text })).map(asChoice);
  return { asked, search };
}
