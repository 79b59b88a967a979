/* What colours mean: a small picture a layer in the panel, and the legends on the map with unit, dates and how many. */

import { element, number, text } from "./page.js";
import { isPhone } from "./panels.js";
import { placed } from "./placed.js";

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** A layer's swatch: stripes of its colours when it has classes, else the picture of its first entry. */
export function layerSwatch(drawing) {
  if (drawing.layer_id === "streets") return roadSwatch();
  const styles = drawing.raster
    ? drawing.raster.styles.map((name) => ({ ...drawing.styles[name], color: drawing.styles[name].fill, fill: null }))
    : drawing.legend.entries.map((entry) => entry.style);
  const colours = [...new Set(styles.map((style) => style.color))];
  const classes = colours.length > 2 && styles.every((style) => style.radius === null && !style.fill && !style.hatch);
  if (!classes) return pictured(styles[0]);
  const box = svg("svg", { width: 28, height: 14, "aria-hidden": "true" });
  colours.forEach((colour, place) => {
    const width = 28 / colours.length;
    box.append(svg("rect", { x: place * width, y: 3, width: width + 0.5, height: 8, fill: colour }));
  });
  return box;
}

function roadSwatch() {
  const box = svg("svg", { width: 28, height: 14, "aria-hidden": "true" });
  for (const name of ["road-edge", "road"]) box.append(svg("path", { d: "M3 7H25", class: name, "stroke-linecap": "round" }));
  return box;
}

const LARGEST_POINT = 7; // pixels
const PLAIN = new Set(["streets", "waters"]); // the ground explains itself
const FIRST = ["density", "hot_spots", "patrol_coverage", "patrol_gaps", "grids", "incidents"]; // opens by itself, the first that is shown
const opened = new Map(); // layer → whether its legend was opened or closed by hand
let hasAll = false; // else that of one layer; on the phone none

/** The legends of the layers shown, one below the other. */
export function drawLegends(box, drawings) {
  const shown = drawings.filter((drawing) => !PLAIN.has(drawing.layer_id) && drawing.legend.entries.length);
  box.hidden = !shown.length;
  if (!shown.length) return;
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.legend : null;
  const head = element("button", "legends-head", element("b", "", text("legend")), element("small", ""));
  head.type = "button";
  const list = element("div", "legends-list");
  const fold = () => {
    head.setAttribute("aria-expanded", String(hasAll));
    head.lastChild.textContent = hasAll ? text("legend_fewer") : text("legend_all", { n: number(shown.length) });
    head.setAttribute("aria-label", text("legend") + " " + head.lastChild.textContent);
    box.classList.toggle("has-all", hasAll);
  };
  head.addEventListener("click", () => {
    hasAll = !hasAll;
    fold();
  });
  const first = FIRST.find((id) => shown.some((drawing) => drawing.layer_id === id)) || shown[0].layer_id;
  list.append(...shown.map((drawing) => card(drawing, drawing.layer_id === first)));
  const lead = list.querySelector(".is-first");
  const room = () => box.classList.toggle("has-room", lead.open && Boolean(lead.querySelector(".legend-note:not([open])")));
  for (const one of [lead, ...lead.querySelectorAll("details")]) one.addEventListener("toggle", room);
  room();
  fold();
  box.replaceChildren(head, list);
  head.hidden = shown.length === 1 && !isPhone();
  const again = focused && box.querySelector(`[data-legend="${focused}"]`);
  if (again) again.focus();
}

function card(drawing, isFirst) {
  const { legend, layer_id: id } = drawing;
  const made = element("details", "legend-card");
  made.open = opened.has(id) ? opened.get(id) : isFirst;
  made.classList.toggle("is-first", isFirst);
  const summary = element("summary", "", element("span", "swatch", layerSwatch(drawing)), element("b", "", legend.title));
  summary.dataset.legend = id;
  made.addEventListener("toggle", () => opened.set(id, made.open));
  made.append(summary, ...body(drawing));
  return made;
}

/** Classes, how many of when, and how this is computed: the same in the panel of layers and on the map. */
export function body(drawing) {
  const { legend } = drawing;
  const note = legend.note && element("details", "legend-note", element("summary", "", text("how")), element("p", "", legend.note));
  const foot = element("div", "legend-foot", said(drawing), placed(legend.placing, legend.is_low), note);
  return [legend.scale && isRamp(drawing) ? ramp(drawing) : classes(drawing), foot];
}

/* Classes of a number in a row, each with the number where it begins. */
function isRamp(drawing) {
  return Boolean(drawing.raster) && drawing.raster.styles.length >= 3;
}

function ramp(drawing) {
  const names = new Set(drawing.raster.styles);
  const entries = drawing.legend.entries.filter((entry, place) => place < names.size);
  const list = element("ol", "ramp");
  for (const entry of entries) {
    const bar = element("i", "");
    bar.style.background = entry.style.fill;
    bar.style.opacity = entry.style.fill_opacity;
    list.append(element("li", "", bar, element("small", "", entry.label.split("–")[0].replace(/^≥\s*/, ""))));
  }
  const rest = drawing.legend.entries.slice(names.size);
  return element("div", "", element("small", "legend-unit", drawing.legend.scale), list, rest.length ? entriesOf(rest) : null);
}

function classes(drawing) {
  const { legend } = drawing;
  return element("div", "", legend.scale ? element("small", "legend-unit", legend.scale) : null, entriesOf(legend.entries));
}

function entriesOf(entries) {
  const list = element("ul", "");
  const largest = Math.max(...entries.map((entry) => entry.style.radius || 0));
  for (const entry of entries) {
    list.append(element("li", "", pictured(entry.style, largest), element("span", "", entry.label),
      entry.count === null ? null : element("b", "", number(entry.count))));
  }
  return list;
}

/* A point that is larger than a line of text is pictured smaller, against the largest of its legend. */
function pictured(style, largest = style.radius) {
  const radius = largest > LARGEST_POINT ? (style.radius * LARGEST_POINT) / largest : style.radius;
  return window.mapDrawings.swatch({ ...style, radius: style.radius === null ? null : radius });
}

/* How many, of when, and which part of them could be placed; of what are no incidents, how many could not. */
function said({ legend }) {
  const box = element("p", "legend-said", element("span", "", "n\u00a0=\u00a0" + number(legend.n) + (legend.unit ? " " + legend.unit : "")));
  if (legend.dates) {
    const [since, until] = legend.dates;
    box.append(element("span", "", since === until ? since : text("words_period", { since, until })));
  }
  if (!legend.placing.length && legend.unplaced) box.append(element("span", "", text("placed_missing", { n: number(legend.unplaced) })));
  return box;
}

/** The drawing with its colours as variables named after them, so that a sheet of tokens may change them for dark ground. */
export function withTokens(drawing) {
  for (const style of [...Object.values(drawing.styles), ...drawing.legend.entries.map((entry) => entry.style)]) {
    for (const name of ["color", "fill", "hatch"]) {
      const colour = style[name];
      if (/^#[0-9a-f]{6}$/i.test(colour || "")) style[name] = `var(--map-${colour.slice(1).toLowerCase()}, ${colour})`;
    }
  }
  return drawing;
}
