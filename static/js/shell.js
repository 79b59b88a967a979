/* What every page has: menus that close, the choice of light or dark, short messages. */

for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  });
}

function showTheme() {
  const now = document.documentElement.dataset.theme;
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === now));
  }
}

for (const button of document.querySelectorAll("[data-set-theme]")) {
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = button.dataset.setTheme;
    try { localStorage.setItem("theme", button.dataset.setTheme); } catch (error) { /* kept for this page only */ }
    showTheme();
    document.dispatchEvent(new CustomEvent("themechange"));
  });
}
showTheme();

/* What the page before this one did: said, then gone. */
for (const said of document.querySelectorAll("#toasts .toast")) setTimeout(() => said.remove(), 6000);
