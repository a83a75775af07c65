// Keep the newest message in sight, and empty the line when it was sent.
const toEnd = () => {
  const chat = document.getElementById("chat");
  if (chat) chat.scrollTop = chat.scrollHeight;
};

let place = null;
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (target.id === "chat") place = { count: target.dataset.count, top: target.scrollTop };
});
document.addEventListener("htmx:afterSettle", () => {
  const chat = document.getElementById("chat");
  if (!chat || !place) return;
  if (chat.dataset.count === place.count) chat.scrollTop = place.top;
  else toEnd();
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (target.matches(".composer") && detail.successful) target.reset();
});
toEnd();
