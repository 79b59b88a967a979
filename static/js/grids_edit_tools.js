/* The tools of the editor. Each is begun with the desk and answers with what it does on a click, on Enter and at its end.
   A tool asks the desk to perform an operation; the desk asks the server, and begins the tool anew when it is done. */

import { text } from "./page.js";
import { communities } from "./grids_edit_communities.js";
import { Drag } from "./grids_edit_drag.js";

const LEAST_MERGED = 2;

/** A grid is chosen by a click, to be looked at and described. */
function details(desk) {
  desk.hint("hint_details");
  return { clicked: (point, code) => desk.choose(code) };
}

function split(desk) {
  const { topology, drawing } = desk;
  const operation = (line) => ({ op: "split", code: topology.gridAlong(line), line });
  desk.hint("hint_split");
  drawing.draw("Line", {
    changed: (line) => {
      const asked = operation(line);
      desk.grids.mark(asked.code === null ? {} : { [asked.code]: "chosen" });
      if (drawing.count()) desk.hint("hint_split_more", { finish: true });
      if (asked.code !== null) desk.preview(asked);
    },
    done: (line) => {
      const asked = operation(line);
      if (asked.code === null) desk.refused("does_not_cross");
      else desk.perform(asked);
    }
  });
  return {};
}

function merge(desk) {
  const picked = [];
  const show = () => {
    desk.grids.mark(Object.fromEntries(picked.map((code) => [code, "chosen"])));
    if (picked.length < LEAST_MERGED) desk.hint(picked.length ? "hint_merge_more" : "hint_merge");
    else desk.hint("hint_merge_ready", { act: "act_merge", values: { n: picked.length } });
    if (picked.length < LEAST_MERGED) desk.numbers.hide();
    else desk.preview({ op: "merge", codes: picked }, { tells: true });
  };
  show();
  return {
    clicked(point, code) {
      if (code === null) return;
      if (picked.includes(code)) picked.splice(picked.indexOf(code), 1);
      else picked.push(code);
      show();
    },
    enter() {
      if (picked.length >= LEAST_MERGED) desk.perform({ op: "merge", codes: picked });
    }
  };
}

/** Grids are picked in whose place balanced ones are proposed. */
function balance(desk) {
  const picked = [];
  const show = () => {
    desk.grids.mark(Object.fromEntries(picked.map((code) => [code, "chosen"])));
    desk.hint(picked.length < LEAST_MERGED ? "hint_balance" : "hint_balance_ready", { values: { n: picked.length } });
    if (picked.length < LEAST_MERGED) desk.balance.hide();
    else desk.balance.ask(picked.length, text("balance_title"), (count, tolerance) => desk.acts.propose(picked, count, tolerance));
    if (picked.length < LEAST_MERGED) desk.numbers.hide();
  };
  show();
  return {
    clicked(point, code) {
      if (code === null) return;
      if (picked.includes(code)) picked.splice(picked.indexOf(code), 1);
      else picked.push(code);
      show();
    }
  };
}

/** Two neighbours are picked, then their new line is drawn. */
function move(desk) {
  const picked = [];
  const operation = (line) => ({ op: "move", codes: picked, line });
  desk.hint("hint_move");
  return {
    clicked(point, code) {
      if (code === null || picked.length === 2 || picked.includes(code)) return;
      if (picked.length && !desk.topology.areNeighbours(picked[0], code)) {
        desk.refused("not_touching");
        return;
      }
      picked.push(code);
      desk.grids.mark(Object.fromEntries(picked.map((one) => [one, "chosen"])));
      if (picked.length < 2) {
        desk.hint("hint_move_second");
        return;
      }
      desk.hint("hint_move_line");
      setTimeout(() => desk.drawing.draw("Line", {
        changed: (line) => {
          if (desk.drawing.count()) desk.hint("hint_move_more", { finish: true });
          desk.preview(operation(line));
        },
        done: (line) => desk.perform(operation(line))
      }), 0); // the click that picked the second is no corner of the line
    }
  };
}

/** The grid that gains is clicked, then an area is drawn around what it gains. */
function transfer(desk) {
  let to = null;
  let byCorners = false;
  const operation = (area) => ({ op: "transfer", from: desk.topology.gridUnder(area, to), to, area });
  const begin = () => {
    const asked = {
      changed: (area) => {
        const one = operation(closed(area));
        if (one.from !== null) desk.preview(one);
      },
      done: (area) => {
        const one = operation(area);
        if (one.from === null) desk.refused("not_touching");
        else desk.perform(one);
      }
    };
    desk.hint(byCorners ? "hint_transfer_corners" : "hint_transfer_lasso", byCorners ? { finish: true } : { act: "act_corners" });
    if (byCorners) desk.drawing.draw("Polygon", asked);
    else desk.drawing.lasso(asked);
  };
  desk.hint("hint_transfer");
  return {
    clicked(point, code) {
      if (to !== null || code === null) return;
      to = code;
      desk.grids.mark({ [to]: "chosen" });
      setTimeout(begin, 0);
    },
    act() {
      byCorners = true;
      begin();
    }
  };
}

/** An area is drawn, named, and becomes a grid of its own. */
function carve(desk) {
  let area = null;
  desk.hint("hint_carve");
  desk.drawing.draw("Polygon", {
    changed: (ring) => {
      if (desk.drawing.count() > 1) desk.hint("hint_carve_more", { finish: true });
      if (ring.length > 3) desk.preview({ op: "carve", area: closed(ring) });
    },
    done: (ring) => {
      area = ring;
      desk.grids.drawChanges([{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [area] } }]);
      desk.hint("hint_carve_name");
      desk.form.ask({ name: "", kind: "dedicated" }, "act_carve", (said) => desk.perform({ op: "carve", area, ...said }));
      desk.tool.keep = () => {}; // what was drawn and named but not saved stays to be sent again
    }
  });
  return {};
}

/** A gap is clicked, then the grid that it becomes a part of. */
function fill(desk) {
  let gap = null;
  desk.hint("hint_fill");
  return {
    clicked(point, code) {
      if (gap === null && code !== null) desk.refused("no_gap");
      else if (gap === null) {
        gap = point;
        desk.grids.drawRefusal({ type: "Point", coordinates: gap });
        desk.hint("hint_fill_grid");
      } else if (code !== null) desk.perform({ op: "fill", gap, code });
    }
  };
}

function drag(desk) {
  desk.hint("hint_drag");
  const dragging = new Drag(desk);
  return { stop: () => dragging.stop(), cancel: () => dragging.cancel(), dragging };
}

export const TOOLS = { details, drag, split, merge, move, transfer, carve, fill, balance, communities };

function closed(ring) {
  const [first] = ring;
  const last = ring[ring.length - 1];
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first];
}
