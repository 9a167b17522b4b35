// Arrays of the page's data, and a few sums over them.

/** The numbers of {f64: base64} or {f32: base64}, little-endian, as doubles; or of {u8: base64}. */
export function decode(packed) {
  const [kind, text] = Object.entries(packed)[0];
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  if (kind === "u8") return bytes;
  const view = new DataView(bytes.buffer);
  const size = kind === "f64" ? 8 : 4;
  const values = new Float64Array(raw.length / size);
  for (let i = 0; i < values.length; i++) {
    values[i] = size === 8 ? view.getFloat64(i * 8, true) : view.getFloat32(i * 4, true);
  }
  return values;
}

/** sum of a[aFrom + i] b[bFrom + i] over n. */
export function dot(a, aFrom, b, bFrom, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[aFrom + i] * b[bFrom + i];
  return sum;
}

/** Least and greatest of the finite values; [0, 0] if there are none. */
export function range(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    if (Number.isFinite(v)) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
  }
  return low <= high ? [low, high] : [0, 0];
}

/** 0, 1, ..., n - 1. */
export const indices = (n) => Array.from({ length: n }, (_, i) => i);
