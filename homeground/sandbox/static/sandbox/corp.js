// A phone looks again by itself while it is seen; what is being written is left alone; the newest message stays in sight.
const SECONDS = 3;
const body = () => document.getElementById("phone-body");

const isBeingUsed = (place) => {
  const active = document.activeElement;
  const isWriting = place.contains(active) && active.matches("input, textarea, select");
  const isChanged = [...place.querySelectorAll("input, textarea")].some((one) =>
    one.type === "checkbox" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue);
  return isWriting || isChanged;
};

setInterval(() => {
  const place = body();
  if (!document.hidden && place && !isBeingUsed(place)) window.htmx.trigger(place, "tick");
}, SECONDS * 1000);

const toEnd = () => {
  const place = body();
  if (place?.matches(".chat")) place.scrollTop = place.scrollHeight;
};

let before = null;
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  before = target.id === "phone-body" ? { count: target.dataset.count, top: target.scrollTop } : null;
});
document.addEventListener("htmx:afterSettle", () => {
  const place = body();
  if (place && before && place.dataset.count === before.count) place.scrollTop = before.top;
  else toEnd();
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (target.matches(".composer") && detail.successful) {
    target.querySelector("[name=text]").value = "";
    target.querySelector("[name=text]").focus();
  }
});
toEnd();
