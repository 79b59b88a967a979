/* Inspection packs: ordered, watched while they are written, fetched; they can be cancelled and left. */

import { get, send } from "./api.js";
import { busy, data, element, number, text } from "./page.js";

const at = (id) => document.getElementById(id);
const ASK_EVERY_MS = 1000;
const OPEN = ["waiting", "running"];
let timer = null;

function begin() {
  at("day").max = at("since").max = data.today;
  at("day").value = data.today;
  at("since").value = data.since;
  at("order").addEventListener("submit", order);
  load().finally(() => { document.documentElement.dataset.ready = "true"; });
}

async function order(event) {
  event.preventDefault();
  at("problem").hidden = true;
  at("send").disabled = true;
  const done = busy();
  try {
    await send("/api/grid-packs", { county: data.county.code, as_of: at("day").value, since: at("since").value });
    await load();
  } catch (error) {
    at("problem").textContent = [error.message, error.remedy].filter(Boolean).join(" ");
    at("problem").hidden = false;
  } finally {
    done();
    at("send").disabled = false;
  }
}

async function load() {
  clearTimeout(timer);
  try {
    const { packs } = await get("/api/grid-packs", { county: data.county.code });
    at("list").replaceChildren(...packs.map(row));
    at("state").hidden = packs.length > 0;
    at("state").replaceChildren(element("p", "", text("pack_none")), element("p", "", text("pack_none_more")));
    if (packs.some((pack) => OPEN.includes(pack.status))) timer = setTimeout(load, ASK_EVERY_MS);
  } catch (error) {
    fail(error);
  }
}

function row(pack) {
  const says = element("div", "pack-says", element("b", "", text("pack_title", { day: pack.as_of })),
    element("small", "", `${text("pack_since", { day: pack.since })} · ${text("pack_made", { time: when(pack.created_at) })}`));
  const line = element("li", "", says);
  if (pack.status === "done") {
    says.append(element("small", "", text("pack_found", {
      grids: number(pack.grids), faults: number(pack.faults), open: number(pack.open_items), changes: number(pack.changes),
      size: number(Math.max(0.1, Math.round(pack.bytes / 104857.6) / 10)),
    })));
    const fetch = element("a", "button", text("pack_fetch"));
    fetch.href = pack.result;
    line.append(fetch);
  } else if (OPEN.includes(pack.status)) {
    says.append(progress(pack), element("small", "", stage(pack)));
    line.append(cancelButton(pack));
  } else {
    says.append(element("small", "is-failed", `${text("pack_failed")} ${pack.message}`));
  }
  return line;
}

function progress(pack) {
  const bar = element("i", "");
  const box = element("div", "progress", bar);
  box.classList.toggle("is-open", !pack.total);
  bar.style.width = pack.total ? Math.min(100, Math.round((100 * pack.done) / pack.total)) + "%" : "";
  return box;
}

function stage(pack) {
  if (pack.status === "waiting") return text("pack_waits");
  if (!pack.total) return text("pack_begins");
  if (pack.done >= pack.total - 4) return text("pack_setting");
  return text("pack_running", { done: number(pack.done), total: number(pack.total) });
}

function cancelButton(pack) {
  const stop = element("button", "button button-quiet", text("cancel"));
  stop.type = "button";
  stop.addEventListener("click", async () => {
    stop.disabled = true;
    try {
      await send(`/api/jobs/${pack.id}`, {}, "DELETE");
    } catch (error) {
      stop.disabled = false;
    }
    load();
  });
  return stop;
}

function when(instant) {
  const shown = { timeZone: data.zone, month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false };
  return new Date(instant).toLocaleString(document.documentElement.lang, shown);
}

function fail(error) {
  const again = element("button", "button button-quiet", text("try_again"));
  again.type = "button";
  again.addEventListener("click", load);
  at("list").replaceChildren();
  at("state").hidden = false;
  at("state").replaceChildren(element("p", "", error.message), again);
}

begin();
