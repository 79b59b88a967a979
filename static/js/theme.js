/* Runs before anything is painted, so that a dark page never flashes white. */
(function () {
  "use strict";
  if (document.documentElement.dataset.theme) return; // a sheet of paper is light
  var wanted = null;
  try { wanted = localStorage.getItem("theme"); } catch (error) { /* storage may be forbidden */ }
  if (wanted !== "light" && wanted !== "dark") {
    wanted = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.dataset.theme = wanted;
})();
