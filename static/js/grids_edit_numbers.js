/* The numbers of the grids that an operation touches: before and now, one card a grid, on the right while they are needed. */

import { data, element, number, text } from "./page.js";

const NARROW = "\u202f";
const MEASURES = ["households", "people", "area_m2", "incidents"];

export class Numbers {
  constructor(panel, box, title) {
    this.panel = panel;
    this.box = box;
    this.title = title;
    this.areas = new Map();
    this.before = new Map();
  }

  /** `rows`: [{code, name, households, people, area_m2, incidents, leader, before}]. */
  show(rows, title) {
    this.title.textContent = title;
    this.areas.clear();
    const told = rows.filter(isOther); // a neighbour that only gains a corner is not worth a card
    this.box.replaceChildren(...(told.length ? told : rows).map((row) => this.card(row)));
    this.open();
  }

  /** Areas alone, counted here, until the server has said the rest: {code: m²}. Cards that stand there stay. */
  showAreas(areas, names, title) {
    const codes = Object.keys(areas);
    if (!codes.every((code) => this.areas.has(code)) || this.areas.size !== codes.length) {
      this.show(codes.map((code) => ({ code, name: names[code], area_m2: areas[code], before: { area_m2: areas[code] } })), title);
    }
    for (const code of codes) {
      const { cell, before } = this.areas.get(code);
      fill(cell, "area_m2", areas[code], before);
    }
  }

  /** Says in the place of the numbers that there are none, and why. */
  say(sentence) {
    const said = this.box.querySelector(".numbers-said") || element("p", "numbers-said");
    said.textContent = sentence || "";
    said.hidden = !sentence;
    if (!said.parentNode) this.box.prepend(said);
  }

  open() {
    this.panel.hidden = false;
    document.getElementById("map-page").classList.add("right-open");
  }

  hide() {
    this.panel.hidden = true;
    this.areas.clear();
    this.box.replaceChildren();
    document.getElementById("map-page").classList.remove("right-open");
  }

  card(row) {
    const [before, isGone] = [isThere(row.before) ? row.before : null, !isThere(row)];
    const table = element("table", "numbers-table", element("thead", "", element("tr", "", element("td", ""),
      element("th", "is-number", text("numbers_before")), element("th", "is-number", text("numbers_now")))));
    const body = element("tbody", "");
    for (const measure of MEASURES) {
      if (!isKnown(row, measure)) continue;
      const cell = element("td", "is-number");
      fill(cell, measure, row[measure], before ? before[measure] : null);
      if (measure === "area_m2") this.areas.set(row.code, { cell, before: before ? before.area_m2 : null });
      body.append(element("tr", "", element("th", "", text("numbers_" + measure)),
        element("td", "is-number is-before", before ? said(measure, before[measure]) : "—"), cell));
    }
    table.append(body);
    const leader = isGone || !data.has_people || row.leader === undefined ? null
      : element("p", row.leader ? "" : "is-open", text("numbers_leader"), " ", element("bdi", "", row.leader || text("numbers_no_leader")));
    const mark = isGone ? text("numbers_gone") : before ? "" : text("numbers_new");
    return element("section", "numbers-card" + (isGone ? " is-gone" : ""), element("h3", "", element("bdi", "", row.name || row.code), mark ? element("i", "", mark) : null, element("small", "", row.code)), leader, table);
  }
}

/* A grid that is not there, before or after, has no size. */
function isThere(side) {
  return Boolean(side) && side.area_m2 !== null && side.area_m2 !== undefined;
}

function isKnown(row, measure) {
  return [row, row.before].some((side) => side && side[measure] !== null && side[measure] !== undefined);
}

function isOther(row) {
  return !isThere(row.before) || !isThere(row) || MEASURES.some((measure) => said(measure, row[measure]) !== said(measure, row.before[measure]));
}

function said(measure, value) {
  if (value === null || value === undefined) return "—";
  return measure === "area_m2" ? size(value) : number(value);
}

/** Square metres as people read them: large ones in square kilometres. */
export function size(value) {
  return value >= 1e5 ? number(value / 1e6, 3) + NARROW + "km²" : number(value) + NARROW + "m²";
}

function fill(cell, measure, value, before) {
  cell.textContent = said(measure, value);
  const isOther = before !== null && before !== undefined && value !== null && said(measure, value) !== said(measure, before);
  cell.classList.toggle("is-other", isOther);
}
