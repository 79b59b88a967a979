/* What went wrong, in two lines: the reason, and what to do. */

import { element } from "./page.js";

/** The lines of a problem with `message` and `remedy`. */
export function explained(problem) {
  return [element("b", "", problem.message), problem.remedy ? element("p", "", problem.remedy) : ""];
}

/** What keeps a file out as a whole: each reason with its place, then the remedy. */
export function rejection(rejected) {
  const reasons = rejected.problems.map((one) => element("li", "", one.where ? element("small", "", one.where) : "", one.reason));
  return [element("ul", "data-reasons", ...reasons), rejected.remedy ? element("p", "", rejected.remedy) : ""];
}
