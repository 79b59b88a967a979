/* What there is to say of the incidents chosen: how many and against when, where they pile up, at which hours, of what
   category, in which areas. */

import { get } from "./api.js";
import { barRow, columns } from "./bars.js";
import { Concentration } from "./concentration.js";
import { data, element, number, text } from "./page.js";
import { placed } from "./placed.js";
import { change, defaults, filters, state } from "./state.js";
import { periodInWords } from "./words.js";

const ASKS = ["county", "area", "since", "until", "category", "hours", "valid"];
const BAND = 2; // hours of a column
const FIRST = 6; // categories and areas that stand there before one asks for all
const BY_CHANCE = 0.05;

export class IncidentPanel {
  constructor(map, layers) {
    this.box = document.getElementById("incidents");
    this.concentration = new Concentration(map, layers);
    this.abort = null;
    this.all = new Set(); // lists of which everything is shown
    this.said = null; // the comparison whose reason is unfolded
    this.how = document.getElementById("how-incidents");
    document.getElementById("incidents-how").addEventListener("click", () => this.how.showModal());
    this.how.addEventListener("click", (event) => {
      if (event.target === this.how || event.target.closest("[data-close]")) this.how.close();
    });
  }

  async start() {
    await this.refresh();
  }

  /** Layers may have been switched while another panel stood here. */
  show() {
    this.concentration.draw();
  }

