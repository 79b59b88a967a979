/* What a change moves, by grid or by worker: what each has afterwards, and what it gains and loses. */

import { data, element, number, text } from "./page.js";
import { size } from "./grids_edit_numbers.js";

const MEASURES = ["households", "people", "area_m2", "addresses", "incidents", "cameras", "places", "road_m", "route_m", "routes", "workers", "response_minutes"];

export class Impact {
  /** `go(code)` shows a grid on the maps. */
  constructor(box, segments, said, go) {
    this.box = box;
    this.segments = segments;
    this.said = said;
    this.go = go;
    this.by = "grids";
    segments.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      this.by = button.dataset.by;
      this.draw();
    });
  }

  /** `impact`: grids and people with `numbers` {measure: {before, after, gained, lost}}, as the server answers them. */
  show(impact) {
    this.impact = impact;
    this.draw();
  }

  draw() {
    const { impact } = this;
    const people = impact.people || [];
    this.segments.hidden = !people.length;
    for (const button of this.segments.children) button.setAttribute("aria-pressed", String(button.dataset.by === this.by));
    this.said.textContent = impact.band ? text("impact_band", { least: impact.band[0], most: impact.band[1] }) : "";
    const rows = this.by === "people" ? people : impact.grids;
    if (!rows.length) {
      this.box.replaceChildren(element("p", "edit-none", text("review_none_touched")));
      return;
    }
    const told = MEASURES.filter((name) => rows.some((row) => row.numbers[name] && isTold(row.numbers[name])));
    const head = element("tr", "", element("th", "", text(this.by === "people" ? "impact_person" : "impact_grid")), ...told.map((name) => element("th", "is-number", text("numbers_" + name))));
    this.box.replaceChildren(element("table", "data-table impact-table", element("thead", "", head), element("tbody", "", ...rows.flatMap((row) => this.lines(row, told)))));
  }

  /* The numbers of a row; below them its incidents by category, where any is gained or lost. */
  lines(row, told) {
    const kinds = Object.entries(row.categories).filter(([, { gained, lost }]) => gained || lost);
    const head = element("th", "", ...(row.code ? this.grid(row) : person(row)));
    const first = element("tr", kinds.length ? "has-kinds" : "", head, ...told.map((name) => element("td", "is-number" + loadClass(row, name), ...cells(name, row.numbers[name]))));
    if (!kinds.length || !told.length) return [first];
    head.rowSpan = 2;
    const below = element("td", "impact-kinds", element("b", "", text("impact_categories")), ...kinds.map(([name, one]) => element("span", "", element("bdi", "", name || text("impact_no_category")), " ", moved(one.gained, one.lost))));
    below.colSpan = told.length;
    return [first, element("tr", "", below)];
  }

  grid({ code, code_before: before, name, state, leader }) {
    const button = element("button", "link", element("bdi", "", name || code));
    button.type = "button";
    button.addEventListener("click", () => this.go(code));
    const mark = { created: text("numbers_new"), retired: text("numbers_gone"), renumbered: text("numbers_renumbered") }[state] || "";
    const led = leader || (state === "retired" || !data.has_people ? "" : text("numbers_no_leader"));
    return [button, element("small", "", [before ? before + " → " + code : code, mark, led].filter(Boolean).join(" · "))];
  }
}

function person({ name, grids }) {
  return [element("bdi", "", name), element("small", "", text("impact_grids", { before: grids.before.length, after: grids.after.length }))];
}

/* A measure that nobody knows, or that is nothing everywhere, is no column. */
function isTold({ before, after }) {
  return Boolean(before || after);
}

/* More or fewer households than the permitted band allows. */
function loadClass(row, name) {
  return name === "households" && row.load && row.state !== "retired" && row.load.after && row.load.after !== "within" ? " is-" + row.load.after : "";
}

function cells(name, one) {
  if (!one) return ["—"];
  const now = written(name, one.after);
  if (one.gained === null || one.gained === undefined) return [now, element("small", "is-none", text("impact_was", { n: written(name, one.before) }))];
  return [now, element("small", one.gained || one.lost ? "is-other" : "is-none", moved(one.gained, one.lost, name))];
}

function written(name, value) {
  if (value === null || value === undefined) return "—";
  return name === "area_m2" ? size(value) : number(value, name === "response_minutes" ? 1 : 0);
}

function moved(gained, lost, name = "") {
  return [gained ? "+" + written(name, gained) : "", lost ? "−" + written(name, lost) : ""].filter(Boolean).join(" ") || "±0";
}

/** Sizes alone, counted in the page, in the form of an answer: `of(side, code)` is a size or null. */
export function sizes(codes, of) {
  return {
    grids: codes.map(({ code, name, leader }) => {
      const [before, after] = ["before", "after"].map((side) => of(side, code));
      const difference = Math.round((after || 0) - (before || 0));
      return {
        code, name, leader, state: before === null ? "created" : after === null ? "retired" : "changed", categories: {},
        numbers: { area_m2: { before, after, gained: Math.max(0, difference), lost: Math.max(0, -difference) } }
      };
    })
  };
}
