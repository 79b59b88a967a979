/* Places along a line as it lies on the screen. */

/** Length in pixels at the map's zoom. */
export function along(map, places) {
  const spots = places.map((place) => map.latLngToLayerPoint(place));
  return spots.slice(1).reduce((sum, spot, at) => sum + spot.distanceTo(spots[at]), 0);
}

/** The place so many pixels along, and the direction of the line there, in degrees clockwise from the right. */
export function placeAt(map, places, wanted) {
  let left = wanted;
  const spots = places.map((place) => map.latLngToLayerPoint(place));
  for (let step = 1; step < spots.length; step += 1) {
    const [a, b] = [spots[step - 1], spots[step]];
    const length = b.distanceTo(a);
    if (left <= length && length > 0) {
      const place = map.layerPointToLatLng(a.add(b.subtract(a).multiplyBy(left / length)));
      return { place, angle: (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI };
    }
    left -= length;
  }
  return { place: places[places.length - 1], angle: 0 };
}
