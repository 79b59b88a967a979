"""How well texts of a page can be told from their ground, as a browser paints them."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

LEAST = 4.5  # WCAG 2.2, 1.4.3

# Every text in view with too little contrast: its words, its place in the page, the contrast. A ground that lets others
# through is laid over them; a picture below a text (the map) counts as the colour that its container has. What cannot be
# used now (disabled) may be pale.
_POOR = """(least) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((one, at) => a * one + (1 - a) * below[at]);
  const light = (colour) => colour.map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (one, other) => (Math.max(light(one), light(other)) + 0.05) / (Math.min(light(one), light(other)) + 0.05);
  const above = (element) => {
    const found = [];
    for (let one = element; one; one = one.parentElement) found.unshift(one);
    return found;
  };
  // Ground and ink of an element: what its ancestors paint one over the other, each as see-through as its opacity says.
  const painted = (element) => {
    let ground = rgba("white").slice(0, 3);
    let opacity = 1;
    for (const one of above(element)) {
      const style = getComputedStyle(one);
      opacity *= Number(style.opacity);
      const [r, g, b, a] = rgba(style.backgroundColor);
      ground = over([r, g, b, a * opacity], ground);
    }
    const [r, g, b, a] = rgba(getComputedStyle(element).color);
    return contrast(over([r, g, b, a * opacity], ground), ground);
  };
  const isSeen = (element, box) => box.width > 1 && box.height > 1 && getComputedStyle(element).visibility === "visible"
    && !element.closest(":disabled, .sr-only, [aria-disabled=true], label:has(:disabled)");
  const poor = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: element, nodeValue } = texts.currentNode;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (!nodeValue.trim() || ["SCRIPT", "STYLE", "OPTION"].includes(element.tagName) || !isSeen(element, range.getBoundingClientRect())) continue;
    const found = painted(element);
    if (found < least) poor.push([nodeValue.trim().slice(0, 40), above(element).slice(-3).map((one) => one.tagName.toLowerCase() + (one.id ? "#" + one.id : "") + [...one.classList].map((name) => "." + name).join("")).join(" > "), Math.round(found * 100) / 100]);
  }
  for (const field of document.querySelectorAll("input:not([type=checkbox]):not([type=radio]):not([type=file]), textarea, select")) {
    if (!isSeen(field, field.getBoundingClientRect())) continue;
    const found = painted(field);
    if (found < least) poor.push([field.value.slice(0, 40), field.tagName.toLowerCase() + "#" + field.id, Math.round(found * 100) / 100]);
  }
  return poor;
}"""


def poor(page: Page) -> list[Any]:
    """The texts of a page that are hard to read: words, place, contrast."""
    return list(page.evaluate(_POOR, LEAST))
