/* Panels that fold away, sheets on the phone, the card that says how numbers come about; Esc closes what is open. */

const PHONE = window.matchMedia("(max-width: 760px)");
const page = document.getElementById("map-page");
const panels = [...document.querySelectorAll(".panel")];

/** Where the panels leave the map free, as Leaflet's padding. */
export function edges() {
  if (PHONE.matches) return { paddingTopLeft: [16, 56], paddingBottomRight: [16, 72] };
  const side = (id) => {
    const panel = document.getElementById(id);
    return panel.classList.contains("folded") ? 24 : panel.firstElementChild.offsetWidth + 40;
  };
  return { paddingTopLeft: [side("layers-panel"), 32], paddingBottomRight: [side("gaps-panel"), 60] };
}

/** Folds or unfolds; on the phone one sheet is open at a time. */
export function fold(id, folded) {
  const panel = document.getElementById(id);
  if (!folded && PHONE.matches) for (const other of panels) if (other !== panel) show(other, true);
  show(panel, folded);
}

function show(panel, folded) {
  panel.classList.toggle("folded", folded);
  if (panel.id === "layers-panel") page.classList.toggle("left-open", !folded);
  const tab = document.querySelector(`.sheet-bar [aria-controls="${panel.id}"]`);
  if (tab) tab.setAttribute("aria-expanded", String(!folded));
}

/** After something on the map was chosen: a sheet gives way to the map. */
export function giveWay() {
  if (PHONE.matches) for (const panel of panels) show(panel, true);
}

export function startPanels(map) {
  for (const panel of panels) show(panel, PHONE.matches);
  PHONE.addEventListener("change", () => {
    for (const panel of panels) show(panel, PHONE.matches);
    map.invalidateSize();
  });
  for (const button of document.querySelectorAll("[data-fold], [data-unfold]")) {
    const id = button.dataset.fold || button.dataset.unfold;
    button.addEventListener("click", () => {
      fold(id, Boolean(button.dataset.fold));
      const next = document.querySelector(button.dataset.fold ? `[data-unfold="${id}"]` : `[data-fold="${id}"]`);
      next.focus();
    });
  }
  for (const tab of document.querySelectorAll(".sheet-bar button")) {
    tab.addEventListener("click", () => fold(tab.getAttribute("aria-controls"), tab.getAttribute("aria-expanded") === "true"));
  }
  const how = document.getElementById("how");
  for (const button of document.querySelectorAll("[data-how]")) button.addEventListener("click", () => how.showModal());
  how.addEventListener("click", (event) => {
    if (event.target === how || event.target.closest("[data-close]")) how.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || how.open) return;
    if (map.closePopup && document.querySelector(".leaflet-popup")) map.closePopup();
    else giveWay();
  });
}
