/* Where a drawn or dragged point belongs: on a vertex of a grid, else on a grid's line, else on a road, a river
   or a building, whatever lies within 12 pixels, in this order. Knows no page; asks the map only for pixels. */

import { eachEdge, keyOf, onLattice } from "./grids_edit_shapes.js";

export const REACH_PX = 12;
const CELL = 0.002; // degrees: lines are looked up in squares of about 200 m

/** Lines by squares, so that a look around a point meets a few of thousands. */
export class Lines {
  constructor() {
    this.cells = new Map();
  }

  /** Takes the lines and outlines of GeoJSON features; `kind` is what a point that lies on one is said to lie on. */
  add(features, kind) {
    for (const { geometry } of features) for (const line of linesOf(geometry)) this.addLine(line, kind);
  }

  addLine(line, kind) {
    for (let place = 0; place + 1 < line.length; place += 1) {
      const segment = { from: line[place], to: line[place + 1], kind };
      const [x1, x2] = [segment.from[0], segment.to[0]].sort((a, b) => a - b).map(cell);
      const [y1, y2] = [segment.from[1], segment.to[1]].sort((a, b) => a - b).map(cell);
      for (let x = x1; x <= x2; x += 1) for (let y = y1; y <= y2; y += 1) this.put(x + " " + y, segment);
    }
  }

  put(key, segment) {
    const found = this.cells.get(key);
    if (found) found.push(segment);
    else this.cells.set(key, [segment]);
  }

  /** Segments near a box of degrees; one may come twice. */
  near([west, south, east, north]) {
    const found = [];
    for (let x = cell(west); x <= cell(east); x += 1) {
      for (let y = cell(south); y <= cell(north); y += 1) found.push(...(this.cells.get(x + " " + y) || []));
    }
    return found;
  }
}

export class Snapping {
  constructor(map, topology) {
    this.map = map;
    this.topology = topology;
    this.lines = new Lines();
    this.layers = new Map();
    this.isOn = true;
  }

  /** Takes the lines of a layer in the place of those that it gave before. */
  take(id, features, kind) {
    this.layers.set(id, { features, kind });
    this.lines = new Lines();
    for (const one of this.layers.values()) this.lines.add(one.features, one.kind);
  }

  /** Where a point belongs: {point, kind: "vertex" | "line" | "road" | …, edge: [from, to] for a line}; null where nothing is near.
      `without` is the key of a vertex that does not count: the one that is dragged. */
  find(point, { without = null, vertices = true, lines = true, others = true } = {}) {
    if (!this.isOn) return null;
    const here = this.pixel(point);
    const reach = this.reach(point);
    const near = this.gridsNear(reach);
    return (vertices && this.vertexNear(near, here, without))
      || (lines && this.lineNear(near, here, without))
      || (others && this.otherNear(reach, here)) || null;
  }

  pixel([lon, lat]) {
    return this.map.latLngToLayerPoint([lat, lon]);
  }

  reach(point) {
    const here = this.pixel(point);
    const one = this.map.layerPointToLatLng(here.subtract([REACH_PX, REACH_PX]));
    const other = this.map.layerPointToLatLng(here.add([REACH_PX, REACH_PX]));
    return [one.lng, other.lat, other.lng, one.lat];
  }

  gridsNear([west, south, east, north]) {
    return [...this.topology.grids.values()].filter(({ box }) => box[0] <= east && box[2] >= west && box[1] <= north && box[3] >= south);
  }

  vertexNear(grids, here, without) {
    let best = null;
    let least = REACH_PX;
    for (const grid of grids) {
      eachEdge(grid, (vertex) => {
        const distance = this.pixel(vertex).distanceTo(here);
        if (distance > least || (without !== null && keyOf(vertex) === without)) return;
        least = distance;
        best = { point: vertex, kind: "vertex", distance };
      });
    }
    return best;
  }

  lineNear(grids, here, without) {
    let best = null;
    for (const grid of grids) {
      eachEdge(grid, (from, to) => {
        if (without !== null && (keyOf(from) === without || keyOf(to) === without)) return;
        const found = this.onSegment(from, to, here);
        if (found && (!best || found.distance < best.distance)) best = { ...found, kind: "line", edge: [from, to] };
      });
    }
    return best;
  }

  otherNear(reach, here) {
    let best = null;
    for (const { from, to, kind } of this.lines.near(reach)) {
      const found = this.onSegment(from, to, here);
      if (found && (!best || found.distance < best.distance)) best = { ...found, kind };
    }
    return best;
  }

  /* The foot on a segment within reach; a corner of a road is taken before a place between two. */
  onSegment(from, to, here) {
    const [a, b] = [this.pixel(from), this.pixel(to)];
    const [x, y] = [b.x - a.x, b.y - a.y];
    const length = x * x + y * y;
    const share = length ? Math.max(0, Math.min(1, ((here.x - a.x) * x + (here.y - a.y) * y) / length)) : 0;
    const distance = Math.hypot(a.x + share * x - here.x, a.y + share * y - here.y);
    if (distance > REACH_PX) return null;
    return { point: onLattice([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]), distance };
  }
}

function cell(degrees) {
  return Math.floor(degrees / CELL);
}

function linesOf(geometry) {
  if (!geometry) return [];
  if (geometry.type === "LineString") return [geometry.coordinates];
  if (geometry.type === "MultiLineString" || geometry.type === "Polygon") return geometry.coordinates;
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flat();
  return [];
}
