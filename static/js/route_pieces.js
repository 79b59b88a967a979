/* Where pieces lie: looked up in the layer of streets, which has them all. */

export class Pieces {
  constructor(layers) {
    this.row = layers.row("streets");
    this.known = null;
    document.addEventListener("drawn", (event) => {
      if (event.detail.layer_id === "streets") this.known = null;
    });
  }

  /** Has the streets fetched when nobody has yet. */
  async load() {
    if (this.row && !this.row.drawing) await this.row.load();
  }

  /** The lines of pieces, by their ids; without those that are not there. */
  linesOf(ids) {
    if (!this.known && this.row && this.row.drawing) {
      this.known = new Map(this.row.drawing.features.features.map((feature) => [feature.id, feature.geometry.coordinates]));
    }
    return this.known ? ids.map((id) => this.known.get(id)).filter(Boolean) : [];
  }
}
