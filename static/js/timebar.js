/* The time bar: how many incidents when, and the period of which everything on the page is. Handles move by mouse, touch and
   arrow keys; the window between them can be dragged; presets stand beside it. */

import { element, number, text } from "./page.js";
import { dayOf, isoOf, isPeriod, period, ticks } from "./periods.js";
import { isPhone } from "./panels.js";
import { change, state, subscribe } from "./state.js";
import { onSummary } from "./summary.js";
import { periodInWords } from "./words.js";

const CHANCE = 0.05; // a change that is likelier than this by chance alone is grey
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -30, PageUp: 30 };
const PERIODS = ["week", "days30", "half", "month", "quarter", "year", "months12", "all"];

const find = (id) => document.getElementById(id);

class TimeBar {
  constructor() {
    this.box = find("time-bar");
    this.track = find("time-track");
    this.answer = null;
    this.moved = null; // {since, until} in days while a handle is moved
    onSummary((answer) => this.take(answer));
    subscribe((changed) => {
      if (changed.has("since") || changed.has("until")) this.show();
    });
    for (const name of PERIODS) this.preset(name).addEventListener("click", () => change(period(name, this.answer.last)));
    for (const end of ["since", "until"]) {
      find("time-" + end).addEventListener("pointerdown", (event) => this.drag(event, end));
      find("time-" + end).addEventListener("keydown", (event) => this.key(event, end));
    }
    find("time-window").addEventListener("pointerdown", (event) => this.drag(event, "both"));
    this.place();
    window.matchMedia("(max-width: 760px)").addEventListener("change", () => this.place());
    window.addEventListener("resize", () => this.answer && this.answer.first !== null && this.axis());
  }

  preset(name) {
    return this.box.querySelector(`[data-period="${name}"]`);
  }

  /** On the phone it stands among the terms, elsewhere at the map's foot. */
  place() {
    if (isPhone()) find("time-phone").append(this.box);
    else find("legends").after(this.box);
  }

  take(answer) {
    this.answer = answer;
    this.box.hidden = !answer;
    find("map-page").classList.toggle("with-time", Boolean(answer));
    if (!answer) return;
    const hasTimes = answer.first !== null;
    find("map-page").classList.toggle("without-times", !hasTimes);
    this.box.classList.toggle("no-times", !hasTimes);
    for (const control of this.box.querySelectorAll("button")) control.disabled = !hasTimes;
    find("time-last").textContent = hasTimes ? text("time_last", { day: answer.last }) : "";
    if (hasTimes) {
      this.first = dayOf(answer.first);
      this.last = dayOf(answer.last);
      this.axis();
    }
    this.show();
  }

  /** Period in days, both ends given, inside what has data. */
  window() {
    if (this.moved) return this.moved;
    const inside = (day) => Math.min(Math.max(day, this.first), this.last);
    return {
      since: state.since ? inside(dayOf(state.since)) : this.first,
      until: state.until ? inside(dayOf(state.until)) : this.last
    };
  }

  share(day) {
    return (day - this.first) / (this.last + 1 - this.first);
  }

  show() {
    if (!this.answer) return;
    find("time-title").textContent = periodInWords();
    this.count();
    if (this.answer.first === null) {
      this.draw({ since: 1, until: 0 });
      return;
    }
    const shown = this.window();
    this.draw(shown);
    const [from, to] = [100 * this.share(shown.since), 100 * this.share(shown.until + 1)];
    find("time-since").style.left = from + "%";
    find("time-until").style.left = to + "%";
    find("time-window").style.left = from + "%";
    find("time-window").style.width = to - from + "%";
    for (const end of ["since", "until"]) {
      const handle = find("time-" + end);
      handle.setAttribute("aria-valuemin", String(this.first));
      handle.setAttribute("aria-valuemax", String(this.last));
      handle.setAttribute("aria-valuenow", String(shown[end]));
      handle.setAttribute("aria-valuetext", (!this.moved && state[end]) || isoOf(shown[end]));
    }
    if (this.moved) find("time-title").textContent = text("words_period", { since: isoOf(shown.since), until: isoOf(shown.until) });
    for (const name of PERIODS) {
      this.preset(name).setAttribute("aria-pressed", String(isPeriod(name, state.since, state.until, this.answer.last)));
    }
  }

