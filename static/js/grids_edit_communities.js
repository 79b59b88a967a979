/* The tool with which grids go to another community: grids are picked by a click or by the whole community; what they go to
   is said on the right, where communities go to other towns and get other names too. */

export function communities(desk) {
  const { topology, areas, communities: forms } = desk;
  const picked = new Set();
  let last = null; // the community of the grid that was clicked last
  let isOpen = false; // what there is to choose from is known

  const grids = (community) => [...topology.grids.values()].filter(({ properties }) => properties.community === community).map(({ code }) => code);
  const rest = () => (last === null ? [] : grids(last).filter((code) => !picked.has(code)));
  const mark = () => desk.grids.mark(Object.fromEntries([...picked].map((code) => [code, "chosen"])));
  const show = () => {
    mark();
    desk.hint(picked.size ? "hint_communities_more" : "hint_communities",
      { act: rest().length ? "act_whole" : null, values: { n: picked.size, name: areas.name(last) } });
    if (isOpen) forms.pick([...picked], counted(topology, picked));
  };
  const load = async () => {
    try {
      areas.take(await desk.draft.areas());
    } catch (error) {
      desk.say([error.message, error.remedy].filter(Boolean).join(" "), "is-wrong");
      return;
    }
    if (desk.tool !== tool) return;
    desk.grids.tellCommunities((code) => areas.name(code));
    isOpen = true;
    forms.open();
    desk.shell.showAround(topology); // the panel now lies over some
    forms.pick([...picked], counted(topology, picked));
  };
  const tool = {
    clicked(point, code) {
      if (code === null) return;
      last = topology.grids.get(code).properties.community || null;
      if (!picked.delete(code)) picked.add(code);
      show();
    },
    act() {
      for (const code of rest()) picked.add(code);
      show();
    },
    keep: mark, // what was picked, and what the forms say
    enter: () => forms.send(),
    stop: () => desk.grids.tellCommunities(null)
  };
  show();
  load();
  return tool;
}

/* Of each community of which grids are picked: how many are, and how many it has. */
function counted(topology, picked) {
  const found = new Map();
  for (const { code, properties } of topology.grids.values()) {
    const community = properties.community || null;
    const counts = found.get(community) || { picked: 0, all: 0 };
    counts.all += 1;
    if (picked.has(code)) counts.picked += 1;
    found.set(community, counts);
  }
  return new Map([...found].filter(([, counts]) => counts.picked).sort(([, one], [, other]) => other.picked - one.picked));
}
