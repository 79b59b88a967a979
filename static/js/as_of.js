/* The day as of which the map is shown: a field among the grids, today unless somebody chose another; the chip on the
   map says which, and takes it back. */

import { query } from "./api.js";
import { data } from "./page.js";
import { change, state, subscribe } from "./state.js";

const find = (id) => document.getElementById(id);

export function startAsOf() {
  const field = find("as-of");
  if (!field) return;
  field.addEventListener("change", () => {
    // While a year is typed the field holds days of the first centuries, and none while it is not complete.
    if (field.value && !field.checkValidity()) return;
    change({ as_of: field.value && field.value !== data.today ? field.value : null });
  });
  field.addEventListener("blur", show);
  find("as-of-today").addEventListener("click", () => {
    change({ as_of: null });
    field.focus();
  });
  subscribe((changed) => {
    if (changed.has("as_of")) show();
  });
  show();
}

function show() {
  const isPast = state.as_of !== null;
  find("as-of").value = state.as_of || data.today;
  find("as-of-row").classList.toggle("is-set", isPast);
  find("as-of-today").hidden = !isPast;
  document.getElementById("map-page").classList.toggle("of-another-day", isPast);
  find("routes-day").textContent = state.as_of || data.today;
  find("as-of-compare").href = "/grids/compare" + query({ county: data.county.code, from: state.as_of });
}
