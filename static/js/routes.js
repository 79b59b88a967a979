/* The planned routes: which of them count, what each is; those who plan change and remove them here. */

import { get } from "./api.js";
import { data, element, number, text } from "./page.js";
import { edges, giveWay } from "./panels.js";
import { length } from "./route_numbers.js";
import { remove } from "./route_saving.js";
import { shiftOf } from "./route_times.js";
import { change, state } from "./state.js";
import { openPanel } from "./views.js";
import { routesThat } from "./words.js";

export class RoutePanel {
  constructor(map, layers) {
    this.map = map;
    this.layers = layers;
    this.box = document.getElementById("routes");
    this.halo = null;
    this.abort = null;
  }

  start() {
    return this.refresh();
  }

  async refresh() {
    if (this.abort) this.abort.abort();
    const { signal } = (this.abort = new AbortController());
    this.box.setAttribute("aria-busy", "true");
    try {
      const [answer, all] = await this.load(signal);
      if (signal.aborted) return;
      this.answer = answer;
      this.all = all.routes;
    } catch (error) {
      if (!signal.aborted) this.fail(error);
      return;
    }
    this.draw();
    const chosen = this.answer.routes.find((route) => route.id === state.route);
    const row = this.layers.row("patrol_routes");
    this.mark(chosen && row && row.wanted ? row.find(chosen.version) : null);
  }

  /** The routes of the area that is chosen, also those that do not count, and those of the whole county: the filter of
      routes holds for all of them, whichever are listed. */
  load(signal) {
    const all = get("/api/routes", { county: data.county.code }, signal);
    return Promise.all([state.area === null ? all : get("/api/routes", { county: data.county.code, area: state.area }, signal), all]);
  }

  hide() {
    this.mark(null);
  }

  draw() {
    const { routes } = this.answer;
    const list = element("ul", "route-list");
    for (const route of routes) list.append(this.entry(route));
    this.box.replaceChildren(...(routes.length ? [this.head(), list] : [this.nothing()]));
    this.box.setAttribute("aria-busy", "false");
  }

  head() {
    const counted = this.answer.routes.filter((route) => this.counts(route)).length;
    const all = element("button", "link", text("route_count_all"));
    all.type = "button";
    all.hidden = this.all.every((route) => this.counts(route));
    all.addEventListener("click", () => change({ routes: null }));
    return element("div", "gap-head",
      element("h3", "", text("route_counted", { counted: number(counted), all: number(this.answer.routes.length) })), all);
  }

  counts(route) {
    return state.routes === null || state.routes.split(",").includes(String(route.id));
  }

  entry(route) {
    const item = element("li", "");
    const tick = element("input", "");
    tick.type = "checkbox";
    tick.checked = this.counts(route);
    tick.setAttribute("aria-label", text("route_counts", { name: route.name }));
    tick.addEventListener("change", () => this.count(route, tick.checked));
    const name = element("button", "route-name", route.name,
      route.simulated && !data.county.simulated ? element("i", "chip chip-small", text("route_simulated")) : null,
      element("small", "", this.line(route)), element("small", "route-when", this.when(route)));
    name.type = "button";
    name.dataset.route = String(route.id);
    name.setAttribute("aria-current", String(route.id === state.route));
    name.addEventListener("click", () => this.choose(route));
    item.append(element("label", "route-tick", tick), name);
    if (route.editable) item.append(this.acts(route));
    item.classList.toggle("is-out", !tick.checked);
    return item;
  }

  line(route) {
    const parts = [text("route_mode_" + route.mode), length(route.length_m), text("route_takes", { minutes: number(route.minutes) })];
    if (route.team) parts.unshift(route.team);
    return parts.join(" · ");
  }

  when(route) {
    const shift = shiftOf(route.shift);
    const times = route.departures;
    const shown = times.length > 6 ? [...times.slice(0, 5), "…"] : times;
    const said = times.length ? text("route_departs", { number: number(times.length), times: shown.join(" ") }) : text("route_departs_never");
    return (shift ? text("route_shift_" + shift.id) + " · " : "") + said;
  }

  acts(route) {
    const box = element("div", "route-acts");
    for (const [name, act] of [["edit", () => openPanel("route", { route: route.id })], ["remove", () => remove(this.layers, route)]]) {
      const button = element("button", "link", text("route_" + name));
      button.type = "button";
      button.setAttribute("aria-label", text("route_" + name) + " " + route.name);
      button.addEventListener("click", act);
      box.append(button);
    }
    return box;
  }

  count(route, isCounted) {
    change({ routes: routesThat(this.all, (one) => (one.id === route.id ? isCounted : this.counts(one))) });
  }

  /** Brings a route between the panels and marks it. */
  async choose(route) {
    for (const button of this.box.querySelectorAll("[data-route]")) {
      button.setAttribute("aria-current", String(button.dataset.route === String(route.id)));
    }
    change({ route: route.id });
    giveWay();
    const row = this.layers.row("patrol_routes");
    if (row && !row.wanted) await row.set(true);
    this.mark(row && row.find(route.version));
    const [west, south, east, north] = route.bounds;
    this.map.fitBounds([[south, west], [north, east]], { ...edges(), maxZoom: 17, animate: true, duration: 0.4 });
  }

  mark(path) {
    if (this.halo) this.halo.remove();
    this.halo = null;
    if (!path) return;
    if (!this.map.getPane("chosen")) this.map.createPane("chosen").style.zIndex = "405";
    this.halo = L.geoJSON(path.feature, {
      pane: "chosen", interactive: false, style: () => ({ className: "chosen-route", lineCap: "round" })
    }).addTo(this.map);
  }

  nothing() {
    return element("div", "state", element("b", "", text("route_none")), element("p", "", text("route_none_more")));
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
