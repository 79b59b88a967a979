/* Two days of grids: the days in the address, what changed as a list and on the map. */

import { get, query } from "./api.js";
import { ChangesMap } from "./grids_compare_map.js";
import { areaInWords, described } from "./grids_compare_words.js";
import { busy, data, element, number, text } from "./page.js";

const KINDS = ["moved", "created", "retired", "renamed", "redrawn"];
const DAY_MS = 86400000;
const at = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const map = new ChangesMap((id) => choose(id, false));
let answer = null;
let abort = null;

const before = (day) => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);

/* The latest change if there is one, else the day before today. */
function begin() {
  const last = data.last_change || data.today;
  at("from").value = asked.get("from") || before(last);
  at("to").value = asked.get("to") || (data.last_change && !asked.get("from") ? last : data.today);
  at("last-change").disabled = !data.last_change;
  at("whole").disabled = !data.first_day;
}

function set(first, last) {
  at("from").value = first;
  at("to").value = last;
  load();
}

async function load() {
  const [first, last] = [at("from").value, at("to").value];
  if (!at("terms").checkValidity() || last < first) {
    nothing(text("compare_wait"));
    document.documentElement.dataset.ready = "true";
    return;
  }
  if (abort) abort.abort();
  abort = new AbortController();
  const { signal } = abort;
  const terms = { county: data.county.code, from: first, to: last };
  history.replaceState(null, "", "/grids/compare" + query(terms));
  links(first, last);
  const done = busy();
  try {
    const [found, layer] = await Promise.all([
      get("/api/grids/compare", terms, signal),
      get("/api/layers/grids", { county: data.county.code, as_of: last }, signal)
    ]);
    if (!signal.aborted) draw(found, layer);
  } catch (error) {
    if (!signal.aborted) fail(error);
  } finally {
    done();
    document.documentElement.dataset.ready = "true";
  }
}

function links(first, last) {
  for (const [id, day] of [["to-before", first], ["to-after", last]]) {
    at(id).textContent = text("compare_open", { day });
    at(id).href = "/" + query({ county: data.county.code, view: "grids", as_of: day === data.today ? null : day });
  }
}

function draw(found, layer) {
  answer = found;
  const { totals } = found;
  at("found").textContent = text("compare_head", {
    before: number(totals.grids_before), after: number(totals.grids_after), first: found.from, last: found.to
  });
  at("areas").textContent = [
    totals.area_m2 ? text("compare_area", { area: areaInWords(totals.area_m2) }) : text("compare_no_area"),
    totals.redrawn_m2 ? text("compare_redrawn_area", { area: areaInWords(totals.redrawn_m2) }) : ""
  ].filter(Boolean).join(" · ");
  at("notice").hidden = !found.notice;
  at("notice").textContent = found.notice || "";
  const groups = KINDS.filter((kind) => found[kind].length);
  at("state").hidden = groups.length > 0;
  at("state").className = "state";
  at("state").replaceChildren(element("b", "", text("compare_none")));
  at("list").replaceChildren(...groups.flatMap((kind) => group(kind, found[kind])));
  map.draw(found, layer);
  at("legend").replaceChildren(...map.legend());
  map.goToAll(); // now that the legend has its room
}

function group(kind, grids) {
  const list = element("ol", "compare-list", ...grids.map((grid) => element("li", "", entry(kind, grid))));
  return [element("h3", "is-" + kind, element("i", ""), text("compare_" + kind), element("b", "", number(grids.length))), list];
}

function entry(kind, grid) {
  const button = element("button", "is-" + kind, element("span", "", element("bdi", "", grid.name), " ", element("small", "", grid.code)),
    ...described(grid).map((line) => element("small", "", line)));
  button.type = "button";
  button.dataset.grid = String(grid.id);
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => choose(grid.id, true));
  return button;
}

/* Chosen in the list the map goes there; chosen on the map the list does. */
function choose(id, move) {
  for (const button of at("list").querySelectorAll("button")) {
    const isOne = button.dataset.grid === String(id);
    button.setAttribute("aria-pressed", String(isOne));
    if (isOne && !move) button.scrollIntoView({ block: "nearest" });
  }
  const grid = KINDS.flatMap((kind) => answer[kind]).find((one) => one.id === id);
  if (grid) map.choose(grid, move);
}

function nothing(said, ...more) {
  at("list").replaceChildren();
  at("state").hidden = false;
  at("state").className = "state";
  at("state").replaceChildren(element("p", "", said), ...more);
}

function fail(error) {
  const again = element("button", "button button-quiet", text("try_again"));
  again.type = "button";
  again.addEventListener("click", load);
  nothing(error.message + " " + (error.remedy || ""), again);
  at("state").className = "state state-error";
}

begin();
for (const id of ["from", "to"]) at(id).addEventListener("change", load);
at("terms").addEventListener("submit", (event) => event.preventDefault());
at("last-change").addEventListener("click", () => set(before(data.last_change), data.last_change));
at("whole").addEventListener("click", () => set(data.first_day, data.today));
load();
