// Figures are drawn once, by a pen: an SVG pen on the page and for .svg files, a canvas pen for .png files.
import { button, el, save } from "attractor/elements.js";

const SVG = "http://www.w3.org/2000/svg";
const FONT = "12px system-ui, sans-serif";

/** Draws into an SVG element. Options: fill, stroke, width, dash, opacity; title is shown on hover. */
export class SvgPen {
  /** @param owner the document that the elements belong to; in another one than the page's images aren't loaded */
  constructor(width, height, owner = document) {
    this.owner = owner;
    this.svg = this.node("svg", { xmlns: SVG, viewBox: `0 0 ${width} ${height}`, width, height, "font-family": "system-ui, sans-serif", "font-size": 12 });
    this.into = this.svg;
  }

  node(tag, attributes, title, extra) {
    const node = this.owner.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) node.setAttribute(name, typeof value === "number" ? Math.round(value * 100) / 100 : value);
    }
    if (title) node.append(Object.assign(this.owner.createElementNS(SVG, "title"), { textContent: title }));
    if (extra?.clicked) {
      node.addEventListener("click", extra.clicked);
      node.style.cursor = "pointer";
    }
    if (extra?.id) node.dataset.id = extra.id;
    this.into?.append(node);
    return node;
  }

  style({ fill = "none", stroke = null, width = 1, dash = null, opacity = null }) {
    return { fill, stroke, "stroke-width": stroke ? width : null, "stroke-dasharray": dash?.join(" "), opacity };
  }

  path(points, options) {
    this.node("path", { d: pathText(points), "stroke-linejoin": "round", ...this.style(options) }, options.title, options);
  }

  circle(x, y, r, options) {
    this.node("circle", { cx: x, cy: y, r, ...this.style(options) }, options.title, options);
  }

  rect(x, y, width, height, options) {
    this.node("rect", { x, y, width: Math.max(0, width), height: Math.max(0, height), ...this.style(options) }, options.title, options);
  }

  text(x, y, text, { anchor = "start", fill = "#333", size = 12, turned = false, bold = false } = {}) {
    const node = this.node("text", { x, y, "text-anchor": anchor, fill, "font-size": size, "font-weight": bold ? 600 : null,
      transform: turned ? `rotate(-90 ${x} ${y})` : null });
    node.textContent = text;
  }

  image(canvas, x, y, width, height) {
    this.node("image", { x, y, width, height, href: canvas.toDataURL(), preserveAspectRatio: "none", "image-rendering": "pixelated" });
  }
}

const pathText = (points) => points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");

/** Draws into a canvas. */
export class CanvasPen {
  constructor(width, height, scale = 2, canvas = document.createElement("canvas")) {
    this.canvas = canvas;
    canvas.width = width * scale;
    canvas.height = height * scale;
    this.g = canvas.getContext("2d");
    this.g.scale(scale, scale);
  }

  paint({ fill = "none", stroke = null, width = 1, dash = [], opacity = 1 }) {
    this.g.globalAlpha = opacity ?? 1;
    if (fill !== "none") {
      this.g.fillStyle = fill;
      this.g.fill();
    }
    if (stroke) {
      this.g.strokeStyle = stroke;
      this.g.lineWidth = width;
      this.g.lineJoin = "round";
      this.g.setLineDash(dash ?? []);
      this.g.stroke();
    }
    this.g.globalAlpha = 1;
  }

  path(points, options) {
    this.g.beginPath();
    points.forEach(([x, y], k) => (k ? this.g.lineTo(x, y) : this.g.moveTo(x, y)));
    this.paint(options);
  }

  circle(x, y, r, options) {
    this.g.beginPath();
    this.g.arc(x, y, r, 0, 2 * Math.PI);
    this.paint(options);
  }

  rect(x, y, width, height, options) {
    this.g.beginPath();
    this.g.rect(x, y, Math.max(0, width), Math.max(0, height));
    this.paint(options);
  }

  text(x, y, text, { anchor = "start", fill = "#333", size = 12, turned = false, bold = false } = {}) {
    this.g.save();
    this.g.font = `${bold ? "600 " : ""}${FONT.replace("12px", `${size}px`)}`;
    this.g.fillStyle = fill;
    this.g.textAlign = { start: "left", middle: "center", end: "right" }[anchor];
    this.g.translate(x, y);
    if (turned) this.g.rotate(-Math.PI / 2);
    this.g.fillText(text, 0, 0);
    this.g.restore();
  }

  image(canvas, x, y, width, height) {
    this.g.imageSmoothingEnabled = false;
    this.g.drawImage(canvas, x, y, width, height);
  }
}

/** Where axes stand, and their ticks; maps values to places. */
export class Frame {
  /** @param box {left, top, right, bottom} */
  constructor(box, [x0, x1], [y0, y1]) {
    Object.assign(this, { box, x0, x1: x1 > x0 ? x1 : x0 + 1, y0, y1: y1 > y0 ? y1 : y0 + 1 });
  }

  x(value) {
    return this.box.left + ((value - this.x0) / (this.x1 - this.x0)) * (this.box.right - this.box.left);
  }

