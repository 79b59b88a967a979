/* Finds room for names on a map: none across another one, below a title or a button, or cut by the edge; none that is wider
   than what it names. */

const LINE_PX = 17;
const APART_PX = 2;

export class NamesApart {
  /** `covers`: elements that lie on the map. One finder serves one view of the map. */
  constructor(map, covers = []) {
    this.map = map;
    pen.font = "700 13px " + getComputedStyle(document.body).fontFamily; // as names of grids are written
    const at = map.getContainer().getBoundingClientRect();
    this.taken = [...covers].map((one) => one.getBoundingClientRect())
      .map((one) => ({ left: one.left - at.left, top: one.top - at.top, right: one.right - at.left, bottom: one.bottom - at.top }));
  }

  /** Whether there is room for a name around a place, in a box [west, south, east, north] if one is given; if so, no
      other one gets it. */
  take(place, said, within = null) {
    const { width } = pen.measureText(said);
    if (within && !this.holds(within, width)) return false;
    const { x, y } = this.map.latLngToContainerPoint(place);
    const [wide, high] = [width / 2 + APART_PX, LINE_PX / 2 + APART_PX];
    const box = { left: x - wide, top: y - high, right: x + wide, bottom: y + high };
    const size = this.map.getSize();
    if (box.left < 0 || box.top < 0 || box.right > size.x || box.bottom > size.y) return false;
    if (this.taken.some((other) => meet(box, other))) return false;
    this.taken.push(box);
    return true;
  }

  holds([west, south, east, north], width) {
    const room = this.map.latLngToContainerPoint([south, east]).subtract(this.map.latLngToContainerPoint([north, west]));
    return room.x >= width && room.y >= LINE_PX;
  }
}

function meet(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

const pen = document.createElement("canvas").getContext("2d");
