/* The editor of a draft: begins, and listens to buttons and keys. */

import { element, text } from "./page.js";
import { Desk } from "./grids_edit_desk.js";
import { startFind } from "./grids_edit_find.js";
import { listenForKeys } from "./grids_edit_keys.js";
import { startMap, startPanels } from "./grids_edit_shell.js";

const at = (id) => document.getElementById(id);

function listen(desk) {
  for (const button of document.querySelectorAll("[data-tool]")) button.addEventListener("click", () => desk.begin(button.dataset.tool));
  at("undo").addEventListener("click", () => desk.acts.step("undo"));
  at("redo").addEventListener("click", () => desk.acts.step("redo"));
  at("hint-finish").addEventListener("click", () => desk.drawing.finish());
  at("hint-act").addEventListener("click", () => desk.act());
  at("hint-leave").addEventListener("click", () => desk.begin("details"));
  at("mend").addEventListener("click", () => desk.perform({ op: "repair", tolerance_m: Number(at("mend-metres").value) }));
  at("numbers-close").addEventListener("click", () => desk.begin(desk.name === "communities" ? "details" : desk.name));
  at("discard").addEventListener("click", () => { if (confirm(text("discard_sure"))) desk.acts.discard(); });
  at("submit").addEventListener("click", () => desk.submitting.open());
  at("snapping").addEventListener("change", (event) => { desk.snapping.isOn = event.target.checked; });
  at("file").addEventListener("change", (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) desk.acts.takeFile(file);
  });
  startFind(desk);
  listenForKeys({
    find: () => at("find").focus(),
    escape: () => desk.escape(), enter: () => desk.enter(), backspace: () => desk.drawing.back(),
    undo: () => desk.acts.step("undo"), redo: () => desk.acts.step("redo"), tool: (name) => { if (!at("tool-" + name).disabled) desk.begin(name); }
  });
}

async function start() {
  const map = window.map_main;
  const shell = startMap(map);
  const desk = new Desk(map);
  desk.shell = shell;
  window.gridDesk = desk; // for tests in the browser
  desk.panels = startPanels(map);
  try {
    await desk.load({ fit: true });
  } catch (error) {
    at("panel-body").replaceChildren(element("div", "state state-error", element("b", "", error.message), element("p", "", error.remedy || "")));
    document.documentElement.dataset.ready = "true";
    return;
  }
  listen(desk);
  shell.linesFor(desk.snapping);
  shell.showGrids(desk.topology, desk.touched());
  desk.begin("details");
  if (desk.draft.change.may.edit) desk.draft.keepLease((change) => desk.beside(change));
  document.documentElement.dataset.ready = "true";
}

start();
