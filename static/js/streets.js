/* Streets are the ground: an edge below, a lane above, so that a map without a base map looks like one. And what is too
   much for elements of the page goes onto a canvas. */

const MANY = 4000; // as elements, more lines than this would hold up the page

/** Whether a drawing is painted. One that is a part of more is, too: a single line of it may stand for thousands. */
export function isMany(drawing) {
  return Boolean(drawing.facts && drawing.facts.partial) || drawing.features.features.length > MANY;
}

/** A group of two lines for each street piece; popups hang on the upper one. Not yet on the map. */
export function drawStreets(map, drawing, options) {
  const group = L.layerGroup();
  for (const [place, name] of ["road-edge", "road"].entries()) {
    const pane = "drawing-streets-" + name;
    if (!map.getPane(pane)) map.createPane(pane).style.zIndex = String(options.zIndex + place);
    const lines = L.geoJSON(drawing.features, {
      pane,
      interactive: name === "road",
      style: () => ({ className: name, lineCap: "round", lineJoin: "round" }),
      onEachFeature: (feature, path) => {
        if (name !== "road" || !window.mapDrawings.saysSomething(drawing, feature)) return;
        path.bindPopup(() => window.mapDrawings.popup(drawing, feature.properties), { maxWidth: 340 });
      }
    });
    if (isMany(drawing)) {
      onCanvas(lines, pane, () => {
        const style = { color: resolved(`var(--${name})`), weight: name === "road" ? 3 : 4.5 };
        return () => style;
      });
    }
    group.addLayer(lines);
  }
  return group;
}

/** Lets a drawing of many plain lines or points be painted, unless it is hatched; before it is added to the map. */
export function paint(made, drawing) {
  const styles = Object.values(drawing.styles);
  if (!isMany(drawing) || styles.some((style) => style.hatch)) return;
  onCanvas(made, "drawing-" + drawing.layer_id, () => {
    const found = {};
    for (const [key, style] of Object.entries(drawing.styles)) {
      found[key] = { color: resolved(style.color), fillColor: style.fill ? resolved(style.fill) : undefined };
      if (drawing.layer_id === "patrol_coverage" && key === "nothing") found[key].opacity = 0; // the bare street says it
    }
    return (feature) => found[feature.properties[drawing.style_by]];
  });
}

/* A canvas knows no style sheet: colours are looked up, once for all lines, and again when the theme changes. A pane has
   one canvas, whatever is painted on it after one another. */
const renderers = new Map();
const painted = new Map();
document.addEventListener("themechange", () => { for (const apply of painted.values()) apply(); });

function onCanvas(lines, pane, lookUp) {
  if (!renderers.has(pane)) renderers.set(pane, L.canvas({ pane }));
  const apply = () => {
    const styleOf = lookUp();
    lines.eachLayer((path) => path.setStyle(styleOf(path.feature)));
  };
  lines.eachLayer((path) => { path.options.renderer = renderers.get(pane); });
  apply();
  painted.set(pane, apply);
}

function resolved(colour) {
  const found = /^var\((--[\w-]+)(?:, *([^)]+))?\)$/.exec(colour);
  if (!found) return colour;
  return getComputedStyle(document.documentElement).getPropertyValue(found[1]).trim() || found[2];
}
