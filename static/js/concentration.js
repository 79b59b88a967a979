/* Where incidents pile up, in words: hot spots, or the places that they come back to, and the shortest streets that hold
   half of them. What the map draws says it; here it can be switched on. */

import { element, number, text } from "./page.js";
import { edges, giveWay } from "./panels.js";

const SPOTS = "hot_spots";
const STREETS = "hot_streets";
const POINTS = "incidents";
const PLACES = 3;
const CLOSE = 17;
// Whoever sent an address chose its layers.
const isChosen = new URLSearchParams(location.search).has("layers");

export class Concentration {
  constructor(map, layers) {
    this.map = map;
    this.layers = layers;
    this.box = element("section", "concentration");
    this.hasShownPoints = isChosen;
    document.addEventListener("drawn", (event) => {
      if ([SPOTS, STREETS].includes(event.detail.layer_id)) this.draw();
      if (event.detail.layer_id === SPOTS) this.showPoints();
    });
    // A switch in the list of layers changes what the links here say.
    for (const id of [SPOTS, STREETS]) {
      const row = layers.row(id);
      if (row) row.tick.addEventListener("change", () => this.draw());
    }
  }

  /* Where nothing stands out, the incidents themselves are what there is to see; once, so that they can be taken off. */
  showPoints() {
    const [spots, points] = [this.layers.row(SPOTS), this.layers.row(POINTS)];
    if (this.hasShownPoints || !points || !spots.wanted || !spots.drawing.notice) return;
    this.hasShownPoints = true;
    if (!points.wanted) points.set(true);
  }

  /** Asks for both, shown on the map or not. */
  load() {
    this.draw();
    for (const id of [SPOTS, STREETS]) {
      const row = this.layers.row(id);
      if (row) row.load();
    }
  }

  draw() {
    const parts = [this.spots(), this.streets()].filter(Boolean);
    this.box.hidden = !parts.length;
    this.box.replaceChildren(element("div", "gap-head", element("h3", "", text("incidents_hot"))), ...parts);
  }

  spots() {
    const row = this.layers.row(SPOTS);
    if (!row || !row.drawing) return null;
    const { facts, notice, features } = row.drawing;
    const said = notice || text(facts.cell_m ? "incidents_hot_cells" : "incidents_hot_grids", {
      hot: number(facts.hot), compared: number(facts.compared), size: facts.cell_m ? number(facts.cell_m) : "",
      share: number((100 * facts.hot_incidents) / facts.incidents)
    });
    const places = notice ? features.features.slice(0, PLACES) : [];
    return element("div", "", element("p", "", said),
      facts.rough ? element("p", "remark", text("incidents_rough", { n: number(facts.rough) })) : null,
      places.length ? element("ol", "places", ...places.map((place, rank) => element("li", "", this.place(place, rank + 1)))) : null,
      features.features.length ? this.link(row) : null);
  }

  place(feature, rank) {
    const button = element("button", "", element("span", "rank", rank),
      element("span", "", text("incidents_place", { n: number(feature.properties.incidents) })));
    button.type = "button";
    button.dataset.key = "place-" + rank;
    button.addEventListener("click", () => this.goTo(feature));
    return button;
  }

  async goTo(feature) {
    const row = this.layers.row(SPOTS);
    if (!row.wanted) await row.set(true);
    giveWay();
    const [lng, lat] = feature.geometry.coordinates;
    this.map.fitBounds([[lat, lng], [lat, lng]], { ...edges(), maxZoom: CLOSE, animate: true, duration: 0.4 });
    const point = row.find(feature.id);
    if (point) point.openPopup();
    this.draw();
  }

  streets() {
    const row = this.layers.row(STREETS);
    const sentence = row && row.drawing && row.drawing.facts.sentence;
    return sentence ? element("div", "", element("p", "", sentence), this.link(row)) : null;
  }

  link(row) {
    const made = element("button", "link", text(row.wanted ? "incidents_hide" : "incidents_show", { layer: row.layer.title }));
    made.type = "button";
    made.dataset.key = "show-" + row.layer.id;
    made.addEventListener("click", async () => {
      await row.set(!row.wanted);
      this.draw();
    });
    return made;
  }
}
