/* Shows what `drawing_json` returns on a Leaflet map. A plain script, so that it works in a saved file and a notebook.
   Every text is set as text (textContent), never as HTML. Works from Chromium 90 on. */
window.mapDrawings = (function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  // Pixels: from which width a map is wide, the room of the panel, the room at an edge.
  const WIDE = 640;
  const PANEL = 352;
  const EDGE = 24;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined && text !== null) made.textContent = String(text);
    return made;
  }

  function svg(tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) made.setAttribute(name, String(value));
    }
    return made;
  }

  /* A pattern of slanted lines; returns the paint that refers to it. One pattern a colour and page. */
  function hatch(color) {
    const id = "hatch-" + String(color).replace(/[^0-9A-Za-z]/g, "");
    if (!document.getElementById(id)) {
      const holder = svg("svg", { class: "map-hatches", width: 0, height: 0, "aria-hidden": "true" });
      const pattern = svg("pattern", {
        id: id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)"
      });
      pattern.append(
        svg("rect", { width: 7, height: 7, fill: "#ffffff" }),
        svg("rect", { width: 7, height: 7, fill: color, "fill-opacity": 0.16 }),
        svg("line", { x1: 0, y1: 0, x2: 0, y2: 7, stroke: color, "stroke-width": 6 })
      );
      const defs = svg("defs", {});
      defs.append(pattern);
      holder.append(defs);
      document.body.append(holder);
    }
    return "url(#" + id + ")";
  }

  function pathOptions(style) {
    return {
      color: style.hatch ? hatch(style.hatch) : style.color,
      weight: style.weight,
      opacity: style.opacity,
      dashArray: style.dash,
      fill: style.fill !== null,
      fillColor: style.fill || undefined,
      fillOpacity: style.fill_opacity,
      lineCap: style.hatch ? "butt" : "round"
    };
  }

  function valueText(field, value) {
    const word = field.words[String(value)];
    if (word !== undefined) return word;
    const codes = String(value).split("+");
    if (codes.every(function (code) { return code in field.words; })) {
      return codes.map(function (code) { return field.words[code]; }).join(" + ");
    }
    if (value === null || value === undefined || value === "") return "—";
    let text = String(value);
    if (typeof value === "number" && field.digits !== null) {
      const digits = { minimumFractionDigits: field.digits, maximumFractionDigits: field.digits };
      text = value.toLocaleString(document.documentElement.lang || undefined, digits);
    } else if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) {
      text = text.slice(0, 16).replace("T", " ");
    }
    return field.unit ? text + " " + field.unit : text;
  }

  /* Whether there is anything to show of a feature: one that stands for thousands of lines has a style and no more. */
  function saysSomething(drawing, feature) {
    return drawing.fields.some(function (field) { return field.name in feature.properties; });
  }

  function popup(drawing, properties) {
    const box = element("div", "map-popup");
    box.append(element("h3", "", drawing.legend.title));
    const table = element("table");
    for (const field of drawing.fields) {
      if (!(field.name in properties)) continue;
      const row = element("tr");
      row.append(element("th", "", field.title), element("td", "", valueText(field, properties[field.name])));
      row.firstChild.scope = "row";
      table.append(row);
    }
    box.append(table);
    return box;
  }

  /* Within what the points lie that are known to a radius only: a circle in metres, once for all that share it. */
  function rings(drawing, pane) {
    const found = new Map();
    for (const feature of drawing.features.features) {
      const style = drawing.styles[feature.properties[drawing.style_by]];
      const metres = feature.properties.radius_m;
      if (!style.ring || !(metres > 0)) continue;
      const [lng, lat] = feature.geometry.coordinates;
      const key = [lng, lat, metres].join(" ");
      if (found.has(key)) continue;
      found.set(key, L.circle([lat, lng], {
        pane: pane, radius: metres, interactive: false, color: style.color, weight: 1, opacity: style.ring, fill: false
      }));
    }
    return found.size ? L.layerGroup([...found.values()]) : null;
  }

  /* Shows them below the layer, as long as that is shown. */
  function encircle(map, made, drawing, zIndex) {
    const pane = "rings-" + drawing.layer_id;
    const around = rings(drawing, pane);
    if (!around) return;
    // Panes of one height lie in the order in which they were made.
    if (!map.getPane(pane)) map.createPane(pane).style.zIndex = zIndex;
    made.on("add", function () { around.addTo(map); });
    made.on("remove", function () { around.remove(); });
  }

  /* One Leaflet layer for one drawing, in a pane of its own so that switching keeps the order. Not yet on the map. */
  function layer(map, drawing, options) {
    const given = options || {};
    const pane = "drawing-" + drawing.layer_id;
    const zIndex = String(given.zIndex || 410);
    const styleOf = function (feature) {
      return drawing.styles[feature.properties[drawing.style_by]];
    };
    const made = L.geoJSON(null, {
      pane: pane,
      style: function (feature) {
        return pathOptions(styleOf(feature));
      },
      pointToLayer: function (feature, place) {
        const style = styleOf(feature);
        return L.circleMarker(place, Object.assign({ pane: pane, radius: style.radius || 5 }, pathOptions(style)));
      },
      onEachFeature: function (feature, part) {
        if (!saysSomething(drawing, feature)) return;
        part.bindPopup(function () {
          return popup(drawing, feature.properties);
        }, { maxWidth: 340 });
      }
    });
    encircle(map, made, drawing, zIndex);
    if (!map.getPane(pane)) map.createPane(pane).style.zIndex = zIndex;
    made.addData(drawing.features);
    if (drawing.raster) made.addLayer(window.mapSurfaces.surface(drawing, { pane: pane }));
    return made;
  }

  function swatch(style) {
    const paint = pathOptions(style);
    const box = svg("svg", { class: "map-swatch", width: 32, height: 16, "aria-hidden": "true" });
    const shared = {
      stroke: paint.color, "stroke-width": paint.weight, "stroke-opacity": paint.opacity,
      "stroke-dasharray": paint.dashArray, "stroke-linecap": paint.lineCap, fill: style.fill || "none", "fill-opacity": style.fill_opacity
    };
    if (style.ring) {
      box.append(svg("circle", { cx: 16, cy: 8, r: 7.25, stroke: style.color, "stroke-opacity": style.ring, fill: "none" }));
    }
    if (style.radius !== null) {
      const most = style.ring ? 3 : 7;
      box.append(svg("circle", Object.assign({ cx: 16, cy: 8, r: Math.min(style.radius, most) }, shared)));
    } else if (style.fill) box.append(svg("rect", Object.assign({ x: 3, y: 2, width: 26, height: 12 }, shared, style.hatch ? { stroke: "none" } : {})));
    else box.append(svg("path", Object.assign({ d: "M1 8H31" }, shared)));
    // A hatched area, unlike a hatched line: thin lines over its fill, as they lie on the map.
    if (style.fill && style.hatch) {
      const lines = { d: "M3 9L10 2M5 14L17 2M12 14L24 2M19 14L29 4M26 14L29 11", stroke: style.hatch, "stroke-opacity": style.opacity };
      box.append(svg("path", lines));
    }
    return box;
  }

  /* The legend of one drawing: entries with counts, number of cases, and how this is computed. */
  function legend(drawing, texts) {
    const box = element("div", "map-legend");
    const list = element("ul");
    if (drawing.notice) box.append(element("p", "map-notice", drawing.notice));
    for (const entry of drawing.legend.entries) {
      const item = element("li");
      item.append(swatch(entry.style), element("span", "", entry.label));
      if (entry.count !== null) item.append(element("b", "", entry.count));
      list.append(item);
    }
    if (drawing.legend.scale) box.append(element("p", "map-scale", drawing.legend.scale));
    box.append(list);
    if (drawing.legend.placing.length) box.append(...placing(drawing.legend, texts));
    else if (drawing.legend.unplaced) box.append(element("p", "map-missing", texts.unplaced + " " + drawing.legend.unplaced));
    if (drawing.legend.note) {
      const how = element("details");
      how.append(element("summary", "", texts.how), element("p", "", drawing.legend.note));
      box.append(how);
    }
    return box;
  }

  /* How many of the incidents have a place, how they got it, and a warning where these are too few. */
  function placing(legend, texts) {
    const total = legend.placing.reduce(function (sum, one) { return sum + one.count; }, 0);
    const missing = legend.placing.filter(function (one) { return one.level === "none"; });
    // Rounded down: a map that is not complete never says so.
    const percent = Math.floor(100 * (total - (missing.length ? missing[0].count : 0)) / total);
    const parts = legend.placing.map(function (one) { return together(one.label, one.count, total); });
    const lead = texts.placed.replace("{share}", percent);
    const said = [element("p", legend.is_low ? "map-missing is-low" : "map-missing", lead)];
    const levels = element("p", "map-levels");
    parts.forEach(function (part, place) { levels.append(place ? " · " : "", element("span", "", part)); });
    said.push(levels);
    if (legend.is_low) said.push(element("p", "map-missing is-low", texts.low));
    return said;
  }

  /* A level and its part of a hundred, never "0 %" of something; spaces that do not break keep them on one line. */
  function together(label, count, total) {
    const percent = Math.round(100 * count / total);
    return label + "\u00a0" + (count && percent < 1 ? "<1" : percent) + "\u00a0%";
  }

  function section(map, drawing, made, texts) {
    const box = element("section");
    const label = element("label");
    const tick = element("input");
    tick.type = "checkbox";
    tick.checked = drawing.shown;
    tick.addEventListener("change", function () {
      if (tick.checked) made.addTo(map);
      else made.remove();
    });
    const unit = drawing.legend.unit ? " " + drawing.legend.unit : "";
    label.append(tick, element("strong", "", drawing.legend.title));
    label.append(element("small", "", drawing.legend.n + unit));
    box.append(label, legend(drawing, texts));
    return box;
  }

  function panel(map, pairs, texts) {
    const Panel = L.Control.extend({
      onAdd: function () {
        const box = element("details", "map-panel");
        box.open = map.getSize().x > WIDE;
        box.append(element("summary", "", texts.layers));
        for (const [drawing, made] of pairs) box.append(section(map, drawing, made, texts));
        L.DomEvent.disableClickPropagation(box);
        L.DomEvent.disableScrollPropagation(box);
        return box;
      }
    });
    new Panel({ position: "topright" }).addTo(map);
  }

  /* The whole of a self-contained map: layers from the lowest to the highest, then controls. */
  function start(map, content) {
    const texts = content.texts;
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    // The panel of layers stands on the right of a wide map; what is drawn belongs beside it.
    const right = content.controls && map.getSize().x > WIDE ? PANEL : EDGE;
    if (content.bounds) {
      map.fitBounds(content.bounds, { paddingTopLeft: [EDGE, EDGE], paddingBottomRight: [right, EDGE] });
    }
    const pairs = content.drawings.map(function (drawing, place) {
      const made = layer(map, drawing, { zIndex: 410 + place });
      if (drawing.shown) made.addTo(map);
      return [drawing, made];
    });
    if (!content.controls) return pairs;
    L.control.zoom({ position: "bottomleft", zoomInTitle: texts.zoom_in, zoomOutTitle: texts.zoom_out }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
    panel(map, pairs.slice().reverse(), texts);
    return pairs;
  }

  return {
    hatch: hatch, layer: layer, legend: legend, popup: popup, saysSomething: saysSomething, start: start, swatch: swatch,
    together: together
  };
})();
