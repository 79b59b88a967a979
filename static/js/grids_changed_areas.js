/* What becomes of communities and towns, as a list: new, gone, called otherwise, under another town, with another outline. */

import { element, text } from "./page.js";

/** A list item for each of a change's `areas`. */
export function areaItems(areas) {
  return areas.map((area) => element("li", area.is_retired ? "is-gone" : "",
    element("b", "", element("bdi", "", area.name)), element("small", "", area.code), element("span", "", becomes(area))));
}

function becomes(area) {
  if (area.is_new) return text("area_new", { above: area.parent_name || "—" });
  if (area.is_retired) return text("area_gone", { above: area.parent_name || "—" });
  return [
    area.name_before && text("area_renamed", { before: area.name_before }),
    area.parent_before && text("area_moved", { before: area.parent_before, above: area.parent_name || "—" }),
    area.has_other_land && text("area_redrawn")
  ].filter(Boolean).join(text("area_between"));
}
