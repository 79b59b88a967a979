/* Small pictures of styles: one a layer in the panel, and the scale of a layer with classes of a number. */

import { element } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** A layer's swatch: stripes of its colours when it has classes, else the picture of its first entry. */
export function layerSwatch(drawing) {
  if (drawing.layer_id === "streets") return roadSwatch();
  const styles = drawing.legend.entries.map((entry) => entry.style);
  const colours = [...new Set(styles.map((style) => style.color))];
  const classes = colours.length > 2 && styles.every((style) => style.radius === null && !style.fill && !style.hatch);
  if (!classes) return window.mapDrawings.swatch(styles[0]);
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

/* Short names of classes that stand for a range of a number: the same in every language. */
const SCALES = {
  patrol_coverage: [["nothing", "0 %"], ["little", "< 50 %"], ["half", "50–90 %"], ["seen", "≥ 90 %"]]
};

/** Shows the scale of the first drawing that has one, at the map's foot. */
export function scale(box, drawings) {
  const drawing = drawings.find((one) => one.layer_id in SCALES);
  box.hidden = !drawing;
  if (!drawing) return;
  const list = element("ol", "");
  for (const [key, label] of SCALES[drawing.layer_id]) {
    const bar = element("i", key === "nothing" ? "is-bare" : "");
    bar.style.background = drawing.styles[key].color;
    list.append(element("li", "", bar, label));
  }
  box.replaceChildren(element("b", "", drawing.legend.title), list);
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
