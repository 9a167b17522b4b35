// Elements of the page. Text only ever enters as text, never as markup.

/** An element. Attributes beginning with "on" are listeners; children are elements or text. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (["checked", "disabled", "selected", "value", "open"].includes(name)) element[name] = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((c) => c !== null && c !== undefined));
  return element;
}

/** A section with a heading. */
export function panel(id, title, note, ...children) {
  return el("section", { class: "panel", id, "aria-labelledby": `${id}-title` },
    el("header", {}, el("h2", { id: `${id}-title` }, title), note ? el("p", { class: "note" }, note) : null),
    ...children);
}

/** A labelled choice. {@code options}: [value, text]. */
export function choice(label, options, value, changed, attributes = {}) {
  const select = el("select", { onchange: () => changed(select.value), ...attributes },
    options.map(([v, text]) => el("option", { value: v }, text)));
  select.value = value;
  return el("label", { class: "field" }, el("span", {}, label), select);
}

/** A labelled number; what isn't one, or is out of range, is not taken. */
export function number(label, value, { min, max, step = "any", width, ...attributes }, changed) {
  const input = el("input", { type: "number", value: String(value), min, max, step, style: width ? `width:${width}` : null, ...attributes,
    onchange: () => {
      if (input.value !== "" && input.checkValidity()) changed(Number(input.value));
      else input.reportValidity();
    } });
  return label === null ? input : el("label", { class: "field" }, el("span", {}, label), input);
}

/** A button. */
export const button = (text, clicked, attributes = {}) => el("button", { type: "button", onclick: clicked, ...attributes }, text);

/** A box to tick. */
export function tick(label, checked, changed) {
  const box = el("input", { type: "checkbox", checked, onchange: () => changed(box.checked) });
  return el("label", { class: "tick" }, box, el("span", {}, label));
}

/** A number for people: four digits that count. */
export function shown(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e5 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

/** A number of analysis.json: where it stands there, and its value in full, can be read from the element. */
export function figureOf(analysis, path) {
  const value = path.split(".").reduce((at, name) => at?.[name], analysis);
  return el("span", { class: "number", "data-path": path, "data-value": value === null ? "null" : String(value), title: String(value) },
    typeof value === "number" || value === null ? shown(value) : String(value));
}

/** Saves text or bytes under a name. */
export function save(name, type, content) {
  const link = el("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** A line of comma-separated values. */
const line = (cells) => cells.map((c) => (/[",\n\r]/.test(String(c)) ? `"${String(c).replaceAll('"', '""')}"` : c)).join(",") + "\n";

/** Saves a table. */
export function saveTable(name, header, rows) {
  save(name, "text/csv", [header, ...rows].map(line).join(""));
}

/** A name for files: letters that every system takes. */
export const fileName = (name) => name.replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 80) || "network";
