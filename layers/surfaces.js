/* Shows the raster of a drawing on a Leaflet map: classes in the colours of the drawing's styles, places that rest on few
   cases hatched. A plain script, for the page and for a saved file. Works from Chromium 90 on. */
window.mapSurfaces = (function () {
  "use strict";
  const FEW = 128; // added to the class of a pixel that rests on few cases
  const TILE = 9; // pixels of the screen from one line of the hatching to the next
  const MARGIN = 0.2; // of the view's size drawn around it, so that a dragged map is not bare at its edge

  /* A colour as [red, green, blue]; it may be a variable of the page's style sheet. */
  function rgb(colour) {
    const named = /^var\((--[\w-]+)(?:, *([^)]+))?\)$/.exec(colour);
    const found = named && getComputedStyle(document.documentElement).getPropertyValue(named[1]).trim();
    const context = canvas(1, 1).getContext("2d");
    context.fillStyle = found || (named ? named[2] : colour);
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data.slice(0, 3);
  }

  function canvas(width, height) {
    const made = document.createElement("canvas");
    made.width = Math.max(1, Math.round(width));
    made.height = Math.max(1, Math.round(height));
    return made;
  }

  /* The classes of a PNG in base64, one byte a pixel. Not by an address, which a strict policy may forbid. */
  async function decoded(png) {
    const bytes = Uint8Array.from(atob(png), function (letter) { return letter.charCodeAt(0); });
    const exact = { premultiplyAlpha: "none", colorSpaceConversion: "none" };
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }), exact);
    const context = canvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    const classes = new Uint8Array(pixels.length / 4);
    for (let place = 0; place < classes.length; place += 1) classes[place] = pixels[4 * place];
    return { width: bitmap.width, height: bitmap.height, classes: classes };
  }

  /* A picture in which each class has the colour [red, green, blue, alpha] that `paintOf` gives it. */
  function picture(image, paintOf) {
    const made = canvas(image.width, image.height);
    const context = made.getContext("2d");
    const pixels = context.createImageData(image.width, image.height);
    const table = new Uint32Array(pixels.data.buffer);
    const colours = new Uint32Array(256);
    for (let value = 1; value < 256; value += 1) {
      const paint = paintOf(value % FEW, value >= FEW);
      if (paint) colours[value] = new Uint32Array(Uint8ClampedArray.from(paint).buffer)[0];
    }
    for (let place = 0; place < table.length; place += 1) table[place] = colours[image.classes[place]];
    context.putImageData(pixels, 0, 0);
    return made;
  }

  /* One tile of slanted lines, for a pattern that keeps its width at every zoom. */
  function lines(style, ratio) {
    const size = TILE * ratio;
    const made = canvas(size, size);
    const context = made.getContext("2d");
    context.scale(made.width / TILE, made.height / TILE);
    context.strokeStyle = "rgb(" + rgb(style.hatch).join(",") + ")";
    context.globalAlpha = style.opacity;
    context.lineWidth = 1.1;
    context.beginPath();
    for (const shift of [-TILE, 0, TILE]) {
      context.moveTo(shift - 1, TILE + 1);
      context.lineTo(shift + TILE + 1, -1);
    }
    context.stroke();
    return made;
  }

  function clear(pane) {
    for (const left of pane.querySelectorAll("canvas.is-leaving")) left.remove();
  }

  const methods = {
    initialize: function (drawing, options) {
      L.Renderer.prototype.initialize.call(this, Object.assign({ padding: MARGIN }, options));
      this._drawing = drawing;
    },

    _initContainer: function () {
      this._container = canvas(1, 1);
      this._container.className = "map-surface";
      this._themed = () => { this._paint(); };
      document.addEventListener("themechange", this._themed);
      this._decode();
    },

    /* The canvas stays until the one that takes its place is painted: a period that moves does not flicker. */
    _destroyContainer: function () {
      document.removeEventListener("themechange", this._themed);
      const pane = this._container.parentNode;
      this._container.classList.add("is-leaving");
      delete this._container;
      setTimeout(function () {
        if (!pane.querySelector("canvas:not(.is-leaving):not([data-painted])")) clear(pane);
      }, 0);
    },

    getEvents: function () {
      return Object.assign(L.Renderer.prototype.getEvents.call(this), { click: this._tell });
    },

    _decode: async function () {
      if (!this._image) this._image = await decoded(this._drawing.raster.png);
      if (this._container) this._paint();
    },

    /* The colours, anew when the theme changes; then the view. */
    _paint: function () {
      if (!this._image) return;
      const raster = this._drawing.raster;
      const colours = raster.styles.map((name) => {
        const style = this._drawing.styles[name];
        return [...rgb(style.fill), Math.round(255 * style.fill_opacity)];
      });
      this._coloured = picture(this._image, function (place) { return colours[place - 1]; });
      const rests = this._image.classes.some(function (value) { return value > FEW; });
      this._few = rests && this._drawing.styles.few
        ? picture(this._image, function (place, few) { return few ? [0, 0, 0, 255] : null; })
        : null;
      this._draw();
    },

    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      this._ratio = Math.min(window.devicePixelRatio || 1, 2);
      const box = this._container;
      box.width = Math.round(size.x * this._ratio);
      box.height = Math.round(size.y * this._ratio);
      box.style.width = size.x + "px";
      box.style.height = size.y + "px";
      L.DomUtil.setPosition(box, this._bounds.min);
      this._draw();
    },

    _draw: function () {
      if (!this._coloured || !this._container) return;
      const box = this._container;
      const context = box.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, box.width, box.height);
      this._place(context, this._coloured);
      if (this._few) context.drawImage(this._hatched(), 0, 0);
      box.dataset.painted = String(Number(box.dataset.painted || 0) + 1);
      clear(box.parentNode);
    },

    /* Draws a picture of the whole raster where it belongs in the view; what is outside is clipped. */
    _place: function (context, image) {
      const [west, south, east, north] = this._drawing.raster.bounds;
      const corner = (lat, lng) => this._map.project([lat, lng], this._zoom)
        .subtract(this._map.getPixelOrigin()).subtract(this._bounds.min).multiplyBy(this._ratio);
      const from = corner(north, west);
      const to = corner(south, east);
      context.imageSmoothingEnabled = true;
      context.imageSmoothingQuality = "high";
      context.drawImage(image, from.x, from.y, to.x - from.x, to.y - from.y);
    },

    _hatched: function () {
      const made = canvas(this._container.width, this._container.height);
      const context = made.getContext("2d");
      this._place(context, this._few);
      context.globalCompositeOperation = "source-in";
      // Fixed to the ground, so that the lines do not swim when the map is dragged.
      const origin = this._map.getPixelOrigin().add(this._bounds.min).multiplyBy(-this._ratio);
      const tile = lines(this._drawing.styles.few, this._ratio);
      const shift = [((origin.x % tile.width) - tile.width) % tile.width, ((origin.y % tile.height) - tile.height) % tile.height];
      context.translate(shift[0], shift[1]);
      context.fillStyle = context.createPattern(tile, "repeat");
      context.fillRect(0, 0, made.width + tile.width, made.height + tile.height);
      return made;
    },

    /* The number of the class at a place, 128 more where it rests on few cases; 0 for nothing. */
    valueAt: function (place) {
      if (!this._image) return 0;
      const [west, south, east, north] = this._drawing.raster.bounds;
      const crs = this._map.options.crs;
      const at = crs.project(L.latLng(place));
      const from = crs.project(L.latLng(north, west));
      const to = crs.project(L.latLng(south, east));
      const column = Math.floor((at.x - from.x) / (to.x - from.x) * this._image.width);
      const row = Math.floor((at.y - from.y) / (to.y - from.y) * this._image.height);
      if (column < 0 || row < 0 || column >= this._image.width || row >= this._image.height) return 0;
      return this._image.classes[row * this._image.width + column];
    },

    /* A click that nothing above took, and no tool is at work: what the colour there means. */
    _tell: function (event) {
      const value = this.valueAt(event.latlng);
      if (!value || this._map.getContainer().dataset.tool) return;
      const said = { level: this._drawing.legend.entries[value % FEW - 1].label };
      if (value >= FEW) said.few = true;
      L.popup({ maxWidth: 340 })
        .setLatLng(event.latlng)
        .setContent(window.mapDrawings.popup(this._drawing, said))
        .openOn(this._map);
    }
  };

  let Surface = null;

  /* A Leaflet layer for the raster of a drawing, in the pane that the options name. */
  function surface(drawing, options) {
    // Leaflet is there when something is drawn, not always when this script runs.
    Surface = Surface || L.Renderer.extend(methods);
    return new Surface(drawing, options);
  }

  return { surface: surface };
})();
