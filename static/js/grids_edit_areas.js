/* The areas of a draft in which grids or zones lie, and those above them: communities and towns, or stations. Which there are,
   which lies in which, which code is free. Knows no map and no page. */

const NUMBERED = 3; // digits of a number below an area, where the others do not tell

export class Areas {
  /** `own`: the level of areas in which what is drawn lies; `above`: the one above it whose areas are founded here too, or
      null. */
  constructor({ own, above }) {
    this.own = own;
    this.above = above;
    this.all = new Map(); // code -> {code, name, level, parent}
    this.taken = new Set();
  }

  /** Takes what the server answers: {areas, taken}. */
  take({ areas, taken }) {
    this.all = new Map(areas.map((area) => [area.code, area]));
    this.taken = new Set([...taken, ...this.all.keys()]);
  }

  name(code) {
    return this.all.has(code) ? this.all.get(code).name : code;
  }

  parent(code) {
    return this.all.has(code) ? this.all.get(code).parent : null;
  }

  of(level) {
    return [...this.all.values()].filter((area) => area.level === level);
  }

  /** The areas of the level above, or none. */
  towns() {
    return this.above === null ? [] : this.of(this.above);
  }

  /** The areas below which communities can lie: towns, and what has some. */
  holders() {
    const above = new Set(this.of(this.own).map(({ parent }) => parent));
    return [...this.all.values()].filter(({ code, level }) => level === this.above || above.has(code));
  }

  /** Communities by the town in which they lie: [{town (null of those without), communities}]. */
  byTown() {
    const found = this.towns().map((town) => ({ town, communities: [] }));
    const without = { town: null, communities: [] };
    for (const one of this.of(this.own)) (found.find(({ town }) => town.code === one.parent) || without).communities.push(one);
    return [...found, without].filter(({ communities }) => communities.length);
  }

  /** The first free code below an area from that of another on, or of the first that lies there: numbers of villages and of
      communities keep their hundreds, towns of twelve digits their noughts, stations those in which their zones are
      counted. Empty where none is left. */
  free(under, beside = null) {
    const like = beside === null ? (this.of(this.own).find(({ parent }) => parent === under) || { code: null }).code : beside;
    const own = like === null ? "" : this.stem(like);
    const above = like === null ? "" : this.stem(this.parent(like) || "");
    const digits = above && own.startsWith(above) ? own.length - above.length : NUMBERED;
    const most = 10 ** digits;
    const step = this.above === null && like !== null ? 10 ** Math.min(...this.of(this.own).map(({ code }) => noughts(code)), digits - 1) : 1;
    for (let number = like === null ? 1 : Number(own.slice(-digits)) || step; number < most; number += step) {
      const code = this.stem(under) + String(number).padStart(digits, "0") + (like || "").slice(own.length);
      if (!this.taken.has(code)) return code;
    }
    return "";
  }

  /** With what the codes below a county or town begin: twelve digits end with the noughts of what lies below. */
  stem(code) {
    return this.above !== null && /^\d{12}$/.test(code) ? code.replace(/(000){1,2}$/, "") : code;
  }
}

/* How many noughts a code ends with. */
function noughts(code) {
  return code.length - code.replace(/0+$/, "").length;
}
