/* Who is responsible here: a tool that takes one click, or an address from the search box; one card with grid,
   community, police, people and telephones. */

import { get, query } from "./api.js";
import { data, element, number, text } from "./page.js";
import { edges, giveWay, isPhone } from "./panels.js";
import { state } from "./state.js";

const NEAR_M = 200; // farther off an address says nothing of the place
const DIGITS = 7;
const CLOSE = 16; // zoom
const LEGEND_PX = 72; // of a legend that is closed

class WhoCard {
  constructor(map) {
    this.map = map;
    this.abort = null;
    this.isOn = false;
    this.hint = null;
    const box = map.getContainer();
    // Before the map and what is drawn on it hear of the click.
    box.addEventListener("click", (event) => this.clicked(event), true);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isOn || event.defaultPrevented) return;
      event.preventDefault();
      this.set(false);
    }, true);
    this.control();
  }

  control() {
    const Control = L.Control.extend({
      onAdd: () => {
        const box = L.DomUtil.create("div", "leaflet-bar leaflet-control who-tool");
        this.button = element("button", "", text("who_short"));
        this.button.type = "button";
        this.button.title = text("who");
        this.button.setAttribute("aria-label", text("who"));
        this.button.setAttribute("aria-pressed", "false");
        this.button.addEventListener("click", () => this.set(!this.isOn));
        box.append(this.button);
        L.DomEvent.disableClickPropagation(box);
        return box;
      }
    });
    new Control({ position: "bottomleft" }).addTo(this.map);
  }

  set(isOn) {
    this.isOn = isOn;
    this.button.setAttribute("aria-pressed", String(isOn));
    this.map.getContainer().classList.toggle("is-asking-who", isOn);
    if (this.hint) this.hint.remove();
    this.hint = null;
    if (!isOn) return;
    giveWay();
    this.hint = element("span", "chip who-hint", text("who_click"));
    document.getElementById("notices").append(this.hint);
  }

  clicked(event) {
    if (!this.isOn || event.target.closest(".leaflet-control, .leaflet-popup")) return;
    if (this.map.dragging && this.map.dragging.moved()) return;
    event.stopPropagation();
    event.preventDefault();
    this.set(false);
    this.ask(this.map.mouseEventToLatLng(event).wrap());
  }

  /** Finds an address and shows who is responsible there, else at the named place {name, bounds} if there is one. Raises a
      Problem, and answers false for an address that nobody knows. */
  async find(words, named, signal) {
    const found = await get("/api/geocode", { county: data.county.code, q: words }, signal);
    if (found.lon === null && !named) return false;
    const place = found.lon === null ? middle(named.bounds) : L.latLng(found.lat, found.lon);
    giveWay();
    this.map.fitBounds(place.toBounds(300), { ...edges(), maxZoom: Math.max(CLOSE, this.map.getZoom()), animate: false });
    await this.ask(place, found.matched || (named && named.name) || words);
    return true;
  }

  async ask(place, asked = "") {
    if (this.abort) this.abort.abort();
    const { signal } = (this.abort = new AbortController());
    const box = element("div", "map-popup who-card", element("p", "", text("who_asking")));
    const popup = L.popup({ maxWidth: 340, minWidth: 260, ...room(), className: "who-popup" }).setLatLng(place).setContent(box).openOn(this.map);
    try {
      const here = { county: data.county.code, lon: place.lng.toFixed(DIGITS), lat: place.lat.toFixed(DIGITS), as_of: state.as_of || null };
      box.replaceChildren(...this.card(await get("/api/here", { ...here, address: false }, signal), asked || text("who_asking")));
      if (!asked) this.addressOf(here, box, popup, signal); // its answer may take long, and nobody waits for it to telephone
    } catch (error) {
      if (signal.aborted) return;
      box.replaceChildren(element("p", "who-missing", error.message));
    }
    popup.update();
    foldLegends(popup);
    box.tabIndex = -1;
    box.focus({ preventScroll: true });
  }

  /** Fills in the address, as soon as it is known; where there is none, its row goes. */
  async addressOf(here, box, popup, signal) {
    let said = "";
    try {
      said = address(await get("/api/here", here, signal));
    } catch (error) {
      if (signal.aborted) return;
    }
    const row = box.querySelector(".who-where tr:last-child");
    if (said) row.lastChild.textContent = said;
    else row.remove();
    popup.update();
  }

  /** All but the address, which is given in words. */
  card(found, words) {
    const title = element("h3", "", found.grid || text("who_no_grid"));
    const under = [found.grid_code, found.as_of === data.today || !data.today ? "" : text("who_as_of", { day: found.as_of })].filter(Boolean).join(" · ");
    const parts = [title];
    if (under) parts.push(element("p", "who-under", under));
    if (found.grid_id !== null) parts.push(this.people(found.people));
    const rows = [
      [text("who_area"), [found.town, found.community].filter(Boolean).join(" · ")],
      [text("who_police"), [found.station, found.zone].filter(Boolean).join(" · ") || text("who_no_police")],
      [text("who_address"), words]
    ].filter(([, value]) => value).map(([name, value]) => element("tr", "", element("th", "", name), element("td", "", value)));
    parts.push(element("table", "who-where", element("tbody", "", ...rows)));
    if (found.grid_id !== null) {
      parts.push(element("p", "who-links", link(text("who_notice"), "/grids/notice", { grid: found.grid_id }),
        link(text("who_people"), "/grids/people", { county: data.county.code, grid: found.grid_id })));
    }
    return parts;
  }

  people(people) {
    const led = people.some((one) => one.role === "grid_leader" && one.name);
    const rows = people.filter((one) => one.name).map((one) => element("li", "", element("small", "", text("who_role_" + one.role)),
      element("b", "", one.name), one.telephone ? telephone(one.telephone) : element("span", one.role === "grid_leader" ? "who-missing" : "", one.role === "grid_leader" ? text("who_no_telephone") : "–")));
    if (!led) rows.unshift(element("li", "", element("small", "", text("who_role_grid_leader")), element("span", "who-missing", text("who_no_leader"))));
    return element("ul", "who-people", ...rows);
  }
}

/* Beside the panels, and above a legend that is closed. */
function room() {
  const { paddingTopLeft, paddingBottomRight: [right, bottom] } = edges();
  return { autoPanPaddingTopLeft: paddingTopLeft, autoPanPaddingBottomRight: [right, bottom + (isPhone() ? 0 : LEGEND_PX)] };
}

/* A legend that would lie across the card is closed while the card is open. */
function foldLegends(popup) {
  const [card, legends] = [popup.getElement(), document.getElementById("legends")].map((one) => one && one.getBoundingClientRect());
  if (!card || !legends || card.right <= legends.left || card.bottom <= legends.top || card.left >= legends.right) return;
  const open = [...document.querySelectorAll("#legends .legend-card[open]")];
  for (const one of open) one.open = false;
  popup.once("remove", () => { for (const one of open) one.open = true; });
}

function middle([west, south, east, north]) {
  return L.latLngBounds([[south, west], [north, east]]).getCenter();
}

function address(found) {
  if (!found.address || found.distance_m === null || found.distance_m > NEAR_M) return found.road;
  return text("who_near", { address: found.address, n: number(found.distance_m) });
}

/* On a phone a touch calls. */
function telephone(said) {
  const made = element("a", "tel", said);
  made.href = "tel:" + said.replace(/[^\d+]/g, "");
  return made;
}

function link(words, path, parameters) {
  const made = element("a", "link", words);
  made.href = path + query(parameters);
  return made;
}

/** Returns {find(words, signal)}. */
export function startWho(map) {
  return new WhoCard(map);
}
