/* Printing what is on the screen: the map fills the paper, with title, period, legend, date and watermark. */

import { data, text } from "./page.js";
import { edges } from "./panels.js";
import { inWords } from "./words.js";
import { viewNow } from "./views.js";

/* Room for map and legends in pixels of the style sheet: paper less margins, head and foot; as in print.css. */
const PAPERS = { a4: [1046, 640], a3: [1510, 968] };
const LEGENDS = 256;
const PAPER_SHARE = 0.78; // of its height on the screen that a legend has on paper, where its lines stand closer
const MARKS = 24;
const EVERY_MS = 60000;

const find = (id) => document.getElementById(id);

export function startPrint(map) {
  mark();
  setInterval(mark, EVERY_MS);
  let paper = "a4";
  let before = null;

  const begin = () => {
    if (before) return;
    before = { bounds: free(map), centre: map.getCenter(), zoom: map.getZoom() };
    const page = document.documentElement;
    page.dataset.paper = paper;
    page.dataset.printing = "true";
    before.theme = page.dataset.theme;
    page.dataset.theme = "light"; // paper is light
    document.dispatchEvent(new CustomEvent("themechange"));
    find("print-view").textContent = viewNow().title;
    find("print-words").textContent = [inWords(), counted()].filter(Boolean).join(" · ");
    find("print-made").textContent = text("print_made", { user: data.user, time: now() });
    mark();
    before.hasAll = find("legends").classList.contains("has-all");
    before.closed = [...find("legends").querySelectorAll(".legend-card:not([open])")];
    for (const card of before.closed) card.open = true;
    const [width, height] = PAPERS[paper];
    const legends = find("legends");
    legends.classList.toggle("has-all", true);
    page.style.setProperty("--legends-zoom", Math.min(1, height / (1 + PAPER_SHARE * legends.lastChild.scrollHeight)).toFixed(3));
    const style = map.getContainer().style;
    style.width = width - (legends.hidden ? 0 : LEGENDS) + "px";
    style.height = height + "px";
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(before.bounds, { animate: false });
  };

  const end = () => {
    if (!before) return;
    const page = document.documentElement;
    delete page.dataset.printing;
    page.dataset.theme = before.theme;
    document.dispatchEvent(new CustomEvent("themechange"));
    const style = map.getContainer().style;
    style.width = "";
    style.height = "";
    map.invalidateSize({ animate: false, pan: false });
    map.setView(before.centre, before.zoom, { animate: false });
    for (const card of before.closed) card.open = false;
    find("legends").classList.toggle("has-all", before.hasAll);
    before = null;
    paper = "a4";
  };

  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  // The sheet for paper may hold a moment longer than the printing.
  window.matchMedia("print").addEventListener("change", (event) => {
    if (!event.matches && !before) map.invalidateSize({ animate: false });
  });
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => {
      paper = button.dataset.print;
      find("print-menu").open = false;
      begin();
      // What is drawn anew has to be painted before the browser takes the picture.
      requestAnimationFrame(() => setTimeout(() => window.print(), 150));
    });
  }
}

/* How many incidents, and against the period before, as the time bar says it. */
function counted() {
  if (find("time-bar").hidden || find("time-bar").classList.contains("no-times")) return "";
  return [...find("time-count").children].map((part) => part.textContent).join(" ");
}

/* What the panels leave to be seen. */
function free(map) {
  const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = edges();
  const { x, y } = map.getSize();
  return L.latLngBounds(map.containerPointToLatLng([left, top]), map.containerPointToLatLng([x - right, y - bottom]));
}

/* Who looks at this, and when: all over the screen, hardly seen; on paper clearer. */
function mark() {
  const words = data.user + " " + now();
  find("watermark").replaceChildren(...Array.from({ length: MARKS }, () => {
    const made = document.createElement("i");
    made.textContent = words;
    return made;
  }));
}

function now() {
  const time = new Date();
  const two = (value) => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
