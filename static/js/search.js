/* The search box: a street, place, grid, route, camera or area by its name; the map goes there. */

import { get } from "./api.js";
import { data, element, text } from "./page.js";
import { edges, giveWay } from "./panels.js";

const REST_MS = 180; // after the last key
const NEAREST = 18; // zoom
const MARKED_MS = 4000;

export function startSearch(map) {
  const box = document.getElementById("search");
  const input = document.getElementById("search-words");
  const list = document.getElementById("search-found");
  let results = [];
  let active = -1;
  let rest = 0;
  let abort = null;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (place) => {
    active = results.length ? (place + results.length) % results.length : -1;
    [...list.querySelectorAll("[role=option]")].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === active));
      if (at === active) {
        option.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", option.id);
      }
    });
  };

  const go = (found) => {
    close();
    input.blur();
    if (!found.bounds) return;
    giveWay();
    const [west, south, east, north] = found.bounds;
    map.fitBounds([[south, west], [north, east]], { ...edges(), maxZoom: NEAREST });
    const pad = 0.0002;
    const ring = L.rectangle([[south - pad, west - pad], [north + pad, east + pad]], { className: "found", interactive: false }).addTo(map);
    setTimeout(() => ring.remove(), MARKED_MS);
  };

  const draw = (state) => {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (state) {
      list.replaceChildren(element("p", "menu-head", state));
      return;
    }
    list.replaceChildren(...results.map((found, place) => {
      const option = element("div", "option", element("span", "", found.name),
        element("small", "", text("search_kind_" + found.kind) + (found.detail ? " · " + found.detail : "")));
      option.id = "found-" + place;
      option.setAttribute("role", "option");
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => go(found));
      return option;
    }));
    mark(0);
  };

  const ask = async () => {
    if (abort) abort.abort();
    const words = input.value.trim();
    results = [];
    if (!words) {
      close();
      return;
    }
    const { signal } = (abort = new AbortController());
    try {
      const answer = await get("/api/search", { county: data.county.code, q: words }, signal);
      if (signal.aborted) return;
      results = answer.results;
      draw(results.length ? null : text("search_nothing", { words }));
    } catch (error) {
      if (!signal.aborted) draw(error.message);
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(rest);
    rest = setTimeout(ask, REST_MS);
  });
  input.addEventListener("focus", () => { if (results.length) draw(null); });
  input.addEventListener("blur", () => close());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the input method chooses characters with the same keys
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Enter" && results[active]) go(results[active]);
    else if (event.key === "Escape") {
      if (list.hidden) input.blur();
      close();
    } else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    event.preventDefault();
    box.classList.add("is-open");
    input.focus();
    input.select();
  });
}