  async refresh() {
    if (this.abort) this.abort.abort();
    const { signal } = (this.abort = new AbortController());
    const all = filters();
    const asked = Object.fromEntries(ASKS.filter((name) => name in all).map((name) => [name, all[name]]));
    this.box.setAttribute("aria-busy", "true");
    this.concentration.load();
    try {
      const answer = await get("/api/incidents/summary", asked, signal);
      if (signal.aborted) return;
      this.answer = answer;
      this.draw();
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  draw() {
    const { n, total } = this.answer;
    const focused = this.box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.box.replaceChildren(this.lead());
    if (n) this.box.append(...[this.comparisons(), this.remarks(), this.concentration.box, this.hours(), this.weekdays(), this.categories(), this.areas()].filter(Boolean));
    else this.box.append(...[total ? this.remarks() : null, this.nothing()].filter(Boolean));
    this.box.setAttribute("aria-busy", "false");
    const again = focused && [...this.box.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focused);
    if (again) again.focus();
  }

  /* How many, of when. */
  lead() {
    const { n, simulated, placed: found } = this.answer;
    const box = element("div", "lead",
      element("p", "lead-number", element("b", "", number(n)), element("span", "", text("incidents_unit"))),
      element("p", "lead-period", periodInWords() + " · " + text(state.valid ? "incidents_valid" : "incidents_all")),
      placed(found.levels, found.is_low));
    if (simulated && !data.county.simulated) {
      box.append(element("span", "chip chip-small", text("incidents_simulated", { n: number(simulated) })));
    }
    return box;
  }

  /* Against the period before and the year before; grey where chance explains it, with the reason a click away. */
  comparisons() {
    const { previous, year_before: year, since, until, known_until: known } = this.answer;
    if (!previous && !year) {
      if (!this.answer.first) return null; // without times there is nothing to compare
      return element("p", "remark", text(state.since && state.until ? "incidents_nothing_before" : "incidents_compare_hint"));
    }
    const tiles = element("div", "tiles", this.tile("previous", previous), this.tile("year_before", year));
    const box = element("div", "", tiles);
    const said = this.said && this.answer[this.said];
    if (said) box.append(element("p", "reason", this.reason(said)));
    if (since && until && known && known < until) box.append(element("p", "remark", text("incidents_known_until", { day: known })));
    return box;
  }

  tile(name, found) {
    const label = element("span", "", text("incidents_" + name));
    if (!found) return element("div", "is-none", label, element("b", "", "—"), element("span", "", text("incidents_no_data")));
    const made = element("button", isChance(found.p) ? "compare is-chance" : "compare", label,
      element("b", "", changeText(found.change)),
      element("span", "", text("incidents_then_" + name, { n: number(found.count) })),
      isChance(found.p) ? element("span", "chance", text("incidents_by_chance")) : null);
    made.type = "button";
    made.dataset.key = "compare-" + name;
    made.title = this.reason(found);
    made.setAttribute("aria-expanded", String(this.said === name));
    made.addEventListener("click", () => {
      this.said = this.said === name ? null : name;
      this.draw();
    });
    return made;
  }

  reason({ since, until, count, p, change: share }) {
    const days = since === until ? since : text("words_period", { since, until });
    const against = text("incidents_against", { days, n: number(count) });
    if (share === null && count === 0) return against + text("incidents_from_nothing");
    const chance = p < 0.001 ? "< 0.1" : number(100 * p, p < 0.1 ? 1 : 0);
    return against + text(isChance(p) ? "incidents_chance" : "incidents_no_chance", { chance });
  }

  /* What the numbers leave out. */
  remarks() {
    const { untimed, first, total } = this.answer;
    const said = [];
    if (!first && total) said.push(text("incidents_no_times"));
    else if (untimed && (state.since || state.until || state.hours)) said.push(text("incidents_untimed", { n: number(untimed) }));
    if (!said.length) return null;
    return element("ul", "remarks", ...said.map((one) => element("li", "", one)));
  }

  hours() {
    const { hours, hours_p: p, hour_unknown: unknown, n } = this.answer;
    const bands = Array.from({ length: 24 / BAND }, (_, band) => hours.slice(BAND * band, BAND * (band + 1)).reduce((sum, one) => sum + one, 0));
    const known = n - unknown;
    if (!known) return null;
    const name = (band) => `${BAND * band}–${BAND * (band + 1)}`;
    const titles = bands.map((count, band) => text("incidents_hour_title", { hours: name(band), n: number(count) }));
    const most = bands.indexOf(Math.max(...bands));
    return section("incidents_hours", text("incidents_known", { n: number(known) }), columns({
      counts: bands, titles, isPlain: isChance(p), marks: [0, 6, 12, 18, 24].map((hour) => ({ at: hour / BAND, label: hour })),
      said: text("incidents_hours_said", { hours: name(most), n: number(bands[most]) })
    }), isChance(p) && !state.hours ? this.even(p) : null,
    unknown ? element("p", "remark", text("incidents_hour_unknown", { n: number(unknown) })) : null);
  }

  weekdays() {
    const { weekdays: counts, weekdays_p: p } = this.answer;
    const known = counts.reduce((sum, one) => sum + one, 0);
    if (!known) return null;
    const names = weekdayNames();
    const titles = counts.map((count, day) => text("incidents_weekday_title", { day: names.long[day], n: number(count) }));
    return section("incidents_weekdays", text("incidents_known", { n: number(known) }), columns({
      counts, titles, isCentred: true, isPlain: isChance(p), quiet: (day) => day > 4,
      marks: names.narrow.map((label, at) => ({ at, label })), said: titles.join(text("words_comma"))
    }), isChance(p) ? this.even(p) : null);
  }

  even(p) {
    return element("p", "remark", text(p === null ? "incidents_too_few" : "incidents_even"));
  }

  categories() {
    const found = this.answer.categories;
    if (found.length < 2 && !(found[0] && found[0].name)) return section("incidents_categories", null, element("p", "remark", text("incidents_no_categories")));
    const most = found[0].count;
    const rows = found.map(({ name, count }) => {
      const isOn = state.category.includes(name);
      const row = barRow({
        name: name || text("incidents_no_category"), count, most, pressed: isOn,
        act: () => change({ category: isOn ? state.category.filter((one) => one !== name) : [...state.category, name] })
      });
      row.firstChild.dataset.key = "category-" + name;
      return row;
    });
    return section("incidents_categories", text("incidents_click_filters"), ...this.rows("categories", rows));
  }

  areas() {
    const { areas, elsewhere } = this.answer;
    if (!areas.length) return null;
    const most = Math.max(...areas.map((one) => one.count));
    const rows = areas.map((one) => {
      const before = one.previous === null ? null : text("incidents_area_before", { n: number(one.previous) });
      const row = barRow({ name: one.name, more: before, count: one.count, most, act: () => change({ area: one.id }) });
      row.firstChild.dataset.key = "area-" + one.id;
      return row;
    });
    return section("incidents_areas", text("incidents_click_enters"), ...this.rows("areas", rows),
      elsewhere ? element("p", "remark", text("incidents_elsewhere", { n: number(elsewhere) })) : null);
  }

  /* The first rows, and a button for all where there are many. */
  rows(key, rows) {
    const isAll = this.all.has(key) || rows.length <= FIRST + 2;
    const list = element("ol", "bar-list", ...(isAll ? rows : rows.slice(0, FIRST)));
    if (rows.length <= FIRST + 2) return [list];
    const more = element("button", "link", isAll ? text("incidents_fewer") : text("incidents_more", { n: number(rows.length) }));
    more.type = "button";
    more.dataset.key = "more-" + key;
    more.addEventListener("click", () => {
      if (isAll) this.all.delete(key);
      else this.all.add(key);
      this.draw();
    });
    return [list, more];
  }

  nothing() {
    if (!this.answer.total) {
      return element("div", "state", element("b", "", text(state.area === null ? "incidents_none" : "incidents_none_here")),
        state.area === null ? element("p", "", text("incidents_none_more")) : null,
        state.area === null ? element("code", "", "geo-app import incidents FILE --county " + data.county.code) : null);
    }
    const clear = element("button", "button button-quiet", text("incidents_clear"));
    clear.type = "button";
    clear.addEventListener("click", () => change(defaults()));
    return element("div", "state", element("b", "", text("incidents_no_match")),
      element("p", "", text("incidents_no_match_more", { n: number(this.answer.total) })), clear);
  }

  fail(error) {
    const again = element("button", "button button-quiet", text("try_again"));
    again.type = "button";
    again.addEventListener("click", () => this.refresh());
    this.box.replaceChildren(element("div", "state state-error",
      element("b", "", text("load_failed")), element("p", "", error.message + " " + (error.remedy || "")), again));
    this.box.setAttribute("aria-busy", "false");
  }
}

function section(title, more, ...children) {
  return element("section", "", element("div", "gap-head", element("h3", "", text(title)), more ? element("small", "", more) : null), ...children);
}

/* Null: too few to tell. */
function isChance(p) {
  return p === null || p >= BY_CHANCE;
}

/* "↓6.2 %": the arrow says the direction, the number how much. */
function changeText(share) {
  if (share === null) return "—";
  if (Math.abs(share) < 0.0005) return text("incidents_same");
  const percent = 100 * Math.abs(share);
  return (share > 0 ? "↑" : "↓") + number(percent, percent < 100 ? 1 : 0) + "\u2009%";
}

function weekdayNames() {
  const days = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day))); // from a Monday
  const written = (weekday) => days.map((day) => day.toLocaleDateString(document.documentElement.lang, { weekday, timeZone: "UTC" }));
  return { narrow: written("narrow"), long: written("long") };
}
