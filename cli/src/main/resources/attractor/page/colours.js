// Colours that are told apart with every kind of colour vision (Okabe and Ito), and a scale for signed numbers.

export const COLOURS = {
  black: "#000000", orange: "#E69F00", sky: "#56B4E9", green: "#009E73",
  blue: "#0072B2", vermillion: "#D55E00", purple: "#CC79A7", grey: "#999999", dark: "#666666",
};

const PARTS = {
  before: COLOURS.grey, stimulus: COLOURS.orange, gap: COLOURS.sky, response: COLOURS.green, after: COLOURS.black,
};
const OTHERS = [COLOURS.sky, COLOURS.green, COLOURS.orange, COLOURS.black, COLOURS.dark];

/** The colour of a part of the trial; a task's own parts take turns. */
export const partColour = (name, k = 0) => PARTS[name] ?? OTHERS[k % OTHERS.length];

/** The colours of outputs, inputs and units in time courses. */
export const SERIES = [
  COLOURS.blue, COLOURS.orange, COLOURS.green, COLOURS.purple, COLOURS.sky, COLOURS.vermillion, COLOURS.black, COLOURS.dark,
];

/** Red, green and blue of a value from -1 (blue) over 0 (white) to 1 (vermillion). */
export function diverging(value) {
  const v = Math.max(-1, Math.min(1, value));
  const [r, g, b] = v < 0 ? [0, 0x72, 0xb2] : [0xd5, 0x5e, 0];
  const share = Math.abs(v);
  return [r, g, b].map((c) => Math.round(255 + (c - 255) * share));
}

/** The colours of a raster of values, for an ImageData; {@code most} is the value of the darkest. */
export function raster(values, most, into) {
  const pixels = new Uint32Array(into.data.buffer);
  for (let k = 0; k < values.length; k++) pixels[k] = SCALE[Math.max(0, Math.min(510, Math.round(255 + (255 * values[k]) / most)))] ?? SCALE[255];
}

const SCALE = Uint32Array.from({ length: 511 }, (_, k) => {
  const [r, g, b] = diverging((k - 255) / 255);
  return new Uint32Array(new Uint8ClampedArray([r, g, b, 255]).buffer)[0];
});

/** Shapes beside colours, so that nothing is told by colour alone. */
export const MARKS = ["circle", "square", "diamond", "triangle"];

/** Draws a mark of about the same size whatever its shape. */
export function mark(pen, shape, x, y, r, options) {
  const polygon = (corners) => pen.path([...corners, corners[0]].map(([a, b]) => [x + a * r, y + b * r]), options);
  if (shape === "square") pen.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r, options);
  else if (shape === "diamond") polygon([[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]);
  else if (shape === "triangle") polygon([[0, -1.2], [1.15, 0.9], [-1.15, 0.9]]);
  else pen.circle(x, y, r, options);
}
