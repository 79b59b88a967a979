/* Repeat places: which, how often and since when; the same on a map. The address of the page holds the terms. */

import { get, query } from "./api.js";
import { busy, data, element, number, text } from "./page.js";
import { PlaceMap } from "./calls_map.js";
import { fillAreas } from "./calls_place.js";
import { startTableExport } from "./table_export.js";

const at = (id) => document.getElementById(id);
const DAY_MS = 86400000;
const USUAL = { days: "30", least: "3" };
const asked = new URLSearchParams(location.search);
const map = new PlaceMap({ chosen: (place) => choose(place, true) });
let places = [];
let abort = null;

/* At first the last 90 days: what is on now, not what was once. */
function begin() {
  const isSet = ["since", "until", "days", "least", "area", "valid"].some((name) => asked.has(name));
  at("until").value = asked.get("until") || (isSet ? "" : data.today);
  at("since").value = asked.get("since") || (isSet ? "" : new Date(Date.parse(data.today) - 89 * DAY_MS).toISOString().slice(0, 10));
  for (const name of ["days", "least"]) at(name).value = asked.get(name) || USUAL[name];
  at("nuisance").checked = asked.get("valid") === "0";
}

function terms() {
  const said = Object.fromEntries(["since", "until", "area"].map((name) => [name, at(name).value || null]));
  for (const name of ["days", "least"]) said[name] = at(name).value === USUAL[name] ? null : at(name).value;
  return { county: data.county.code, ...said, valid: at("nuisance").checked ? "0" : null };
}

async function load() {
  if (!at("terms").checkValidity()) return;
  if (abort) abort.abort();
  abort = new AbortController();
  const { signal } = abort;
  history.replaceState(null, "", "/calls/repeats" + query({ ...terms(), days: at("days").value }));
  at("to-map").href = "/" + query({ ...terms(), view: "incidents", layers: "density,repeat_places,streets" });
  const done = busy();
  try {
    const answer = await get("/api/incidents/repeats", terms(), signal);
    if (!signal.aborted) draw(answer);
  } catch (error) {
    if (!signal.aborted) fail(error);
  } finally {
    done();
  }
}

function draw(answer) {
  places = answer.places;
  const values = { places: number(places.length), least: number(answer.least), days: number(answer.days) };
  at("found").textContent = text(places.length ? "repeat_found" : "repeat_none", values);
  at("unused").textContent = answer.unused ? text("repeat_unused", { unused: number(answer.unused), calls: number(answer.calls) }) : "";
  at("state").hidden = places.length > 0;
  at("state").className = "state";
  at("state").replaceChildren(element("p", "", text("repeat_none_more")));
  at("list").replaceChildren(...places.map((place, rank) => element("li", "", row(place, rank))));
  map.show(places);
}

function row(place, rank) {
  const said = [place.category, text("repeat_span", { first: minute(place.first), last: minute(place.last) }),
    place.total > place.calls ? text("repeat_total", { n: number(place.total) }) : ""].filter(Boolean).join(" · ");
  const button = element("button", "", element("kbd", place.lon === null ? "" : "is-placed", rank + 1),
    element("span", "", element("bdi", "", place.text || text("repeat_no_address")), element("small", "", said),
      place.lon === null ? element("small", "is-unplaced", text("repeat_no_point")) : null),
    element("b", "", text("repeat_calls", { n: number(place.calls) })));
  button.type = "button";
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => choose(rank, false));
  return button;
}

/* The year stands there where it is another one. */
function minute(moment) {
  return moment.slice(moment.slice(0, 4) === data.today.slice(0, 4) ? 5 : 0).replace("T", " ");
}

function choose(rank, scrolls) {
  [...at("list").querySelectorAll("button")].forEach((button, place) => {
    button.setAttribute("aria-pressed", String(place === rank));
    if (place === rank && scrolls) button.scrollIntoView({ block: "nearest" });
  });
  map.show(places, rank, { fit: false });
  if (places[rank].lon !== null) map.goTo(places[rank]);
}

function fail(error) {
  const again = element("button", "button button-quiet", text("try_again"));
  again.type = "button";
  again.addEventListener("click", load);
  at("state").hidden = false;
  at("state").className = "state state-error";
  at("state").replaceChildren(element("b", "", error.message), element("p", "", error.remedy || ""), again);
  at("list").replaceChildren();
}

at("terms").addEventListener("change", load);
at("terms").addEventListener("submit", (event) => {
  event.preventDefault();
  load();
});
startTableExport(terms);
begin();
fillAreas(at("area"), text("repeat_all_areas"), asked.get("area")).catch(() => {}).then(load)
  .finally(() => { document.documentElement.dataset.ready = "true"; });
