/* What is said of a route beside its line: on foot or by car, shift, departures, name, team. */

import { get } from "./api.js";
import { data, element, number, text } from "./page.js";
import { departures, parse, SHIFTS, shiftOf } from "./route_times.js";

export class RouteForm {
  /** `changed` is called when something changes on which the numbers hang. */
  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    this.every = document.getElementById("route-every");
    this.typed = document.getElementById("route-departures");
    this.name = document.getElementById("route-name");
    this.team = document.getElementById("route-team");
    form.addEventListener("change", (event) => {
      if (event.target.name === "shift" || event.target === this.every) this.propose();
      else if (event.target === this.typed) this.tidy();
      if (event.target !== this.name && event.target !== this.team) changed();
    });
    this.typed.addEventListener("input", () => this.read());
    this.name.addEventListener("input", () => this.name.removeAttribute("aria-invalid"));
  }

  get mode() {
    return this.form.elements.mode.value;
  }

  get shift() {
    return SHIFTS.find((shift) => shift.id === this.form.elements.shift.value) || this.otherShift;
  }

  /** The times that are times; what is not is said beside the field. */
  get departures() {
    return parse(this.typed.value).times;
  }

  /** Begins with what a route says, or with what is usual. */
  fill(said) {
    const { mode = "foot", shift = { begins: "00:00", ends: "00:00" }, departures: times = null, name = "", team = "" } = said || {};
    this.form.elements.mode.value = mode;
    const found = shiftOf(shift);
    this.otherShift = found ? null : shift; // one that no button stands for is kept until a button is chosen
    for (const radio of this.form.elements.shift) radio.checked = Boolean(found) && radio.value === found.id;
    this.name.value = name;
    this.team.value = team;
    this.name.removeAttribute("aria-invalid");
    this.every.value = times ? "" : "2";
    if (times) this.typed.value = times.join(" ");
    else this.propose();
    this.read();
    this.teams();
  }

  /** The departures of the shift, every so many hours. */
  propose() {
    if (this.every.value && this.shift) this.typed.value = departures(this.shift, Number(this.every.value)).join(" ");
    this.read();
  }

  tidy() {
    const { times, wrong } = parse(this.typed.value);
    if (!wrong.length) this.typed.value = times.join(" ");
    this.every.value = "";
    this.read();
  }

  read() {
    const { times, wrong } = parse(this.typed.value);
    document.getElementById("route-number-of-times").textContent = text("route_times", { number: number(times.length) });
    const box = document.getElementById("route-wrong");
    box.hidden = !wrong.length;
    box.textContent = wrong.length ? text("route_wrong_time", { times: wrong.join(" ") }) : "";
    this.typed.setAttribute("aria-invalid", String(wrong.length > 0));
  }

  /** Whether it can be saved; what is missing is marked and gets the focus. */
  isReady() {
    const missing = !this.name.value.trim() ? this.name : parse(this.typed.value).wrong.length ? this.typed : null;
    if (!missing) return true;
    missing.setAttribute("aria-invalid", "true");
    missing.focus();
    return false;
  }

  /** As the API takes it. */
  said() {
    const { shift } = this;
    return {
      name: this.name.value.trim(),
      mode: this.mode,
      team: this.team.value.trim(),
      departures: this.departures,
      shift: shift ? { begins: shift.begins, ends: shift.ends } : null
    };
  }

  async teams() {
    try {
      const { teams } = await get("/api/routes", { county: data.county.code });
      const options = teams.map((team) => {
        const option = element("option", "");
        option.value = team;
        return option;
      });
      document.getElementById("route-teams").replaceChildren(...options);
    } catch (error) { /* names can be typed */ }
  }
}
