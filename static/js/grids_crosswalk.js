/* The table of grids and police areas: another day or choice is another address. */

import "./page.js";

const form = document.querySelector("form[action='/grids/crosswalk']");
for (const field of form.querySelectorAll("input:not([type='hidden'])")) {
  field.addEventListener("change", () => {
    if (form.reportValidity()) form.requestSubmit();
  });
}
document.documentElement.dataset.ready = "true";
