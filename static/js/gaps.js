/* Where nobody looks: the two numbers that lead, and the gaps, most incidents near first; a click goes there. */

import { get } from "./api.js";
import { data, element, hours, number, text } from "./page.js";
import { edges, giveWay } from "./panels.js";
import { change, filters, state } from "./state.js";

const LAYER = "patrol_gaps";
const SHOWN = 200;

export class GapPanel {
  constructor(map, layers) {
    this.map = map;
    this.layers = layers;
    this.box = document.getElementById("gaps");
    this.halo = null;
    this.abort = null;
  }

  async start() {
    if (!(await this.load())) return;
    const chosen = this.answer.gaps.find((gap) => gap.id === state.gap);
    if (chosen) await this.choose(chosen, !state.at);
  }

  /** After filters changed: the numbers and the list of now; the chosen gap stays marked where it still is one. */
  async refresh() {
    if (!(await this.load())) return;
    const chosen = this.answer.gaps.find((gap) => gap.id === state.gap);
    const row = this.layers.row(LAYER);
    this.mark(chosen && row && row.wanted ? row.find(chosen.id) : null);
    if (!chosen) change({ gap: null });
  }

  hide() {
    this.mark(null);
  }

  async load() {
    if (this.abort) this.abort.abort();
    const { signal } = (this.abort = new AbortController());
    this.box.setAttribute("aria-busy", "true");
    try {
      this.answer = await get("/api/gaps", { ...filters(), limit: SHOWN }, signal);
      if (signal.aborted) return false;
    } catch (error) {
      if (!signal.aborted) this.fail(error);
      return false;
    }
    this.draw();
    return true;
  }

  draw() {
    const answer = this.answer;
    const list = element("ol", "gap-list");
    for (const gap of answer.gaps) list.append(element("li", "", this.entry(gap)));
    this.box.replaceChildren(this.tiles());
    if (answer.simulated) this.box.append(element("p", "gaps-note", element("span", "chip chip-small", text("simulated_result"))));
    if (answer.gaps.length) this.box.append(this.head(), list);
    else this.box.append(this.nothing());
    this.box.setAttribute("aria-busy", "false");
    document.getElementById("sheet-number").textContent = number(answer.total);
    this.requirements();
  }

  tiles() {
    const { share_seen: share, length_km: km, never, total, longest_hours: longest } = this.answer;
    const seen = element("div", "",
      share === null ? element("b", "", "—") : element("b", "", number(100 * share), element("small", "", " %")),
      element("span", "", share === null ? text("seen_none") : text("seen", { length: number(km, 1) + "\u00a0km" })));
    const worst = never > 0
      ? element("b", "is-gap", text("never"))
      : longest === null ? element("b", "", "—") : element("b", "is-gap", hours(longest), element("small", "", " " + text("hours")));
    const waiting = element("div", "", worst,
      element("span", "", text("longest")),
      never > 0 ? element("span", "", text("longest_never", { never: number(never), total: number(total) })) : null);
    return element("div", "tiles", seen, waiting);
  }

  head() {
    const { total, gaps } = this.answer;
    const many = gaps.length < total
      ? text("gaps_first", { shown: number(gaps.length), total: number(total) })
      : text("gaps_total", { total: number(total) });
    return element("div", "gap-head", element("h3", "", text("gaps_by_incidents")), element("small", "", many));
  }

  entry(gap) {
    const button = element("button", "",
      element("span", "rank", gap.rank),
      element("span", "name", gap.name || text("piece", { id: gap.id }),
        element("small", "", text("requirement_" + gap.requirement) + " · "
          + text("gap_line", { length: number(gap.length_m), incidents: number(gap.incidents_near) }))),
      element("span", "hours", hours(gap.hours_without) + (gap.hours_without === null ? "" : " " + text("hours"))));
    button.type = "button";
    button.dataset.gap = String(gap.id);
    button.setAttribute("aria-current", String(gap.id === state.gap));
    button.addEventListener("click", () => this.choose(gap, true));
    return button;
  }

  /** Marks the gap, brings it between the panels, and opens what is known of it. */
  async choose(gap, move) {
    for (const button of this.box.querySelectorAll("[data-gap]")) {
      const isIt = button.dataset.gap === String(gap.id);
      button.setAttribute("aria-current", String(isIt));
      if (isIt) button.scrollIntoView({ block: "nearest" });
    }
    change({ gap: gap.id });
    giveWay();
    const row = this.layers.row(LAYER);
    if (row && !row.made) await row.set(true);
    else if (row && !row.wanted) await row.set(true);
    const path = row && row.find(gap.id);
    this.mark(path);
    const [west, south, east, north] = gap.bounds;
    if (move) {
      this.map.fitBounds([[south, west], [north, east]], { ...edges(), maxZoom: 17, animate: true, duration: 0.4 });
    }
    if (path) path.openPopup();
  }

  mark(path) {
    if (this.halo) this.halo.remove();
    this.halo = null;
    if (!path) return;
    if (!this.map.getPane("chosen")) this.map.createPane("chosen").style.zIndex = "405";
    this.halo = L.geoJSON(path.feature, {
      pane: "chosen", interactive: false, style: () => ({ className: "chosen-gap", lineCap: "round" })
    }).addTo(this.map);
  }

  nothing() {
    const asked = this.answer.requirements.some((one) => one.pieces > 0);
    const [title, more, command] = this.answer.share_seen === null
      ? ["no_streets", "no_streets_more", "geo-app import roads FILE --county " + data.county.code]
      : asked ? ["no_gaps", "no_gaps_more", null]
        : ["nothing_asked", "nothing_asked_more", "geo-app import incidents FILE --county " + data.county.code];
    return element("div", "state", element("b", "", text(title)), element("p", "", text(more)),
      command ? element("code", "", command) : null);
  }

  fail(error) {
    const again = element("button", "button button-quiet", text("try_again"));
    again.type = "button";
    again.addEventListener("click", () => this.refresh());
    this.box.replaceChildren(element("div", "state state-error",
      element("b", "", text("load_failed")), element("p", "", error.message + " " + (error.remedy || "")), again));
    this.box.setAttribute("aria-busy", "false");
  }

  requirements() {
    for (const one of this.answer.requirements) {
      const box = document.querySelector(`[data-requirement="${one.requirement}"]`);
      if (box) box.textContent = text("requirement_pieces", { pieces: number(one.pieces), gaps: number(one.gaps) });
    }
  }
}
