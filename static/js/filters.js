/* The terms on the left: each control changes the state, and shows it whoever changed it. */

import { drawCategories } from "./categories.js";
import { loadChoices, showChoices } from "./choices.js";
import { data, number, text } from "./page.js";
import { change, defaults, FILTER_KEYS, state, subscribe } from "./state.js";
import { onSummary } from "./summary.js";
import { drawChips, inWords, set } from "./words.js";

const REST_MS = 300; // after the last move of a slider
const BANDWIDTH = { least: 50, most: 2000 };
const find = (id) => document.getElementById(id);
let density = null; // facts of the density's drawing

export function startFilters(map) {
  for (const button of document.querySelectorAll("[data-left]")) button.addEventListener("click", () => showLeft(button.dataset.left));
  find("filter-reset").addEventListener("click", () => change(defaults()));
  find("valid").addEventListener("change", () => change({ valid: find("valid").checked }));
  for (const button of document.querySelectorAll("[data-hours]")) {
    button.addEventListener("click", () => change({ hours: button.dataset.hours || null }));
  }
  for (const name of ["hour-from", "hour-to"]) find(name).addEventListener("change", () => changeHours(name));
  for (const button of document.querySelectorAll("[data-unit]")) button.addEventListener("click", () => change({ unit: button.dataset.unit }));
  for (const tick of document.querySelectorAll("[data-asked]")) tick.addEventListener("change", () => changeAsked(tick));
  slider("sight", (value) => change({ sight: value === data.sight_m ? null : value }), (value) => value);
  slider("bandwidth", (value) => change({ bandwidth: density && value === metres(density.proposed_m) ? null : value }), fromPlace);
  find("bandwidth-proposed").addEventListener("click", () => change({ bandwidth: null }));
  document.addEventListener("drawn", (event) => {
    if (event.detail.layer_id !== "density" || !event.detail.facts) return;
    density = event.detail.facts;
    showBandwidth();
  });
  onSummary((answer) => {
    drawCategories(find("filter-category"), answer);
    const untimed = Boolean(answer && answer.total && answer.untimed === answer.total);
    for (const one of find("filter-hours").querySelectorAll("button, select")) one.disabled = untimed;
    find("hours-remark").textContent = text(untimed ? "time_none" : "hours_remark");
  });
  subscribe((changed) => {
    if (FILTER_KEYS.some((name) => changed.has(name))) show();
  });
  show();
  return loadChoices(map).then(show);
}

/** Shows layers or terms in the panel on the left. */
export function showLeft(which) {
  for (const button of document.querySelectorAll("[data-left]")) button.setAttribute("aria-pressed", String(button.dataset.left === which));
  find("left-layers").hidden = which !== "layers";
  find("left-filters").hidden = which !== "filters";
}

function show() {
  const chosen = set();
  drawChips(find("filter-chips"));
  find("filter-words").textContent = inWords();
  find("filter-reset").hidden = chosen.length === 0;
  find("filter-number").hidden = chosen.length === 0;
  find("filter-number").textContent = chosen.length;
  find("valid").checked = state.valid;
  showHours();
  for (const button of document.querySelectorAll("[data-unit]")) button.setAttribute("aria-pressed", String(button.dataset.unit === state.unit));
  for (const tick of document.querySelectorAll("[data-asked]")) tick.checked = state.asked.includes(tick.dataset.asked);
  const sight = state.sight || data.sight_m;
  fill(find("sight"), sight);
  find("sight-value").textContent = number(sight) + " m";
  showBandwidth();
  showChoices();
}

function showHours() {
  const [from, to] = state.hours ? state.hours.split("-").map(Number) : [0, 24];
  find("hour-from").value = String(from);
  find("hour-to").value = String(to);
  find("hours-value").textContent = state.hours ? text("words_hours", { hours: `${from}–${to}` }) : "";
  for (const button of document.querySelectorAll("[data-hours]")) {
    button.setAttribute("aria-pressed", String(button.dataset.hours === (state.hours || "")));
  }
}

/* An hour to itself is no band: the other end gives way. */
function changeHours(moved) {
  let [from, to] = [Number(find("hour-from").value), Number(find("hour-to").value)];
  if (from === to && moved === "hour-from") to = from + 1;
  else if (from === to) from = to - 1;
  change({ hours: (from === 0 && to === 24) || from === to ? null : `${from}-${to}` });
}

function changeAsked(tick) {
  const letters = [...document.querySelectorAll("[data-asked]")].filter((one) => one.checked).map((one) => one.dataset.asked);
  if (letters.length) change({ asked: letters.join("") });
  else tick.checked = true; // without any class there is nothing to ask for
}

/* A slider says its value while it moves and changes the state when it rests. */
function slider(name, apply, valueOf) {
  const input = find(name);
  let rest = 0;
  input.addEventListener("input", () => {
    const value = valueOf(Number(input.value));
    find(name + "-value").textContent = number(value) + " m";
    fill(input, Number(input.value));
    clearTimeout(rest);
    rest = setTimeout(() => apply(value), REST_MS);
  });
  input.addEventListener("change", () => {
    clearTimeout(rest);
    apply(valueOf(Number(input.value)));
  });
}

function fill(input, value) {
  input.value = String(value);
  const share = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min));
  input.style.setProperty("--filled", Math.round(100 * share) + "%");
}

/* The bandwidth grows by a ratio a step, since 50 m more mean much at 100 m and nothing at 2 km. */
function ends() {
  const proposed = density && density.proposed_m ? density.proposed_m : 0;
  return {
    least: proposed ? Math.max(20, Math.min(BANDWIDTH.least, proposed / 3)) : BANDWIDTH.least,
    most: Math.min(20000, Math.max(BANDWIDTH.most, 3 * proposed))
  };
}

function fromPlace(place) {
  const { least, most } = ends();
  return metres(least * Math.pow(most / least, place / 100));
}

function metres(value) {
  const step = value < 200 ? 5 : value < 1000 ? 10 : 50;
  return Math.round(value / step) * step;
}

function showBandwidth() {
  const value = state.bandwidth || (density && density.bandwidth_m);
  find("filter-bandwidth").hidden = !value;
  if (!value) return;
  const { least, most } = ends();
  fill(find("bandwidth"), (100 * Math.log(value / least)) / Math.log(most / least));
  find("bandwidth").setAttribute("aria-valuetext", number(value) + " m");
  find("bandwidth-value").textContent = number(value) + " m" + (state.bandwidth ? "" : text("bandwidth_proposed_mark"));
  const proposed = density && density.proposed_m;
  find("bandwidth-proposal").parentNode.hidden = !proposed;
  find("bandwidth-proposal").textContent = proposed ? text("bandwidth_reason", { metres: number(proposed) }) : "";
  find("bandwidth-reason").textContent = (density && density.reason) || "";
  find("bandwidth-proposed").hidden = !state.bandwidth || !proposed;
}
