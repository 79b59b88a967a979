/* Room for names on the map: one that is wider than its grid, or would lie over another, is left out. */

const WIDE_PX = 13; // a Chinese character of a name
const NARROW_PX = 8; // a digit or a letter
const HIGH_PX = 20;
const WIDE = /[\u2e80-\uffef]/;

/** Returns `hasRoom(name, [west, south, east, north], [lat, lon])`: whether a name fits into a grid's box and between the
    names that had room before. */
export function labelRoom(map) {
  const taken = [];
  return (name, [west, south, east, north], at) => {
    const width = [...name].reduce((sum, letter) => sum + (WIDE.test(letter) ? WIDE_PX : NARROW_PX), 0);
    const room = map.latLngToLayerPoint([south, east]).subtract(map.latLngToLayerPoint([north, west]));
    if (room.x < width || room.y < HIGH_PX) return false;
    const half = L.point(width / 2, HIGH_PX / 2);
    const middle = map.latLngToLayerPoint(at);
    const box = L.bounds(middle.subtract(half), middle.add(half));
    if (taken.some((other) => other.overlaps(box))) return false;
    taken.push(box);
    return true;
  };
}
