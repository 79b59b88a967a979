/* The filters in words: chips on the map, the line above the filters, the head of a print. */

import { element, listed, number, text } from "./page.js";
import { change, defaults, isDefault, state } from "./state.js";

/* What ids are called; filled when areas and routes are known. */
export const names = { areas: new Map(), routes: [] };

const SAID = {
  as_of: () => text("words_as_of", { day: state.as_of }),
  area: () => names.areas.get(state.area) || text("words_area"),
  category: () => (state.category.length > 2
    ? text("words_categories", { n: state.category.length })
    : listed(state.category.map((name) => name || text("category_unknown")))),
  hours: () => text("words_hours", { hours: state.hours.replace("-", "–") }),
  valid: () => text("words_all"),
  routes: routesInWords,
  sight: () => text("words_sight", { metres: state.sight }),
  asked: () => text("words_asked", { classes: listed([...state.asked].map((letter) => text("words_class_" + letter))) }),
  bandwidth: () => text("words_bandwidth", { metres: number(state.bandwidth) }),
  unit: () => text("words_grids"),
  days: () => text("words_days", { n: number(state.days) }),
  least: () => text("words_least", { n: number(state.least) })
};

/** The period in words. */
export function periodInWords() {
  const { since, until } = state;
  if (since && until) return since === until ? since : text("words_period", { since, until });
  if (since) return text("words_since", { since });
  return until ? text("words_until", { until }) : text("words_all_times");
}

/** The routes that count, in words. */
export function routesInWords() {
  if (state.routes === null) return text("words_routes_all");
  if (state.routes === "none") return text("words_routes_none");
  const mode = modeOf(state.routes);
  if (mode) return text("words_routes_" + mode);
  const ids = state.routes.split(",").map(Number);
  const found = names.routes.filter((route) => ids.includes(route.id));
  return found.length === 1 ? found[0].name : text("words_routes_some", { n: ids.length });
}

/** The mode whose routes these are, all of them and no others. */
export function modeOf(routes) {
  return ["foot", "vehicle"].find((mode) => routes && routes === routesOf(mode)) || null;
}

/** The ids of the routes of a mode, as the filter writes them. */
export function routesOf(mode) {
  const ids = names.routes.filter((route) => route.mode === mode).map((route) => route.id).sort((a, b) => a - b);
  return ids.length ? ids.join(",") : "none";
}

/** The filter that counts, of all routes that the user sees, those that pass; null when all do, as the address has it. */
export function routesThat(all, isCounted) {
  const ids = all.filter(isCounted).map((route) => route.id).sort((a, b) => a - b);
  return ids.length === all.length ? null : ids.join(",") || "none";
}

/** What is set, each with the changes that set it back. */
export function set() {
  const found = [];
  if (state.since || state.until) found.push({ name: "period", words: periodInWords(), back: { since: null, until: null } });
  for (const [name, said] of Object.entries(SAID)) {
    if (!isDefault(name)) found.push({ name, words: said(), back: { [name]: defaults()[name] } });
  }
  return found;
}

/** Period and filters in one line. */
export function inWords() {
  const parts = [periodInWords(), ...set().filter((one) => one.name !== "period").map((one) => one.words)];
  if (state.valid) parts.push(text("words_valid"));
  return parts.join(text("words_comma"));
}

/** Chips of what is set; each takes itself away. */
export function drawChips(box) {
  box.replaceChildren(...set().map((one) => {
    const button = element("button", "filter-chip", element("span", "", one.words), element("i", "", "×"));
    button.type = "button";
    button.dataset.chip = one.name;
    button.setAttribute("aria-label", text("words_remove", { what: one.words }));
    button.addEventListener("click", () => change(one.back));
    return element("li", "", button);
  }));
}
