/* Panels that fold away, sheets on the phone, the card that says how numbers come about; Esc closes what is open. */

const PHONE = window.matchMedia("(max-width: 760px)");
const page = document.getElementById("map-page");
const panels = [...document.querySelectorAll(".panel")];

export function isPhone() {
  return PHONE.matches;
}

/** Where the panels leave the map free, as Leaflet's padding. */
export function edges() {
  if (PHONE.matches) return { paddingTopLeft: [16, 56], paddingBottomRight: [16, 72] };
  const side = (panel) => (!panel || panel.classList.contains("folded") ? 24 : panel.firstElementChild.offsetWidth + 40);
  const below = document.getElementById("time-bar");
  return {
    paddingTopLeft: [side(document.getElementById("layers-panel")), 56],
    paddingBottomRight: [side(document.querySelector(".panel-right:not([hidden])")), (below && page.classList.contains("with-time") && !page.classList.contains("without-times") ? below.offsetHeight : 0) + 40]
  };
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
  else if (!panel.hidden) page.classList.toggle("right-open", !folded);
  for (const tab of document.querySelectorAll(`.sheet-bar [aria-controls="${panel.id}"]`)) {
    tab.setAttribute("aria-expanded", String(!folded));
  }
}

/** After something on the map was chosen: a sheet gives way to the map. */
export function giveWay() {
  if (PHONE.matches) for (const panel of panels) show(panel, true);
}

/** Begins with panels open, sheets closed; listens. */
export function startPanels(map) {
  const begin = () => {
    for (const panel of panels) show(panel, PHONE.matches);
    page.classList.toggle("right-open", !PHONE.matches);
  };
  begin();
  PHONE.addEventListener("change", () => {
    begin();
    map.invalidateSize();
  });
  // Delegated: panels fill themselves later.
  page.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold], [data-unfold]");
    if (!button) return;
    const id = button.dataset.fold || button.dataset.unfold;
    fold(id, Boolean(button.dataset.fold));
    const next = document.querySelector(button.dataset.fold ? `[data-unfold="${id}"]` : `[data-fold="${id}"]`);
    if (next) next.focus();
  });
  for (const tab of document.querySelectorAll(".sheet-bar button")) {
    tab.addEventListener("click", () => {
      const isOpen = tab.getAttribute("aria-expanded") === "true";
      if (!tab.dataset.panel) fold(tab.getAttribute("aria-controls"), isOpen);
      else if (isOpen) fold(tab.getAttribute("aria-controls"), true);
    });
  }
  const how = document.getElementById("how");
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-how]")) how.showModal();
  });
  how.addEventListener("click", (event) => {
    if (event.target === how || event.target.closest("[data-close]")) how.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || how.open) return;
    if (map.closePopup && document.querySelector(".leaflet-popup")) map.closePopup();
    else giveWay();
  });
}
