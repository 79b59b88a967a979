/* The page's own data and texts, and the few ways in which elements are made: text is always set as text. */

export const data = JSON.parse(document.getElementById("page-data").textContent);

/** A translated text with {names} filled in. */
export function text(key, values = {}) {
  return data.texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** An element with a class and children; strings become text. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined).map(asNode));
  return made;
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

/** A number as the page's language writes it. */
export function number(value, digits = 0) {
  return value.toLocaleString(document.documentElement.lang, {
    minimumFractionDigits: digits, maximumFractionDigits: digits
  });
}

/** Names as a sentence lists them. */
export function listed(names) {
  return new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(names);
}

/** Hours without a patrol: null is never. */
export function hours(value) {
  return value === null ? text("never") : number(value, Number.isInteger(value) ? 0 : 1);
}

let acting = null; // the message whose act is offered: one alone, since what is taken back is what was done last

/** A short message below, with an act if one is given: `toast(said, {action: {label, run}})`. Errors and acts stay longer. */
export function toast(message, { error = false, action = null } = {}) {
  const made = element("div", error ? "toast toast-error" : "toast", element("span", "", message));
  const box = document.getElementById("toasts");
  const gone = setTimeout(() => made.remove(), error || action ? 8000 : 4000);
  if (action) {
    endAct();
    acting = made;
    const button = element("button", "link", action.label);
    button.type = "button";
    button.addEventListener("click", () => {
      clearTimeout(gone);
      made.remove();
      action.run();
    });
    made.append(button);
  }
  box.append(made);
  return made;
}

/** Nobody is offered any more what the last message with an act offered. */
export function endAct() {
  if (acting) acting.remove();
  acting = null;
}

let working = 0;

/** Shows that something is under way until the function that it returns is called. */
export function busy() {
  const page = document.documentElement;
  working += 1;
  page.dataset.busy = "true";
  return () => {
    working -= 1;
    if (!working) delete page.dataset.busy;
  };
}
