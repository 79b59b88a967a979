/* The map beside a call: streets, numbered proposals, and a pin that can be dragged or moved by arrow keys. */

import { get } from "./api.js";
import { data, element, text } from "./page.js";
import { drawStreets } from "./streets.js";

const CLOSE = 17;
const REST_MS = 250;
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }; // pixels are steps, times four

export class PlaceMap {
  /** `chosen(number)` is called for a proposal that is clicked, `pinned([lon, lat])` for a place set on the map; without
      `pinned` nothing can be set. */
  constructor({ chosen = null, pinned = null }) {
    this.map = window.map_main;
    this.chosen = chosen;
    this.pinned = pinned;
    this.marks = L.featureGroup().addTo(this.map);
    this.pin = null;
    this.streets = null;
    this.map.attributionControl.setPrefix(false);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 90 }).addTo(this.map);
    L.control.zoom({ position: "topright", zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") }).addTo(this.map);
    if (data.outline) L.geoJSON(data.outline, { interactive: false, style: () => ({ className: "county-outline" }) }).addTo(this.map);
    if (pinned) this.map.on("click", (event) => this.set([event.latlng.lng, event.latlng.lat]));
    let rest = 0;
    this.map.on("moveend", () => {
      clearTimeout(rest);
      rest = setTimeout(() => this.drawStreets(), REST_MS);
    });
    this.showAll();
    this.drawStreets();
  }

  showAll() {
    if (!data.bounds) return;
    const [west, south, east, north] = data.bounds;
    this.map.fitBounds([[south, west], [north, east]], { animate: false });
  }

  /** Shows places [{lon, lat, radius_m}] by their numbers, goes where they are; `one` is the number that is chosen. */
  show(places, one = null, { fit = true } = {}) {
    this.marks.clearLayers();
    this.unpin();
    places.forEach((place, number) => {
      if (place.lon === null) return;
      const at = [place.lat, place.lon];
      const isOne = number === one;
      if (place.radius_m) L.circle(at, { radius: place.radius_m, interactive: false, className: "place-reach" + (isOne ? " is-chosen" : "") }).addTo(this.marks);
      const icon = L.divIcon({ className: "place-mark" + (isOne ? " is-chosen" : ""), html: element("b", "", place.mark || number + 1), iconSize: [28, 28] });
      const mark = L.marker(at, { icon, keyboard: false, zIndexOffset: isOne ? 1000 : -number }).addTo(this.marks);
      if (this.chosen) mark.on("click", () => this.chosen(number));
    });
    const bounds = this.marks.getBounds();
    this.map.invalidateSize({ animate: false });
    if (fit && bounds.isValid()) this.map.fitBounds(bounds.pad(0.3), { maxZoom: CLOSE, animate: false });
  }

  /** Goes to a place. */
  goTo({ lon, lat }) {
    this.map.setView([lat, lon], Math.max(this.map.getZoom(), CLOSE - 1), { animate: false });
  }

  /** Sets the pin, in the middle of the map without a place. */
  set(lonlat = null) {
    const centre = this.map.getCenter();
    const at = lonlat ? [lonlat[1], lonlat[0]] : [centre.lat, centre.lng];
    if (!this.pin) {
      const icon = L.divIcon({ className: "place-pin", html: element("i", ""), iconSize: [30, 30] });
      this.pin = L.marker(at, { icon, draggable: true, zIndexOffset: 2000, alt: text("level_pinned") }).addTo(this.map);
      this.pin.on("dragend", () => this.tell());
      this.pin.getElement().addEventListener("keydown", (event) => this.key(event));
    }
    this.pin.setLatLng(at);
    this.tell();
  }

  key(event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 1 : 4;
    const point = this.map.latLngToLayerPoint(this.pin.getLatLng()).add([step[0] * far, step[1] * far]);
    this.pin.setLatLng(this.map.layerPointToLatLng(point));
    this.tell();
  }

  tell() {
    const { lat, lng } = this.pin.getLatLng();
    this.pinned([Math.round(lng * 1e7) / 1e7, Math.round(lat * 1e7) / 1e7]);
  }

  unpin() {
    if (this.pin) this.pin.remove();
    this.pin = null;
  }

  async drawStreets() {
    const box = this.map.getBounds().pad(0.2);
    const edges = [Math.max(-180, box.getWest()), Math.max(-90, box.getSouth()), Math.min(180, box.getEast()), Math.min(90, box.getNorth())];
    try {
      const drawing = await get("/api/layers/streets", { county: data.county.code, box: edges.map((edge) => edge.toFixed(5)).join(",") });
      if (this.streets) this.streets.remove();
      this.streets = drawStreets(this.map, drawing, { zIndex: 340 }).addTo(this.map);
    } catch (error) {
      // The places say enough without the streets.
    }
  }
}
