/* The grids: how many wait for a leader, how much nobody sees, a list to rank them, and what is known of the one chosen
   here or by a click on the map. */

import { get } from "./api.js";
import { chosenOnMap } from "./gridmap.js";
import { data, element, number, text } from "./page.js";
import { edges, giveWay } from "./panels.js";
import { placed } from "./placed.js";
import { change, filters, state, subscribe } from "./state.js";

const NARROW = "\u202f";
const SORTS = {
  incidents: { order: (a, b) => a.rank - b.rank, figure: (grid) => text("grids_incidents", { count: number(grid.incidents) }) },
  neither: { order: (a, b) => (b.seen_neither ?? -1) - (a.seen_neither ?? -1) || a.rank - b.rank, figure: (grid) => percent(grid.seen_neither) },
  length: { order: (a, b) => b.length_m - a.length_m || a.rank - b.rank, figure: (grid) => kilometres(grid.length_m) }
};

function percent(share) {
  return share === null ? "—" : number(100 * share) + NARROW + "%";
}

function kilometres(metres) {
  return number(metres / 1000, 2) + NARROW + "km";
}

export class GridPanel {
  constructor(map, layers) {
    this.map = map;
    this.box = document.getElementById("grids");
    this.sort = "incidents";
    this.asking = null;
    this.answer = null;
    this.onMap = chosenOnMap(map, layers, (id) => this.choose(id, false));
    this.dialog();
    subscribe((changed) => {
      if (changed.has("grid") && this.answer && state.view === "grids") this.draw();
    });
  }

  async start() {
    await this.fetch();
    const chosen = this.chosen();
    if (chosen && !state.at) this.goTo(chosen);
  }

  async refresh() {
    await this.fetch();
  }

  show() {
    this.onMap.show(this.answer ? this.answer.grids : [], this.chosen());
  }

  hide() {
    this.onMap.hide();
  }

  async fetch() {
    if (this.asking) this.asking.abort();
    const asking = this.asking = new AbortController();
    this.box.setAttribute("aria-busy", "true");
    try {
      this.answer = await get("/api/grids", filters(), asking.signal);
    } catch (error) {
      if (!asking.signal.aborted) this.fail(error);
      return;
    }
    if (asking.signal.aborted) return;
    this.draw();
  }

  chosen() {
    return (this.answer && this.answer.grids.find((grid) => grid.id === state.grid)) || null;
  }

  draw() {
    const chosen = this.chosen();
    const { grids, simulated, total, placed: found } = this.answer;
    this.box.setAttribute("aria-busy", "false");
    if (!grids.length) {
      this.box.replaceChildren(this.nothing());
    } else {
      this.box.replaceChildren(chosen ? this.card(chosen) : this.tiles(), this.head(), this.list(chosen));
      const rough = total.rough ? element("p", "", text("incidents_rough", { n: number(total.rough) })) : null;
      if (found.levels.length) this.box.append(element("div", "grids-note", placed(found.levels, found.is_low), rough || ""));
      if (simulated) this.box.append(element("p", "grids-note", element("span", "chip chip-small", text("grids_simulated"))));
    }
    if (state.view === "grids") this.onMap.show(grids, chosen);
  }

  tiles() {
    const { grids, without_leader: open, length_m: length, seen_neither: neither } = this.answer.total;
    const count = element("div", "", element("b", "", number(grids)), element("span", "", text("grids_all")),
      element("span", open ? "grids-open" : "", open ? text("grids_without_leader", { count: number(open) }) : text("grids_all_led")));
    const unseen = neither === null
      ? element("div", "", element("b", "", "—"), element("span", "", text("grids_no_streets")))
      : element("div", "", element("b", "is-gap", number(neither * length / 1000, 1), element("small", "", NARROW + "km")),
        element("span", "", text("grids_unseen", { share: percent(neither), length: number(length / 1000, 1) + NARROW + "km" })));
    return element("div", "tiles", count, unseen);
  }

  head() {
    const group = element("div", "segments grids-sort");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", text("grids_sort"));
    for (const name of Object.keys(SORTS)) {
      const button = element("button", "", text("grids_by_" + name));
      button.type = "button";
      button.setAttribute("aria-pressed", String(name === this.sort));
      button.addEventListener("click", () => {
        this.sort = name;
        this.draw();
        this.box.querySelector('.grids-sort [aria-pressed="true"]').focus();
      });
      group.append(button);
    }
    return group;
  }

  list(chosen) {
    const { order, figure } = SORTS[this.sort];
    const list = element("ol", "grid-list");
    [...this.answer.grids].sort(order).forEach((grid, place) => list.append(element("li", "", this.entry(grid, place + 1, figure(grid), chosen))));
    return list;
  }

