/* The small map: the first points of a file over the county's outline and streets, drawn anew under another system. */

import { get } from "./api.js";
import { data, number, text } from "./page.js";
import { shortName } from "./data_datum.js";
import { drawStreets } from "./streets.js";

const COLOURS = { incidents: "is-incident", cameras: "is-camera" };
const PADDING = { padding: [24, 24], maxZoom: 17 };
const LOWEST = 400;
const REST_MS = 250;

export class PointMap {
  constructor() {
    this.map = window.map_main;
    this.map.attributionControl.setPrefix(false);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 90 }).addTo(this.map);
    L.control.zoom({ position: "topright", zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") }).addTo(this.map);
    this.points = null;
    this.streets = null;
    this.upload = null; // of what was drawn last: another file is another view
    if (data.outline) L.geoJSON(data.outline, { interactive: false, style: () => ({ className: "county-outline" }) }).addTo(this.map);
    let rest = 0;
    this.map.on("moveend", () => {
      clearTimeout(rest);
      rest = setTimeout(() => this.begun && this.map.getSize().x && this.drawStreets(), REST_MS);
    });
    this.begun = false;
  }

  /** Draws the points of a proposal. `upload` names the file: for the same one the view stays, so that one sees what another system changes. */
  draw({ points, points_as: system, crs, kind }, upload) {
    this.map.invalidateSize({ animate: false });
    if (this.points) this.points.remove();
    const className = `data-point ${COLOURS[kind] || ""} ${crs ? "" : "is-open"}`;
    this.points = L.featureGroup(points.map(([lng, lat]) => L.circleMarker([lat, lng], { radius: 4.5, className, interactive: false })));
    this.points.addTo(this.map);
    const says = document.getElementById("map-says");
    says.textContent = points.length
      ? text(crs ? "data_points_shown" : "data_points_open", { n: number(points.length), system: shortName(system) })
      : text("data_no_points");
    if (points.length && (upload !== this.upload || !this.showsSome(points))) this.fit(points);
    else if (!points.length && data.bounds) this.map.fitBounds(corners(data.bounds), PADDING);
    if (points.length) this.upload = upload;
    if (!this.begun) {
      this.begun = true;
      this.drawStreets();
    }
  }

  showsSome(points) {
    const seen = this.map.getBounds();
    return points.some(([lng, lat]) => seen.contains([lat, lng]));
  }

  /* Where most of the points are: a few that went astray do not make the rest a dot. */
  fit(points) {
    const around = data.bounds ? L.latLngBounds(corners(data.bounds)).pad(0.5) : null;
    const near = around ? points.filter(([lng, lat]) => around.contains([lat, lng])) : [];
    const most = near.length * 2 > points.length ? near : points;
    this.map.fitBounds(L.latLngBounds(most.map(([lng, lat]) => [lat, lng])), { ...PADDING, animate: false });
  }

  async drawStreets() {
    const box = this.map.getBounds().pad(0.2);
    const edges = [Math.max(-180, box.getWest()), Math.max(-90, box.getSouth()), Math.min(180, box.getEast()), Math.min(90, box.getNorth())];
    try {
      const drawing = await get("/api/layers/streets", { county: data.county.code, box: edges.map((edge) => edge.toFixed(5)).join(",") });
      if (this.streets) this.streets.remove();
      this.streets = drawStreets(this.map, drawing, { zIndex: LOWEST - 40 }).addTo(this.map);
    } catch (error) {
      // The points say enough without the streets.
    }
  }
}

function corners([west, south, east, north]) {
  return [[south, west], [north, east]];
}
