/* Takes out a table of the page as a file: which one, in what form, in which system; a link that follows what is chosen. */

import { query } from "./api.js";

const at = (id) => document.getElementById(id);

/** `terms` gives the parameters of the page's tables: the county, and what is filtered by. */
export function startTableExport(terms) {
  const dialog = at("table-export");
  if (!dialog) return; // not for this user
  const [which, format, system, file] = ["table-which", "table-format", "table-system", "table-file"].map(at);

  const show = () => {
    const isMap = "map" in which.selectedOptions[0].dataset;
    for (const option of format.options) option.hidden = option.disabled = "map" in option.dataset && !isMap;
    if (format.selectedOptions[0].disabled) format.selectedIndex = 0;
    system.parentElement.hidden = !isMap;
    file.href = `/api/exports/tables/${which.value}`
      + query({ ...terms(), format: format.value, crs: isMap ? system.value : null });
  };

  for (const button of document.querySelectorAll("[data-tables]")) {
    button.addEventListener("click", () => {
      const names = button.dataset.tables.split(" ");
      for (const option of which.options) option.hidden = option.disabled = !names.includes(option.value);
      which.value = names[0];
      which.parentElement.hidden = names.length < 2;
      show();
      dialog.showModal();
    });
  }
  for (const field of [which, format, system]) field.addEventListener("change", show);
  file.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
