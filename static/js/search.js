/* The search box: a street, place, grid, route, camera or area by its name; the map goes there. What was written may also
   be an address: then it says who is responsible for it. */

import { get } from "./api.js";
import { data, element, text } from "./page.js";
import { edges, giveWay } from "./panels.js";

const REST_MS = 180; // after the last key
const NEAREST = 18; // zoom
const AROUND = 0.0002; // degrees around what was found
const MARKED_MS = 4000;
const WHO = "who"; // the last of what is found: who is responsible for an address of these words

class Search {
  constructor(map, who) {
    this.map = map;
    this.who = who;
    this.input = document.getElementById("search-words");
    this.list = document.getElementById("search-found");
    this.results = [];
    this.active = -1;
    this.abort = null;
    this.rest = 0;
    this.input.addEventListener("input", () => {
      clearTimeout(this.rest);
      this.rest = setTimeout(() => this.ask(), REST_MS);
    });
    this.input.addEventListener("focus", () => { if (this.results.length) this.draw(); });
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", (event) => this.summon(event));
  }

  async ask() {
    if (this.abort) this.abort.abort();
    const words = this.input.value.trim();
    this.results = [];
    if (!words) {
      this.close();
      return;
    }
    const { signal } = (this.abort = new AbortController());
    try {
      const answer = await get("/api/search", { county: data.county.code, q: words }, signal);
      if (signal.aborted) return;
      this.results = [...answer.results, { kind: WHO, name: text("who_search", { words }), words, place: answer.results.find((one) => one.kind === "place" && one.bounds) }];
      this.draw(answer.results.length ? null : element("p", "menu-head", text("search_nothing", { words })));
    } catch (error) {
      if (!signal.aborted) this.say(error.message);
    }
  }

  say(message) {
    this.open(element("p", "menu-head", message));
  }

  draw(said = null) {
    const options = this.results.map((found, place) => {
      const isWho = found.kind === WHO;
      const option = element("div", isWho ? "option option-who" : "option", element("span", "", found.name),
        isWho ? null : element("small", "", text("search_kind_" + found.kind) + (found.detail ? " · " + found.detail : "")));
      option.id = "found-" + place;
      option.setAttribute("role", "option");
      option.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
      option.addEventListener("click", () => this.go(found));
      return option;
    });
    this.open(...[said, ...options].filter(Boolean));
    this.mark(0);
  }

  open(...children) {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.list.replaceChildren(...children);
  }

  /** Also what is still on its way opens nothing any more. */
  close() {
    clearTimeout(this.rest);
    if (this.abort) this.abort.abort();
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark(place) {
    const { length } = this.results;
    this.active = length ? (place + length) % length : -1;
    [...this.list.querySelectorAll("[role=option]")].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === this.active));
      if (at !== this.active) return;
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    });
  }

  /** The map goes to what was found and shows for a moment where it is. */
  go(found) {
    if (found.kind === WHO) return this.findWho(found);
    this.close();
    this.input.blur();
    if (!found.bounds) return undefined;
    giveWay();
    const [west, south, east, north] = found.bounds;
    this.map.fitBounds([[south, west], [north, east]], { ...edges(), maxZoom: NEAREST });
    const around = [[south - AROUND, west - AROUND], [north + AROUND, east + AROUND]];
    const ring = L.rectangle(around, { className: "found", interactive: false }).addTo(this.map);
    setTimeout(() => ring.remove(), MARKED_MS);
    return undefined;
  }

  async findWho({ words, place }) {
    this.close();
    const { signal } = (this.abort = new AbortController());
    try {
      if (await this.who.find(words, place, signal)) this.input.blur();
      else this.say(text("who_unknown"));
    } catch (error) {
      if (!signal.aborted) this.say(error.message);
    }
  }

  key(event) {
    if (event.isComposing) return; // the input method chooses characters with the same keys
    if (event.key === "ArrowDown") this.mark(this.active + 1);
    else if (event.key === "ArrowUp") this.mark(this.active - 1);
    else if (event.key === "Enter" && this.results[this.active]) this.go(this.results[this.active]);
    else if (event.key === "Escape") {
      if (this.list.hidden) this.input.blur();
      this.close();
    } else return;
    event.preventDefault();
  }

  /* A slash leads here from everywhere but from where one writes. */
  summon(event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    event.preventDefault();
    this.input.focus();
    this.input.select();
  }
}

/** ``who``: what says who is responsible for an address. */
export function startSearch(map, who) {
  return new Search(map, who);
}
