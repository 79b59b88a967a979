/* Empty templates, and what is there as a file: two links that follow what is chosen. */

import { query } from "./api.js";
import { data } from "./page.js";

const at = (id) => document.getElementById(id);

export function startTakingOut() {
  const show = () => {
    const kind = at("out-kind").value;
    at("export-file").hidden = "stays" in at("out-kind").selectedOptions[0].dataset; // not for this user to take out
    at("template").href = `/api/templates/${kind}.xlsx`;
    at("export-file").href = `/api/exports/${kind}` + query({
      county: data.county.code, format: at("out-format").value, crs: at("out-system").value
    });
  };
  for (const id of ["out-kind", "out-format", "out-system"]) at(id).addEventListener("change", show);
  show();
}
