/* A route that is being drawn: its points, and every step back and forward. Knows no map and no page. */

const DIGITS = 1e7;
export const MOST_POINTS = 200;

export class Draft {
  /** `points`: [longitude, latitude] each. What is there at first is no change. */
  constructor(points = []) {
    this.points = points.map(rounded);
    this.past = [];
    this.future = [];
  }

  get isChanged() {
    return this.past.length > 0;
  }

  get isFull() {
    return this.points.length >= MOST_POINTS;
  }

  /** Puts a point in at a place of the order, at the end unless one is given. */
  add(point, at = this.points.length) {
    if (this.isFull) return false;
    return this.step([...this.points.slice(0, at), rounded(point), ...this.points.slice(at)]);
  }

  move(at, point) {
    return this.step(this.points.map((old, place) => (place === at ? rounded(point) : old)));
  }

  remove(at) {
    if (at < 0 || at >= this.points.length) return false;
    return this.step(this.points.filter((point, place) => place !== at));
  }

  reverse() {
    return this.points.length > 1 && this.step([...this.points].reverse());
  }

  /** Leads back to the first point. */
  close() {
    const [first] = this.points;
    const last = this.points[this.points.length - 1];
    if (this.points.length < 2 || (first[0] === last[0] && first[1] === last[1])) return false;
    return this.add(first);
  }

  undo() {
    if (!this.past.length) return false;
    this.future.push(this.points);
    this.points = this.past.pop();
    return true;
  }

  redo() {
    if (!this.future.length) return false;
    this.past.push(this.points);
    this.points = this.future.pop();
    return true;
  }

  step(points) {
    this.past.push(this.points);
    this.future = [];
    this.points = points;
    return true;
  }
}

function rounded([lon, lat]) {
  return [Math.round(lon * DIGITS) / DIGITS, Math.round(lat * DIGITS) / DIGITS];
}
