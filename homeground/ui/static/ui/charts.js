// Draws the option that stands in the page as JSON, in the colours of the theme, and again when the theme changes.

const PALETTE = ["#165dff", "#f7901e", "#00a870", "#7816ff", "#d91ad9", "#0fa5b8", "#86909c"];
const PALETTE_DARK = ["#6ea1ff", "#ffb65d", "#4fcf8b", "#b18cff", "#f08df0", "#54d1e0", "#a9aeb8"];

const isDark = () => document.documentElement.dataset.bsTheme === "dark";
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function axis(given) {
  if (Array.isArray(given)) return given.map(axis);
  const isCategory = given.type === "category";
  return {
    axisLabel: { color: token("--hg-text-2"), hideOverlap: true },
    axisLine: { show: isCategory, lineStyle: { color: token("--hg-line-strong") } },
    axisTick: { show: false },
    splitLine: { show: !isCategory, lineStyle: { color: token("--hg-line") } },
    ...given,
  };
}

function dressed(option) {
  const text = { color: token("--hg-text-2"), fontFamily: getComputedStyle(document.body).fontFamily };
  const label = (series) => (series.label ? { ...series, label: { color: token("--hg-text"), ...series.label } } : series);
  const heat = option.visualMap && {
    ...option.visualMap,
    inRange: { color: isDark() ? ["#17202e", "#2f6fe0"] : ["#eef5ff", "#4e8cff"] },
  };
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    color: isDark() ? PALETTE_DARK : PALETTE,
    textStyle: text,
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    ...option,
    legend: { right: 8, top: 0, itemWidth: 18, itemHeight: 10, textStyle: text, ...option.legend },
    tooltip: {
      trigger: option.series?.some((series) => series.type === "line" || series.type === "bar") ? "axis" : "item",
      confine: true,
      backgroundColor: token("--hg-card"),
      borderColor: token("--hg-line"),
      textStyle: { color: token("--hg-text"), fontSize: 13 },
      ...option.tooltip,
    },
    ...(option.xAxis && { xAxis: axis(option.xAxis) }),
    ...(option.yAxis && { yAxis: axis(option.yAxis) }),
    ...(heat && { visualMap: heat }),
    series: option.series?.map(label),
  };
}

// Effects with their intervals: a point, whiskers, and a line at zero.
function intervals({ items, unit, digits }) {
  const colour = { up: token("--up"), down: token("--down"), neutral: token("--hg-text-3") };
  const show = (number) => `${number > 0 ? "+" : ""}${number.toFixed(digits)}${unit}`;
  const whisker = (params, api) => {
    const [low, high, middle] = [1, 2, 3].map((i) => api.coord([api.value(i), api.value(0)]));
    const style = { stroke: colour[items[params.dataIndex].tone], fill: colour[items[params.dataIndex].tone], lineWidth: 2 };
    const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
    return {
      type: "group",
      children: [
        line(low[0], low[1], high[0], high[1]),
        line(low[0], low[1] - 5, low[0], low[1] + 5),
        line(high[0], high[1] - 5, high[0], high[1] + 5),
        { type: "circle", shape: { cx: middle[0], cy: middle[1], r: 5 }, style },
      ],
    };
  };
  return {
    grid: { left: 8, right: 24, top: 12, bottom: 8, containLabel: true },
    xAxis: { type: "value", scale: false, axisLabel: { formatter: (number) => `${+number.toFixed(digits + 2)}${unit}`, color: token("--hg-text-2") } },
    yAxis: { type: "category", inverse: true, data: items.map((item) => item.label), splitLine: { show: true } },
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex }) => {
        const item = items[dataIndex];
        return echarts.format.encodeHTML(`${item.label}  ${show(item.value)}  [${show(item.low)}, ${show(item.high)}]`);
      },
    },
    series: [
      {
        type: "custom",
        renderItem: whisker,
        encode: { x: [1, 2], y: 0 },
        data: items.map((item, i) => [i, item.low, item.high, item.value]),
        markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: token("--hg-text-3"), type: "dashed" }, data: [{ xAxis: 0 }] },
      },
    ],
  };
}

const drawn = new Map();

export function draw(place) {
  if (!place.isConnected) return; // Replaced while the library was on its way.
  const given = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const chart = drawn.get(place) ?? echarts.init(place);
  chart.setOption(dressed(given.kind === "intervals" ? intervals(given) : given), true);
  if (!drawn.has(place)) new ResizeObserver(() => chart.resize()).observe(place);
  drawn.set(place, chart);
  place.dataset.drawn = "true";
}

document.addEventListener("themechange", () => {
  for (const place of drawn.keys()) {
    if (place.isConnected) draw(place);
    else drawn.delete(place);
  }
});
