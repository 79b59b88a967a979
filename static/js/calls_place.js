/* Where a call was: its address, what is proposed for it, a choice by number, or a pin on the map. */

import { get } from "./api.js";
import { data, element, number, text } from "./page.js";
import { PlaceMap } from "./calls_map.js";

const MOST = 5;
const REST_MS = 300;
const at = (id) => document.getElementById(id);

export class PlacePicker {
  /** `changed()` is called whenever another place is chosen. */
  constructor(changed = () => {}) {
    this.changed = changed;
    this.map = new PlaceMap({ chosen: (one) => this.choose(one), pinned: (lonlat) => this.pinned(lonlat) });
    this.candidates = [];
    this.now = null; // where it is until somebody chooses
    this.choice = null;
    this.abort = null;
    let rest = 0;
    at("address").addEventListener("input", () => {
      clearTimeout(rest);
      rest = setTimeout(() => this.ask(at("address").value.trim()), REST_MS);
    });
  }

  /** Shows a call: its address, where it is now ({lon, lat, level, …} or null); proposals are asked for, or given. */
  async open(address, now, candidates = null) {
    at("address").value = address;
    this.now = now;
    this.choice = null;
    this.candidates = candidates ? candidates.slice(0, MOST) : [];
    this.draw();
    if (!candidates) await this.ask(address);
  }

  async ask(address) {
    if (this.abort) this.abort.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    if (!address) return this.found([], "");
    this.say(text("place_asking"));
    try {
      const answer = await get("/api/geocode", { county: data.county.code, q: address }, signal);
      if (!signal.aborted) this.found(answer.candidates, answer.elsewhere ? text("place_elsewhere") : "");
    } catch (error) {
      if (!signal.aborted) this.found([], error.name === "AbortError" || error.status === 404 ? "" : error.message);
    }
    return undefined;
  }

  found(candidates, said) {
    this.candidates = candidates.slice(0, MOST);
    if (this.choice && this.choice.level !== "pinned") this.choice = null;
    this.draw();
    if (said) this.say(said);
    else if (!candidates.length && at("address").value.trim() && !this.now && !this.choice) this.say(text("place_no_proposals"));
  }

  /** Takes the proposal with this number, from 0; false where there is none. */
  choose(one) {
    const found = this.candidates[one];
    if (!found) return false;
    this.choice = { ...found, number: one };
    this.draw(false);
    this.map.goTo(found);
    this.changed();
    return true;
  }

  /** Sets the pin in the middle of the map and gives it the keys. */
  pin() {
    this.map.set();
    this.map.pin.getElement().focus();
  }

  pinned([lon, lat]) {
    this.choice = { lon, lat, level: "pinned", number: null };
    this.drawList();
    this.changed();
  }

  draw(fit = true) {
    const places = [...this.candidates, ...(this.now ? [{ ...this.now, mark: "●" }] : [])];
    this.map.show(places, this.choice ? this.choice.number : null, { fit });
    if (fit && !places.length) this.map.showAll();
    this.drawList();
  }

  drawList() {
    at("candidates").replaceChildren(...this.candidates.map((one, place) => {
      const says = [data.texts["level_" + one.level] || one.level,
        one.radius_m ? text("place_radius", { n: number(one.radius_m) }) : "",
        one.score === null || one.score === undefined ? "" : text("place_score", { n: number(100 * one.score) })].filter(Boolean).join(" · ");
      const button = element("button", "", element("kbd", "", place + 1), element("span", "", element("bdi", "", one.matched || ""), element("small", "", says)));
      button.type = "button";
      button.setAttribute("aria-pressed", String(Boolean(this.choice) && this.choice.number === place));
      button.addEventListener("click", () => this.choose(place));
      return element("li", "", button);
    }));
    if (this.choice) {
      this.say(this.choice.number === null ? text("place_pinned") : text("place_chosen", { name: this.choice.matched || "" }));
    } else if (this.now) {
      const reach = this.now.radius_m ? " · " + text("place_radius", { n: number(this.now.radius_m) }) : "";
      this.say(text("place_now", { level: (data.texts["level_" + this.now.level] || this.now.level) + reach }));
    } else {
      this.say(text("place_now", { level: text("level_none") }));
    }
  }

  say(words) {
    at("place-now").textContent = words;
    at("place-now").classList.toggle("is-chosen", Boolean(this.choice));
  }
}

/** Calls what a key stands for: alone outside of fields, with Alt inside; `keys` by lower-case key. */
export function listenForKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
    const isTyping = /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (document.querySelector("dialog[open]") || (isTyping && !event.altKey && event.key !== "Escape")) return;
    const run = keys[event.key.toLowerCase()];
    if (!run || (event.key.startsWith("Arrow") && event.target.closest(".leaflet-container, .segments"))) return;
    if (event.key === "Enter" && event.target.closest("button, a, summary")) return; // does what it says
    event.preventDefault();
    run(event);
  });
}

/** Fills a choice of areas: stations where there are any, else all; resolves to their names by id. */
export async function fillAreas(select, all, chosen) {
  const option = (value, label) => Object.assign(element("option", "", label), { value });
  select.append(option("", all));
  const { areas } = await get("/api/areas", { county: data.county.code });
  const stations = areas.filter((area) => area.tree === "police" && area.level === "station");
  select.append(...(stations.length ? stations : areas.filter((area) => area.parent !== null)).map((area) => option(String(area.id), area.name)));
  select.value = chosen && [...select.options].some((one) => one.value === String(chosen)) ? String(chosen) : "";
}
