/* What changed, in words. */

import { number, text } from "./page.js";

const HECTARE = 10000; // m²
const MOST = 3; // shares are named; of more it is said how many

/** An area as people read it: square metres, from a tenth of a hectare on hectares. */
export function areaInWords(area) {
  return area < HECTARE / 10
    ? text("compare_square_metres", { n: number(area, area < 10 ? 1 : 0) })
    : text("compare_hectares", { n: number(area / HECTARE, area < 10 * HECTARE ? 2 : 0) });
}

/** What a grid is called, where it may be nobody. */
export function called(grid) {
  return grid && grid.id ? grid.name : text("compare_nobody");
}

/** The lines below a grid's name: what it was called, from whom and to whom its land went, which changes did it. */
export function described(grid) {
  const lines = [];
  if (grid.before) lines.push(text("compare_was", { name: [grid.before.name, grid.before.code].join(" ") }));
  const shares = [
    ...grid.came_from.map((share) => text("compare_from", { area: areaInWords(share.area_m2), name: called(share) })),
    ...grid.went_to.map((share) => text("compare_to", { area: areaInWords(share.area_m2), name: called(share) }))
  ];
  lines.push(...shares.slice(0, MOST));
  if (shares.length > MOST) lines.push(text("compare_more", { n: number(shares.length - MOST) }));
  for (const change of grid.changes) lines.push([change.day, reason(change), change.reason].filter(Boolean).join(" · "));
  return lines;
}

const REASONS = {
  real_change: () => text("reason_real_change"),
  re_digitising: () => text("reason_re_digitising"),
  code_correction: () => text("reason_code_correction")
};

function reason(change) {
  if (change.id === null) return text("compare_import");
  return change.reason_code in REASONS ? REASONS[change.reason_code]() : "";
}