  /** How many, and against the period before. */
  count() {
    const { n, previous } = this.answer;
    const parts = [element("b", "", text("time_count", { n: number(n) }))];
    if (this.answer.first === null) parts.splice(0, 1, text(this.answer.total ? "time_none" : "time_empty"));
    else if (previous && previous.change !== null) {
      const isChance = previous.p !== null && previous.p > CHANCE;
      const arrow = previous.change > 0 ? "↑" : previous.change < 0 ? "↓" : "→";
      const said = text("time_change", { change: arrow + "\u00a0" + number(Math.abs(100 * previous.change), 1) + "\u00a0%", n: number(previous.count) });
      const made = element("span", isChance ? "by-chance" : "", said);
      made.title = text(isChance ? "time_by_chance" : "time_before", { since: previous.since, until: previous.until });
      parts.push(made);
    } else if (previous) parts.push(element("span", "by-chance", text("time_change", { change: "—", n: number(previous.count) })));
    find("time-count").replaceChildren(...parts);
  }

  /** Bars of the histogram; those of the period stand out. */
  draw({ since, until }) {
    const { starts, counts } = this.answer.histogram || { starts: [], counts: [] };
    const highest = Math.max(1, ...counts);
    const paths = { on: "", off: "" };
    starts.forEach((iso, place) => {
      const begin = dayOf(iso);
      const end = place + 1 < starts.length ? dayOf(starts[place + 1]) : this.last + 1;
      const [from, to] = [1000 * this.share(Math.max(begin, this.first)), 1000 * this.share(end)];
      if (!counts[place] || !(to > from)) return;
      const inset = Math.min(1, (to - from) * 0.12);
      const isOn = begin <= until && end - 1 >= since;
      const top = 100 - Math.max(4, (96 * counts[place]) / highest);
      paths[isOn ? "on" : "off"] += `M${(from + inset).toFixed(2)} 100V${top.toFixed(1)}H${(to - inset).toFixed(2)}V100Z`;
    });
    for (const [name, path] of Object.entries(paths)) find("time-bars").querySelector("." + name).setAttribute("d", path);
  }

  axis() {
    const most = Math.max(2, Math.floor(this.track.offsetWidth / 88));
    find("time-ticks").replaceChildren(...ticks(this.first, this.last, most).map((tick) => {
      const made = element("span", "", tick.label);
      made.style.left = 100 * this.share(tick.day) + "%";
      return made;
    }).filter((made) => parseFloat(made.style.left) < 95));
  }

  drag(event, end) {
    if (event.button || this.answer.first === null) return;
    event.preventDefault();
    const target = event.currentTarget;
    target.focus({ preventScroll: true });
    target.setPointerCapture(event.pointerId);
    const before = this.window();
    const begin = event.clientX;
    const perDay = (this.last + 1 - this.first) / this.track.offsetWidth;
    const move = (now) => {
      this.moved = this.shifted(before, end, Math.round((now.clientX - begin) * perDay));
      this.show();
    };
    const stop = () => {
      target.removeEventListener("pointermove", move);
      this.apply();
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", stop, { once: true });
    target.addEventListener("pointercancel", stop, { once: true });
  }

  key(event, end) {
    const { since, until } = this.window();
    let by = KEYS[event.key];
    if (event.key === "Home") by = (end === "since" ? this.first : since) - (end === "since" ? since : until);
    if (event.key === "End") by = (end === "since" ? until : this.last) - (end === "since" ? since : until);
    if (by === undefined) return;
    event.preventDefault();
    this.moved = this.shifted({ since, until }, end, event.shiftKey ? 7 * by : by);
    this.show();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.apply(), 350);
  }

  shifted({ since, until }, end, by) {
    const between = (day, low, high) => Math.min(Math.max(day, low), high);
    if (end === "both") {
      const most = between(by, this.first - since, this.last - until);
      return { since: since + most, until: until + most };
    }
    return end === "since"
      ? { since: between(since + by, this.first, until), until }
      : { since, until: between(until + by, since, this.last) };
  }

  apply() {
    if (!this.moved) return;
    const { moved } = this;
    this.moved = null;
    const before = this.window();
    // An end that did not move keeps its day, which may lie outside what has data.
    const day = (end) => (moved[end] === before[end] && state[end]) || isoOf(moved[end]);
    const isAll = moved.since === this.first && moved.until === this.last;
    change(isAll ? { since: null, until: null } : { since: day("since"), until: day("until") });
    this.show();
  }
}

export function startTimeBar() {
  return new TimeBar();
}
