// The calendar: entries by day, drafts moved by dragging, the pressure of each day at its foot. Days and times come in
// the brand's zone and are drawn as they stand; the browser's own zone plays no part.

const told = JSON.parse(document.getElementById("calendar-told").textContent);
const root = document.getElementById("calendar");
const boxes = [...document.querySelectorAll("[data-calendar]")];
const VIEWS = { month: "dayGridMonth", week: "dayGridWeek", list: "listMonth" };

// What the page's address already says (filters), with more.
function asked(more) {
  const params = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(more)) params.set(name, value);
  return params;
}

const shown = () => boxes.filter((box) => box.checked).map((box) => box.value).join(",");
const iso = (date) => date.toISOString().slice(0, 10);
const days = (start, end) => ({ start: iso(start), end: iso(end) });

async function entries(info) {
  const answer = await fetch(`${told.entries}?${asked({ ...days(info.start, info.end), calendars: shown() })}`);
  if (!answer.ok) throw new Error(answer.statusText);
  const rows = await answer.json();
  document.getElementById("calendar-none").hidden = rows.length > 0;
  return rows;
}

// The address keeps day, view and calendars: a reload or a link shows the same.
function remember(calendar) {
  const view = Object.keys(VIEWS).find((name) => VIEWS[name] === calendar.view.type);
  const date = iso(calendar.getDate());
  history.replaceState(null, "", `?${asked({ date, view, calendars: shown() })}`);
}

let heat = {};

// The heat comes later than the days, and again when they are drawn anew.
function warm() {
  root.querySelectorAll(".calendar-heat").forEach((foot) => {
    const day = heat[foot.dataset.day];
    foot.className = `calendar-heat heat-${day?.level ?? 0}`;
    foot.textContent = day?.text ?? "";
    foot.title = day?.text ?? "";
  });
  calendar.updateSize();
}

function press({ activeStart, activeEnd }) {
  const url = `${told.pressure}?${asked(days(activeStart, activeEnd))}`;
  htmx.ajax("GET", url, { target: "#pressure", swap: "innerHTML" });
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "pressure") return;
  heat = JSON.parse(document.getElementById("pressure-days").textContent);
  warm();
});

async function move(info) {
  const day = info.event.startStr.slice(0, 10);
  const url = told.move.replace(":pk", info.event.id.split(/[:@]/)[1]);
  try {
    await htmx.ajax("POST", url, { source: root, swap: "none", values: { day } });
  } catch {
    info.revert();
  }
  calendar.refetchEvents(); // What the server kept, whatever was dragged.
  press(calendar.view);
}

function foot(info) {
  info.el.removeAttribute("aria-labelledby"); // It names the day's number alone; what stands in the day is to be heard too.
  const frame = info.el.querySelector(".fc-daygrid-day-frame");
  if (!frame || frame.querySelector(".calendar-heat")) return;
  const line = document.createElement("div");
  line.className = "calendar-heat";
  line.dataset.day = iso(info.date);
  frame.append(line);
}

const calendar = new FullCalendar.Calendar(root, {
  locale: told.locale,
  timeZone: "UTC",
  now: told.now,
  initialDate: told.date,
  initialView: VIEWS[asked({}).get("view")] ?? VIEWS.month,
  firstDay: 1,
  height: "auto",
  dayMaxEvents: 5,
  displayEventEnd: false,
  eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
  headerToolbar: { start: "prev,next today", center: "title", end: "dayGridMonth,dayGridWeek,listMonth" },
  buttonIcons: false, // Theirs are images without words for a screen reader.
  buttonText: { prev: "‹", next: "›", today: told.words.today, dayGridMonth: told.words.month, dayGridWeek: told.words.week, listMonth: told.words.list },
  buttonHints: { prev: told.words.prev, next: told.words.next, today: told.words.today },
  moreLinkText: (count) => told.words.more.replace("%d", count),
  noEventsText: told.words.empty,
  editable: false,
  eventDurationEditable: false,
  events: entries,
  eventDidMount: ({ event, el }) => {
    el.title = event.extendedProps.said;
  },
  dayCellDidMount: foot,
  eventClick: (info) => {
    info.jsEvent.preventDefault();
    htmx.ajax("GET", info.event.url, { target: "#drawer-body", swap: "innerHTML" });
  },
  eventDrop: move,
  datesSet: (info) => {
    remember(calendar);
    press(info.view);
    warm();
  },
});

boxes.forEach((box) => box.addEventListener("change", () => {
  remember(calendar);
  calendar.refetchEvents();
}));
calendar.render();