  entry(grid, place, figure, chosen) {
    const button = element("button", "",
      element("span", "rank", number(place)),
      element("span", "name", grid.name,
        element("small", grid.leader ? "" : "grids-open", grid.leader || text("grids_no_leader")),
        grid.hot ? element("small", "is-hot", text("grids_hot_mark")) : null,
        bar(grid)),
      element("span", "figure", figure));
    button.type = "button";
    button.dataset.grid = String(grid.id);
    button.setAttribute("aria-current", String(grid === chosen));
    button.addEventListener("click", () => this.choose(grid.id, true));
    return button;
  }

  /** What is known of one grid. */
  card(grid) {
    const close = element("button", "link", text("grids_close"));
    close.type = "button";
    close.addEventListener("click", () => this.leave());
    const leader = grid.leader ? element("dd", "", grid.leader) : element("dd", "grids-open", text("grids_no_leader"));
    const incidents = element("dd", "", number(grid.incidents), " ",
      element("small", "", text("grids_rank", { rank: number(grid.rank), count: number(this.answer.grids.length) })));
    const facts = element("dl", "facts",
      row(text("grids_leader"), leader),
      grid.workers ? row(text("grids_workers"), element("dd", "", grid.workers)) : null,
      row(text("grids_street"), element("dd", "", kilometres(grid.length_m))),
      row(text("grids_incidents_title"), incidents));
    const head = element("div", "grid-card-head", element("h3", "", grid.name, element("small", "", grid.code)), close);
    const hot = grid.hot ? element("p", "grids-hot", text("grids_hot")) : null;
    const seen = grid.seen_neither === null ? element("p", "grids-mute", text("grids_no_streets")) : this.shares(grid);
    return element("section", "grid-card", head, facts, hot, seen);
  }

  shares(grid) {
    const total = this.answer.total;
    const only = Math.max(0, 1 - grid.seen_neither - grid.seen_patrol);
    const line = (name, share, mean, more) => element("li", "",
      element("i", "is-" + name), element("span", "", text("grids_" + name), more ? element("small", "", more) : null),
      element("b", "", percent(share)), element("small", "", text("grids_mean", { share: percent(mean) })));
    return element("div", "grid-shares", element("h4", "", text("grids_seen")), bar(grid), element("ul", "",
      line("patrol", grid.seen_patrol, total.seen_patrol),
      line("camera", grid.seen_camera, total.seen_camera, grid.seen_camera > 0 ? text("grids_camera_only", { share: percent(only) }) : null),
      line("neither", grid.seen_neither, total.seen_neither)));
  }

  choose(id, move) {
    const grid = this.answer && this.answer.grids.find((one) => one.id === id);
    if (!grid) return;
    change({ grid: id });
    this.box.scrollTop = 0;
    if (!move) return;
    this.goTo(grid);
    giveWay();
  }

  leave() {
    const id = state.grid;
    change({ grid: null });
    const entry = this.box.querySelector(`[data-grid="${id}"]`);
    if (entry) entry.focus();
  }

  goTo(grid) {
    const [west, south, east, north] = grid.bounds;
    this.map.fitBounds([[south, west], [north, east]], { ...edges(), maxZoom: 16, animate: true, duration: 0.4 });
  }

  nothing() {
    if (this.answer.notice) return element("div", "state", element("b", "", text("grids_none_then")), element("p", "", this.answer.notice));
    const inArea = state.area !== null;
    const command = `geo-app partition --county ${data.county.code} --count 12 --out grids.geojson`;
    return element("div", "state", element("b", "", text(inArea ? "grids_none_area" : "grids_none")),
      element("p", "", text(inArea ? "grids_none_area_more" : "grids_none_more")),
      inArea ? null : element("code", "", command));
  }

  fail(error) {
    const again = element("button", "button button-quiet", text("try_again"));
    again.type = "button";
    again.addEventListener("click", () => this.fetch());
    this.box.replaceChildren(element("div", "state state-error",
      element("b", "", text("load_failed")), element("p", "", error.message + " " + (error.remedy || "")), again));
    this.box.setAttribute("aria-busy", "false");
  }

  dialog() {
    const how = document.getElementById("how-grids");
    document.getElementById("grids-how").addEventListener("click", () => how.showModal());
    how.addEventListener("click", (event) => {
      if (event.target === how || event.target.closest("[data-close]")) how.close();
    });
  }
}

function row(title, value) {
  return element("div", "", element("dt", "", title), value);
}

/** Patrols, only cameras, nobody: the length of street in three parts. */
function bar(grid) {
  if (grid.seen_neither === null) return null;
  const parts = { patrol: grid.seen_patrol, camera: Math.max(0, 1 - grid.seen_neither - grid.seen_patrol), neither: grid.seen_neither };
  const made = element("span", "grid-bar");
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", text("grids_bar", Object.fromEntries(Object.entries(parts).map(([name, share]) => [name, percent(share)]))));
  for (const [name, share] of Object.entries(parts)) {
    const part = element("i", "is-" + name);
    part.style.flexGrow = String(share);
    made.append(part);
  }
  return made;
}
