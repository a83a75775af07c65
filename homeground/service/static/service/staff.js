// Counts the clocks of those who wait, second by second; htmx fetches the list itself every half minute.

const units = (element) => element.dataset.units.split("|");

function span(element, seconds) {
  const [days, hours, minutes] = units(element);
  const whole = Math.floor(seconds / 60);
  if (whole >= 2880) return days.replace("%s", Math.floor(whole / 1440));
  if (whole >= 120) return hours.replace("%s", Math.floor(whole / 60));
  if (whole >= 60) return minutes.replace("%s", whole);
  return `${String(whole).padStart(2, "0")}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

function count() {
  for (const element of document.querySelectorAll(".countdown")) {
    const left = (Date.parse(element.dateTime) - Date.now()) / 1000;
    const words = left >= 0 ? element.dataset.left : element.dataset.over;
    element.textContent = words.replace("%s", span(element, Math.abs(left)));
    element.classList.toggle("is-over", left < 0);
  }
}

count();
setInterval(count, 1000);
document.addEventListener("htmx:afterSwap", count);
