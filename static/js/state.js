/* The state of the page is in its address: it can be sent, printed, reloaded and gone back in. */

import { data } from "./page.js";

const WORD = /^[\w.,:-]{1,200}$/;
const id = (given) => (/^\d{1,18}$/.test(given || "") ? Number(given) : null);
const day = (given) => (/^\d{4}-\d\d-\d\d$/.test(given || "") ? given : null);
const among = (...words) => (given) => (words.includes(given) ? given : words[0]);
const metres = (least, most) => (given) => {
  const found = /^\d{1,5}$/.test(given || "") ? Number(given) : null;
  return found !== null && found >= least && found <= most ? found : null;
};

const whole = (least, most, usual) => (given) => {
  const found = /^\d{1,4}$/.test(given || "") ? Number(given) : usual;
  return found >= least && found <= most ? found : usual;
};

/* How each filter is read from an address. Names, forms and defaults are those of the API. */
const FILTERS = {
  as_of: day, // another day than today
  area: id,
  since: day,
  until: day,
  category: null, // may be repeated; "" is that of incidents without one
  hours: (given) => (/^\d{1,2}-\d{1,2}$/.test(given || "") ? given : null),
  valid: (given) => given !== "0",
  routes: (given) => (given === "none" || /^\d{1,18}(,\d{1,18})*$/.test(given || "") ? given : null),
  sight: metres(5, 500),
  asked: among("AB", "A", "B", "C", "AC", "BC", "ABC"),
  bandwidth: metres(20, 20000),
  unit: among("cells", "grids"),
  days: whole(1, 3660, 30), // repeat places: within how many days
  least: whole(2, 1000, 3) // from how many calls on
};

export const FILTER_KEYS = Object.keys(FILTERS);

/* What is chosen on the page: ids of features that a panel keeps in the address. */
const CHOSEN = ["gap", "grid", "route"];

export const state = read();
const listeners = new Set();

function read() {
  const query = new URLSearchParams(location.search);
  const found = {
    county: query.get("county"),
    view: data.views.some((view) => view.id === query.get("view")) ? query.get("view") : data.view,
    panel: WORD.test(query.get("panel") || "") ? query.get("panel") : null,
    layers: query.has("layers") ? new Set(query.get("layers").split(",").filter(Boolean)) : null,
    at: position(query.get("at"))
  };
  for (const name of CHOSEN) found[name] = id(query.get(name));
  for (const [name, form] of Object.entries(FILTERS)) {
    found[name] = form ? form(query.get(name)) : query.getAll(name).filter((one) => one.length <= 200);
  }
  return found;
}

/** Calls `fn(changedKeys)` with the Set of names that changed, after each change. Returns what ends it. */
export function subscribe(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/** Changes the state and the address with it, and tells who listens. What is a step back for the user is one in the
    browser's history too: a view, a filter; not where the map stands. */
export function change(changes) {
  const changed = assign(changes);
  if (!changed.size) return;
  write([...changed].some((name) => name === "view" || name in FILTERS));
  tell(changed);
}

function assign(changes) {
  const changed = new Set();
  for (const [name, value] of Object.entries(changes)) {
    if (plain(state[name]) !== plain(value)) changed.add(name);
    state[name] = value;
  }
  return changed;
}

function tell(changed) {
  for (const fn of [...listeners]) fn(changed);
}

function plain(value) {
  if (value instanceof Set) return JSON.stringify([...value]);
  return JSON.stringify(value === undefined ? null : value);
}

window.addEventListener("popstate", () => {
  const { at, county, ...found } = read(); // the map stays where it is
  if (found.layers === null) delete found.layers;
  const changed = assign(found);
  write(false);
  if (changed.size) tell(changed);
});

/** The filters that differ from their defaults, with the county: parameters of every question to the API. */
export function filters() {
  const found = { county: data.county.code };
  for (const name of FILTER_KEYS) {
    const value = state[name];
    if (isDefault(name, value)) continue;
    found[name] = name === "valid" ? "0" : value;
  }
  return found;
}

/** Whether a filter has the value that it has when nobody touched it. */
export function isDefault(name, value = state[name]) {
  const form = FILTERS[name];
  return plain(value) === plain(form ? form(null) : []);
}

/** The changes that set every filter back. */
export function defaults() {
  return Object.fromEntries(FILTER_KEYS.map((name) => [name, FILTERS[name] ? FILTERS[name](null) : []]));
}

/** The address of this page in another view. */
export function address(changes = {}) {
  const now = { ...state, ...changes };
  const parts = [];
  const put = (name, value) => parts.push(name + "=" + encodeURIComponent(value).replace(/%2C/g, ",").replace(/%2F/g, "/"));
  if (now.county) put("county", now.county);
  if (now.view) put("view", now.view);
  if (now.panel) put("panel", now.panel);
  for (const name of FILTER_KEYS) {
    if (isDefault(name, now[name])) continue;
    for (const one of Array.isArray(now[name]) ? now[name] : [now[name]]) put(name, name === "valid" ? "0" : one);
  }
  if (now.layers) put("layers", [...now.layers].join(","));
  if (now.at) put("at", [now.at.zoom, now.at.lat.toFixed(5), now.at.lng.toFixed(5)].join("/"));
  for (const name of CHOSEN) if (now[name] !== null && now[name] !== undefined) put(name, now[name]);
  return location.pathname + (parts.length ? "?" + parts.join("&") : "");
}

function write(isStep) {
  if (isStep) history.pushState(null, "", address());
  else history.replaceState(null, "", address());
}

function position(given) {
  const found = /^(\d{1,2}(?:\.\d+)?)\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/.exec(given || "");
  return found ? { zoom: Number(found[1]), lat: Number(found[2]), lng: Number(found[3]) } : null;
}
