/* Which part of the incidents has a place, how they got it, and a warning where these are too few to stand for all. */

import { element, number, text } from "./page.js";

/** For a legend or a panel; null without incidents. `placing`: level, label and count, best first. */
export function placed(placing, isLow) {
  const total = placing.reduce((sum, one) => sum + one.count, 0);
  if (!total) return null;
  const levels = placing.filter((one) => one.level !== "none");
  const missing = total - levels.reduce((sum, one) => sum + one.count, 0);
  // Rounded down: what is not complete never says so.
  const share = number(Math.floor((100 * (total - missing)) / total));
  const lead = element("p", "", element("span", isLow ? "is-low" : "", text("placed_share", { share })),
    missing ? element("span", "", text("placed_missing", { n: number(missing) })) : null);
  const parts = levels.map(({ label, count }) => count === total ? label : window.mapDrawings.together(label, count, total));
  return element("div", "placed", lead, parts.length ? element("p", "placed-levels", ...parts.flatMap((part, place) => [place ? " · " : "", element("span", "", part)])) : null,
    isLow ? element("p", "is-low", text("placed_low")) : null);
}
