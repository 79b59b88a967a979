/* Grids that share their boundaries: which grids have a vertex, which an edge; what moves in one moves in all of them.
   Knows no map and no page. A coordinate is [longitude, latitude] on the lattice of 1e-7 degrees. */

import { boxOf, eachEdge, holds, keyOf, most, onLattice, opened, ringArea, spread } from "./grids_edit_shapes.js";

function edgeKey(one, other) {
  const [a, b] = [keyOf(one), keyOf(other)];
  return a < b ? a + "|" + b : b + "|" + a;
}

export class Topology {
  constructor() {
    this.grids = new Map(); // code -> {code, properties, polygons: [[ring…]…], box}
    this.vertices = new Map(); // key of a coordinate -> Set of codes
    this.edges = new Map(); // key of an edge -> Set of codes
  }

  /** Takes GeoJSON features in the place of all that was there. */
  takeAll(features) {
    this.grids.clear();
    this.vertices.clear();
    this.edges.clear();
    for (const feature of features) this.put(feature);
  }

  /** Takes a grid as a GeoJSON feature (Polygon or MultiPolygon), in the place of the one with its code. */
  put({ properties, geometry }) {
    this.remove(properties.code);
    const polygons = (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates)
      .map((rings) => rings.map((ring) => opened(ring).map(onLattice)));
    const grid = { code: properties.code, properties, polygons, box: null };
    grid.box = boxOf(grid);
    this.grids.set(grid.code, grid);
    this.index(grid);
    return grid;
  }

  remove(code) {
    const grid = this.grids.get(code);
    if (!grid) return;
    this.unindex(grid);
    this.grids.delete(code);
  }

  index(grid) {
    eachEdge(grid, (from, to) => {
      addTo(this.vertices, keyOf(from), grid.code);
      addTo(this.edges, edgeKey(from, to), grid.code);
    });
  }

  unindex(grid) {
    eachEdge(grid, (from, to) => {
      takeFrom(this.vertices, keyOf(from), grid.code);
      takeFrom(this.edges, edgeKey(from, to), grid.code);
    });
  }

  /** Codes of the grids that have this vertex. */
  sharing(point) {
    return [...(this.vertices.get(keyOf(point)) || [])];
  }

  /** Codes of the grids on the two sides of an edge: one along the outer outline. */
  besides(from, to) {
    return [...(this.edges.get(edgeKey(from, to)) || [])];
  }

  /** Whether a vertex lies on the outer outline, where nothing may be dragged: one of its edges has one grid only. */
  isOnOutline(point) {
    const key = keyOf(point);
    return this.sharing(point).some((code) => {
      let found = false;
      eachEdge(this.grids.get(code), (from, to) => {
        if ((keyOf(from) === key || keyOf(to) === key) && this.besides(from, to).length < 2) found = true;
      });
      return found;
    });
  }

  /** Moves a vertex in every grid that has it; returns their codes. What stands at `to` already becomes one with it. */
  move(at, to) {
    const codes = this.sharing(at);
    const [key, there] = [keyOf(at), onLattice(to)];
    for (const code of codes) {
      this.change(code, (ring) => {
        for (let place = 0; place < ring.length; place += 1) if (keyOf(ring[place]) === key) ring[place] = there;
      });
    }
    return codes;
  }

  /** Puts a vertex on an edge, in every grid that has the edge; returns their codes. */
  insert(point, from, to) {
    const codes = this.besides(from, to);
    const edge = edgeKey(from, to);
    const there = onLattice(point);
    for (const code of codes) {
      this.change(code, (ring) => {
        for (let place = 0; place < ring.length; place += 1) {
          if (edgeKey(ring[place], ring[(place + 1) % ring.length]) !== edge) continue;
          ring.splice(place + 1, 0, there);
          break;
        }
      });
    }
    return codes;
  }

  change(code, act) {
    const grid = this.grids.get(code);
    this.unindex(grid);
    for (const rings of grid.polygons) rings.forEach(act);
    grid.box = boxOf(grid);
    this.index(grid);
  }

  /** A copy of some grids that `restore` takes back. */
  kept(codes) {
    return codes.map((code) => this.feature(code));
  }

  restore(features) {
    for (const feature of features) this.put(feature);
  }

  /** A grid as a GeoJSON feature of its own. */
  feature(code) {
    const { properties, polygons } = this.grids.get(code);
    const coordinates = polygons.map((rings) => rings.map((ring) => [...ring, ring[0]].map((point) => [...point])));
    return { type: "Feature", properties, geometry: { type: "MultiPolygon", coordinates } };
  }

  /** The code of the grid in which a place lies, null where there is none. */
  gridAt([lon, lat]) {
    for (const grid of this.grids.values()) {
      const [west, south, east, north] = grid.box;
      if (lon >= west && lon <= east && lat >= south && lat <= north && holds(grid, lon, lat)) return grid.code;
    }
    return null;
  }

  /** The code of the grid in which most of a line lies, by places at equal distances along it. */
  gridAlong(line, except = null) {
    const counts = new Map();
    for (const point of spread(line, 64)) {
      const code = this.gridAt(point);
      if (code !== null && code !== except) counts.set(code, (counts.get(code) || 0) + 1);
    }
    return most(counts);
  }

  /** The code of the grid of which an area covers most, by places of a raster over it; `except` does not count. */
  gridUnder(ring, except = null) {
    const area = { polygons: [[opened(ring)]] };
    const [west, south, east, north] = boxOf(area);
    const counts = new Map();
    for (let i = 0; i < 24; i += 1) {
      for (let j = 0; j < 24; j += 1) {
        const at = [west + ((i + 0.5) / 24) * (east - west), south + ((j + 0.5) / 24) * (north - south)];
        const code = holds(area, at[0], at[1]) ? this.gridAt(at) : null;
        if (code !== null && code !== except) counts.set(code, (counts.get(code) || 0) + 1);
      }
    }
    return most(counts);
  }

  /** Whether two grids have an edge in common. */
  areNeighbours(one, other) {
    let found = false;
    eachEdge(this.grids.get(one), (from, to) => {
      if (!found && this.edges.get(edgeKey(from, to)).has(other)) found = true;
    });
    return found;
  }

  /** Codes of the grids that share an edge or a vertex with one. */
  neighbours(code) {
    const found = new Set();
    eachEdge(this.grids.get(code), (from) => { for (const other of this.vertices.get(keyOf(from))) found.add(other); });
    found.delete(code);
    return [...found];
  }

  /** Area in m² on the ellipsoid, as the server measures it. */
  area(code) {
    return this.grids.get(code).polygons.reduce((sum, rings) => sum
      + rings.reduce((area, ring, place) => area + (place ? -1 : 1) * ringArea(ring), 0), 0);
  }

  /** The edges of grids in view whose two sides are told apart by `differ(one, other)`, as [from, to]. */
  edgesWhere(differ) {
    const found = [];
    const seen = new Set();
    for (const grid of this.grids.values()) {
      eachEdge(grid, (from, to) => {
        const key = edgeKey(from, to);
        if (seen.has(key)) return;
        seen.add(key);
        const [one, other] = [...this.edges.get(key)].map((code) => this.grids.get(code));
        if (!other || differ(one.properties, other.properties)) found.push([from, to]);
      });
    }
    return found;
  }
}

function addTo(index, key, code) {
  const found = index.get(key);
  if (found) found.add(code);
  else index.set(key, new Set([code]));
}

function takeFrom(index, key, code) {
  const found = index.get(key);
  if (!found) return;
  found.delete(code);
  if (!found.size) index.delete(key);
}
