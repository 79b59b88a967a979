/* Everything of the editor by keys: R begins, Enter or Space sets a point at the crosshair, Backspace takes the last one
   away, Ctrl+Z and Ctrl+Y, Esc leaves. The arrows move the map, which Leaflet sees to. */

import { openPanel } from "./views.js";

export function startKeys(editor) {
  // The crosshair is for the keyboard.
  const container = editor.map.getContainer();
  container.addEventListener("pointermove", () => container.classList.add("by-pointer"));
  container.addEventListener("keydown", () => container.classList.remove("by-pointer"));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
    const isTyping = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
    if (!editor.active) {
      if (event.key.toLowerCase() === "r" && !isTyping && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        openPanel("route", {});
      }
      return;
    }
    if (event.key === "Escape") {
      event.preventDefault();
      if (document.querySelector(".leaflet-popup")) editor.map.closePopup();
      else editor.leave();
      return;
    }
    if (isTyping) return;
    const done = event.ctrlKey || event.metaKey ? withControl(editor, event) : plain(editor, event);
    if (done) event.preventDefault();
  }, true);
}

function withControl(editor, event) {
  const key = event.key.toLowerCase();
  if (key === "z") editor.step(event.shiftKey ? "redo" : "undo");
  else if (key === "y") editor.step("redo");
  else return false;
  return true;
}

function plain(editor, event) {
  const container = editor.map.getContainer();
  const isOnMap = event.target === container;
  const point = event.target.closest(".route-point");
  if ((event.key === "Enter" || event.key === " ") && isOnMap) editor.add(editor.map.getCenter());
  else if ((event.key === "Delete" || event.key === "Backspace") && point) editor.remove(Number(point.dataset.at));
  else if (event.key === "Backspace" && !event.target.closest("button")) editor.step("back");
  else return false;
  return true;
}