  y(value) {
    return this.box.bottom - ((value - this.y0) / (this.y1 - this.y0)) * (this.box.bottom - this.box.top);
  }

  /**
   * @param least the smallest distance of ticks along x
   * @param names what stands below 0, 1, 2, ... in place of numbers
   */
  draw(pen, xLabel, yLabel, least = 0, names = null) {
    const { left, top, right, bottom } = this.box;
    if (names) this.names(pen, names);
    for (const v of names ? [] : ticks(this.x0, this.x1, (right - left) / 70, least)) {
      pen.path([[this.x(v), bottom], [this.x(v), bottom + 4]], { stroke: "#888" });
      pen.text(this.x(v), bottom + 17, label(v), { anchor: "middle", fill: "#555", size: 11 });
    }
    for (const v of ticks(this.y0, this.y1, (bottom - top) / 45)) {
      pen.path([[left - 4, this.y(v)], [left, this.y(v)]], { stroke: "#888" });
      pen.text(left - 7, this.y(v) + 4, label(v), { anchor: "end", fill: "#555", size: 11 });
    }
    pen.path([[left, top], [left, bottom], [right, bottom]], { stroke: "#888" });
    if (xLabel) pen.text((left + right) / 2, bottom + (names ? 58 : 34), xLabel, { anchor: "middle" });
    if (yLabel) pen.text(left - 42, (top + bottom) / 2, yLabel, { anchor: "middle", turned: true });
  }

  /** Names along x, upright where there is no room; of names in two lines the second once for neighbours. */
  names(pen, names) {
    const { bottom } = this.box;
    const room = (this.x(1) - this.x(0)) / 6.2;
    const lines = names.map((name) => name.split("\n"));
    const turned = lines.some(([first]) => first.length > room);
    const every = Math.max(1, Math.ceil(2 / room));
    let from = 0;
    lines.forEach(([first, second], k) => {
      if (turned && k % every === 0) pen.text(this.x(k) + 4, bottom + 6, cut(second && room * 6.2 < 26 ? `${first} ${second}` : first, 8), { anchor: "end", fill: "#555", size: 11, turned: true });
      if (!turned) pen.text(this.x(k), bottom + 16, first, { anchor: "middle", fill: "#555", size: 11 });
      if (second && (k + 1 === lines.length || lines[k + 1][1] !== second)) {
        if (!turned) pen.text(this.x((from + k) / 2), bottom + 32, cut(second, Math.floor(room * (k - from + 1))), { anchor: "middle", fill: "#555", size: 11 });
        from = k + 1;
      }
    });
  }
}

/** What a name has in n letters. */
const cut = (text, n) => (text.length > n ? `${text.slice(0, Math.max(1, n - 1))}…` : text);

/** Round values between two, about so many. */
export function ticks(from, to, about, least = 0) {
  // Not finer than numbers are: of 1e17 the next one is 16 away, and counting would never end.
  const rough = Math.max(least, (to - from) / Math.max(1, about), 1e-12 * Math.max(Math.abs(from), Math.abs(to)));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const values = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9 * step; k++) values.push(k * step);
  return values;
}

const label = (v) => (Math.abs(v) < 1e6 ? String(Number(v.toPrecision(6))) : Number(v.toPrecision(6)).toExponential().replace("e+", "e"));

/** Saves what {@code draw(pen)} draws. */
export function saveSvg(name, size, draw) {
  const pen = new SvgPen(...size, document.implementation.createHTMLDocument(""));
  draw(pen);
  save(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(pen.svg));
}

/** Buttons that save a figure. {@code draw(pen)} draws it in {@code size()} = [width, height]. */
export function saveButtons(name, size, draw) {
  return el("span", { class: "save" },
    button("SVG", () => {
      saveSvg(name(), size(), draw);
    }, { title: "Save the figure as SVG", "aria-label": `Save ${name()} as SVG` }),
    button("PNG", () => {
      const pen = new CanvasPen(...size());
      pen.rect(0, 0, ...size(), { fill: "#fff" });
      draw(pen);
      pen.canvas.toBlob((blob) => save(`${name()}.png`, "image/png", blob));
    }, { title: "Save the figure as PNG", "aria-label": `Save ${name()} as PNG` }));
}

/**
 * A figure on the page with its title and buttons, drawn again by {@code draw()} of the result whenever something changed
 * or the width did.
 */
export function figure(title, name, height, draw, ...buttons) {
  const holder = el("div", { class: "figure" });
  const size = () => [Math.max(240, Math.round(holder.clientWidth || 360)), height];
  const redraw = () => {
    const pen = new SvgPen(...size());
    draw(pen, ...size());
    pen.svg.setAttribute("role", "img");
    pen.svg.setAttribute("aria-label", name());
    holder.replaceChildren(pen.svg);
  };
  new ResizeObserver(redraw).observe(holder);
  const header = el("header", {}, title ? el("h3", {}, title) : null, el("span", { class: "save" }, buttons), saveButtons(name, size, (pen) => draw(pen, ...size())));
  return { element: el("div", { class: "course" }, header, holder), draw: redraw };
}
