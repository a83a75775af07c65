// Before the first paint: without a choice of the user's own (cookie, rendered by the server), follow the system.
if (!document.documentElement.dataset.bsTheme) {
  document.documentElement.dataset.bsTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
