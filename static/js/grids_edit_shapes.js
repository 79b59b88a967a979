/* Places, rings and areas: what the topology of grids is made of. Knows nothing of either. */

const LATTICE = 1e7;
const MAJOR_M = 6378137; // of WGS 84, with its eccentricity
const ECCENTRICITY = 0.0818191908426215;
const RADIANS = Math.PI / 180;

/** The nearest place of the lattice. */
export function onLattice([lon, lat]) {
  return [Math.round(lon * LATTICE) / LATTICE, Math.round(lat * LATTICE) / LATTICE];
}

/** What a coordinate is called, equal in all grids that share it. */
export function keyOf(point) {
  return point[0].toFixed(7) + " " + point[1].toFixed(7);
}

/** Calls `act(from, to, ring, place)` for every edge of a grid, the closing one too. */
export function eachEdge(grid, act) {
  for (const rings of grid.polygons) {
    for (const ring of rings) {
      for (let place = 0; place < ring.length; place += 1) act(ring[place], ring[(place + 1) % ring.length], ring, place);
    }
  }
}

/** A ring without the point that closes it. */
export function opened(ring) {
  const last = ring[ring.length - 1];
  return ring.length > 1 && ring[0][0] === last[0] && ring[0][1] === last[1] ? ring.slice(0, -1) : ring;
}

/** West, south, east, north of a grid's polygons. */
export function boxOf(grid) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [outer] of grid.polygons) {
    for (const [lon, lat] of outer) {
      if (lon < box[0]) box[0] = lon;
      if (lat < box[1]) box[1] = lat;
      if (lon > box[2]) box[2] = lon;
      if (lat > box[3]) box[3] = lat;
    }
  }
  return box;
}

/** Whether a place lies in a grid; on its line, on one side or the other. */
export function holds(grid, lon, lat) {
  let inside = false;
  eachEdge(grid, ([x1, y1], [x2, y2]) => {
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}

/** m² of a ring on the ellipsoid, its lines straight in Lambert's equal-area cylinder. */
export function ringArea(ring) {
  let sum = 0;
  for (let place = 0; place < ring.length; place += 1) {
    const [before, here, after] = [ring[(place + ring.length - 1) % ring.length], ring[place], ring[(place + 1) % ring.length]];
    sum += (after[0] - before[0]) * RADIANS * beneath(here[1]);
  }
  return Math.abs(sum / 2);
}

/* m² between the equator and a parallel, for each radian of longitude. Snyder, Map projections, 1987, 3-12. */
function beneath(lat) {
  const sine = Math.sin(lat * RADIANS);
  const bent = sine * ECCENTRICITY;
  return ((MAJOR_M * MAJOR_M * (1 - ECCENTRICITY * ECCENTRICITY)) / 2) * (sine / (1 - bent * bent) + Math.atanh(bent) / ECCENTRICITY);
}

/** So many places at equal distances along a line. */
export function spread(line, count) {
  const lengths = line.slice(1).map((point, place) => Math.hypot(point[0] - line[place][0], point[1] - line[place][1]));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return Array.from({ length: count }, (none, number) => {
    let rest = ((number + 0.5) / count) * total;
    let place = 0;
    while (place < lengths.length - 1 && rest > lengths[place]) rest -= lengths[place++];
    const share = lengths[place] ? rest / lengths[place] : 0;
    return [0, 1].map((axis) => line[place][axis] + share * (line[place + 1][axis] - line[place][axis]));
  });
}

/** What was counted most often, of equals the first by name; null when nothing was. */
export function most(counts) {
  return [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1)).map(([code]) => code)[0] || null;
}

/** The middle of the largest of some polygons as [lat, lon]: the centre of its outer ring. */
export function middle(polygons) {
  let best = null;
  for (const [ring] of polygons) {
    let [area, x, y] = [0, 0, 0];
    const [x0, y0] = ring[0];
    for (let place = 0; place < ring.length; place += 1) {
      const [ax, ay] = [ring[place][0] - x0, ring[place][1] - y0];
      const next = ring[(place + 1) % ring.length];
      const [bx, by] = [next[0] - x0, next[1] - y0];
      const cross = ax * by - bx * ay;
      area += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
    if (!best || Math.abs(area) > best.area) best = { area: Math.abs(area), at: area ? [y0 + y / (3 * area), x0 + x / (3 * area)] : [y0, x0] };
  }
  return best.at;
}
