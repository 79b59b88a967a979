/* Streets are the ground: an edge below, a lane above, so that a map without a base map looks like one. */

const MANY = 4000; // more lines than this are painted on a canvas: as elements they would hold up the page

/** A group of two lines for each street piece; popups hang on the upper one. Not yet on the map. */
export function drawStreets(map, drawing, options) {
  const many = drawing.features.features.length > MANY;
  const group = L.layerGroup();
  for (const [place, name] of ["road-edge", "road"].entries()) {
    const pane = "drawing-streets-" + name;
    if (!map.getPane(pane)) map.createPane(pane).style.zIndex = String(options.zIndex + place);
    const paint = many ? { renderer: L.canvas({ pane }), ...plain(name) } : { className: name };
    const lines = L.geoJSON(drawing.features, {
      pane,
      interactive: name === "road",
      style: () => ({ lineCap: "round", lineJoin: "round", ...paint }),
      onEachFeature: (feature, path) => {
        if (name === "road") path.bindPopup(() => window.mapDrawings.popup(drawing, feature.properties), { maxWidth: 340 });
      }
    });
    if (many) document.addEventListener("themechange", () => lines.setStyle(plain(name)));
    group.addLayer(lines);
  }
  return group;
}

/* A canvas knows no style sheet. */
function plain(name) {
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  return { color: colour, weight: name === "road" ? 3 : 4.5 };
}
