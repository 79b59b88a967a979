/* Where a file comes in: dropped anywhere on the page or chosen, looked at by its name, and sent. */

import { query } from "./api.js";
import { data, listed, text } from "./page.js";
import { bytes, sendFile } from "./data_send.js";
import { explained } from "./data_problem.js";

const at = (id) => document.getElementById(id);
const NEEDLESS = [".sbn", ".sbx", ".xml", ".qix", ".qpj", ".qmd"]; // lie beside a shapefile and say nothing more

export class Choosing {
  /** `sent({upload, name, bytes})` is called when all files of an upload are there, `begins()` when others are chosen. */
  constructor(begins, sent) {
    this.begins = begins;
    this.sent = sent;
    this.abort = null;
    const input = at("files");
    input.addEventListener("change", () => {
      this.take([...input.files]);
      input.value = ""; // the same file, corrected, is a change again
    });
    at("sending-stop").addEventListener("click", () => this.abort && this.abort.abort());
    this.listenToDrops();
  }

  listenToDrops() {
    const carriesFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    let inside = 0; // dragenter and dragleave come for every element under the pointer
    const mark = (step) => {
      inside = step ? Math.max(0, inside + step) : 0;
      at("choose").classList.toggle("is-over", inside > 0);
    };
    document.addEventListener("dragenter", (event) => { if (carriesFiles(event)) mark(1); });
    document.addEventListener("dragleave", (event) => { if (carriesFiles(event)) mark(-1); });
    document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
    document.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      mark(0);
      this.take([...event.dataTransfer.files]);
    });
  }

  async take(given) {
    const hasShape = given.some((file) => ending(file.name) === ".shp");
    const files = hasShape ? given.filter((file) => !NEEDLESS.includes(ending(file.name))) : given;
    if (!files.length) return;
    if (this.abort) this.abort.abort();
    const refused = wrong(files);
    this.say(refused);
    if (refused) return;
    this.begins();
    const { signal } = (this.abort = new AbortController());
    this.show("sending");
    try {
      this.sent(await this.send(files, signal));
    } catch (error) {
      if (signal.aborted && this.abort.signal !== signal) return; // another file is on its way
      this.show("drop");
      if (!signal.aborted) this.say(error);
    }
  }

  async send(files, signal) {
    const total = files.reduce((sum, file) => sum + file.size, 0);
    let before = 0, upload = null, first = null;
    for (const file of files) {
      const progressed = (loaded) => {
        at("sending-what").textContent = text("data_sending", {
          name: file.name, done: bytes(before + Math.min(loaded, file.size)), total: bytes(total)
        });
        at("sending-bar").style.width = (total ? (100 * (before + loaded)) / total : 100) + "%";
      };
      progressed(0);
      const address = "/api/imports/files" + query({ name: file.name, upload });
      const answer = await sendFile(address, file, progressed, signal);
      upload = answer.upload;
      before += file.size;
      if (!first || !data.beside.includes(ending(answer.name))) first = answer;
    }
    return { upload, name: first.name, bytes: total };
  }

  /** The file that is looked at, in one line; null shows the way in again. */
  showFile(name, facts = "") {
    this.show(name === null ? "drop" : "file-line");
    at("file-name").textContent = name || "";
    at("file-facts").textContent = facts;
  }

  show(wanted) {
    for (const id of ["drop", "sending", "file-line"]) at(id).hidden = id !== wanted;
  }

  say(problem) {
    const box = at("choose-problem");
    box.hidden = !problem;
    box.replaceChildren(...(problem ? explained(problem) : []));
  }
}

/* What speaks against these files before any byte is sent; null when nothing does. */
function wrong(files) {
  const taken = [...data.endings, ...data.beside];
  const strange = files.find((file) => !taken.includes(ending(file.name)));
  if (strange) {
    return { message: text("data_wrong_ending", { name: strange.name }), remedy: text("data_right_endings", { endings: listed(data.endings) }) };
  }
  const large = files.find((file) => file.size > data.largest);
  if (large) return { message: text("data_too_large", { name: large.name }), remedy: text("data_split") };
  const stems = new Set(files.map((file) => file.name.slice(0, file.name.lastIndexOf(".")).toLowerCase()));
  const isShape = files.every((file) => ending(file.name) === ".shp" || data.beside.includes(ending(file.name)));
  if (files.length > 1 && !(isShape && stems.size === 1)) {
    return { message: text("data_too_many"), remedy: text("data_one_by_one") };
  }
  if (isShape && !files.some((file) => ending(file.name) === ".shp")) {
    return { message: text("data_no_shp"), remedy: text("data_all_of_shape") };
  }
  return null;
}

function ending(name) {
  return name.slice(name.lastIndexOf(".")).toLowerCase();
}
