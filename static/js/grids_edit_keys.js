/* The keys of the editor: Escape leaves, Ctrl+Z and Ctrl+Y go back and forward, Enter ends a line, digits choose a tool,
   a slash goes to the field that finds a grid. */

const TOOLS = ["details", "drag", "split", "merge", "move", "transfer", "carve", "fill", "balance", "communities"];

/** Whether somebody writes in a field just now. */
export function isWriting(target) {
  return Boolean(target.closest("input:not([type=checkbox]), select, textarea, dialog"));
}

/** `acts`: escape, enter, backspace, undo, redo, find, tool(name). */
export function listenForKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const act = actOf(event, acts);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actOf(event, acts) {
  const key = event.key.toLowerCase();
  const isSteering = event.ctrlKey || event.metaKey;
  if (isWriting(event.target)) return null;
  if (isSteering && key === "z") return event.shiftKey ? acts.redo : acts.undo;
  if (isSteering && key === "y") return acts.redo;
  if (isSteering || event.altKey) return null;
  if (key === "escape") return acts.escape;
  if (key === "backspace") return acts.backspace;
  if (key === "/") return acts.find;
  if (key === "enter" && !event.target.closest("button, a, summary")) return acts.enter;
  const name = TOOLS[(Number(key) + 9) % 10]; // 0 is the tenth
  return /^[0-9]$/.test(key) && name ? () => acts.tool(name) : null;
}
