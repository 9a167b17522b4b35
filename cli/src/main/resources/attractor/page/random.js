// The library's random numbers (attractor.random.RandomStream): xoshiro256++ seeded from seed, purpose and index, and
// Gaussians by a ziggurat. The same numbers as in Java, so that the page draws the trials, noise and lesions that the
// commands draw. Words of 64 bits are pairs of 32: BigInt is too slow for a step.

const MASK = (1n << 64n) - 1n;
const GAMMA = 0x9e3779b97f4a7c15n;

const mix = (z) => {
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
};

/** FNV-1a over the name's UTF-16 code units, the low byte first. */
const key = (name) => {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < name.length; i++) {
    for (const byte of [name.charCodeAt(i) & 0xff, name.charCodeAt(i) >>> 8]) {
      hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK;
    }
  }
  return hash;
};
const keys = new Map();

const density = (x) => Math.exp(-0.5 * x * x);
const LAYERS = 256;
const TAIL = 3.6541528853610088; // 0x1.d3bb48209ad33p+1
const EDGE = new Float64Array(LAYERS + 1);
const INSIDE = new Float64Array(LAYERS);
const DENSITY = new Float64Array(LAYERS + 1);
{
  const area = 0x143016a5a43732 * 2 ** -60; // 0x1.43016a5a43732p-8
  EDGE[0] = area / density(TAIL);
  EDGE[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) {
    EDGE[i] = Math.sqrt(-2 * Math.log(area / EDGE[i - 1] + density(EDGE[i - 1])));
  }
  for (let i = 0; i < LAYERS; i++) INSIDE[i] = EDGE[i + 1] / EDGE[i];
  for (let i = 0; i <= LAYERS; i++) DENSITY[i] = density(EDGE[i]);
}

/** A stream of random numbers. */
export class RandomStream {
  /** @param seed an integer as number, text or BigInt; index likewise */
  constructor(seed, purpose, index) {
    this.reset(seed, purpose, index);
  }

  /** To the start of the stream for (seed, purpose, index). */
  reset(seed, purpose, index) {
    if (!keys.has(purpose)) keys.set(purpose, key(purpose));
    let k = mix((BigInt.asUintN(64, BigInt(seed)) + GAMMA) & MASK);
    k = mix(((k ^ keys.get(purpose)) + GAMMA) & MASK);
    k = mix(((k ^ BigInt.asUintN(64, BigInt(index))) + GAMMA) & MASK);
    this.high = new Int32Array(4);
    this.low = new Int32Array(4);
    for (let i = 0; i < 4; i++) {
      k = (k + GAMMA) & MASK;
      const word = mix(k);
      this.high[i] = Number(BigInt.asIntN(32, word >> 32n));
      this.low[i] = Number(BigInt.asIntN(32, word));
    }
  }

  /** Draws the next 64 bits into {@code hi} and {@code lo}. */
  next() {
    const { high: h, low: l } = this;
    // rotl(s0 + s3, 23) + s0
    let lo = (l[0] >>> 0) + (l[3] >>> 0);
    let hi = (h[0] + h[3] + (lo > 0xffffffff ? 1 : 0)) | 0;
    lo |= 0;
    const rotatedHigh = (hi << 23) | (lo >>> 9);
    const rotatedLow = (lo << 23) | (hi >>> 9);
    lo = (rotatedLow >>> 0) + (l[0] >>> 0);
    this.hi = (rotatedHigh + h[0] + (lo > 0xffffffff ? 1 : 0)) | 0;
    this.lo = lo | 0;
    const tHigh = (h[1] << 17) | (l[1] >>> 15);
    const tLow = l[1] << 17;
    h[2] ^= h[0];
    l[2] ^= l[0];
    h[3] ^= h[1];
    l[3] ^= l[1];
    h[1] ^= h[2];
    l[1] ^= l[2];
    h[0] ^= h[3];
    l[0] ^= l[3];
    h[2] ^= tHigh;
    l[2] ^= tLow;
    hi = h[3];
    lo = l[3];
    h[3] = (lo << 13) | (hi >>> 19); // by 45 = 32 + 13
    l[3] = (hi << 13) | (lo >>> 19);
  }

  /** The next 64 bits as a BigInt. */
  nextLong() {
    this.next();
    return (BigInt(this.hi >>> 0) << 32n) | BigInt(this.lo >>> 0);
  }

  /** Uniform on [0, 1). */
  nextDouble() {
    this.next();
    return ((this.hi >>> 0) * 2 ** 21 + (this.lo >>> 11)) * 2 ** -53;
  }

  /** Uniform on 0, ..., bound - 1, for bounds up to 2^20. */
  nextInt(bound) {
    for (;;) {
      this.next();
      const product = (this.hi >>> 0) * bound;
      const low = product % 2 ** 32;
      if (low >= bound || low >= 2 ** 32 % bound) return Math.floor(product / 2 ** 32);
    }
  }

  /** Normal with mean 0 and standard deviation 1. */
  nextGaussian() {
    for (;;) {
      this.next();
      const layer = this.lo & (LAYERS - 1);
      const u = (this.hi * 2 ** 22 + (this.lo >>> 10)) * 2 ** -53;
      const x = u * EDGE[layer];
      if (Math.abs(u) < INSIDE[layer]) return x;
      if (layer === 0) return this.tail(u < 0);
      const height = DENSITY[layer] + this.nextDouble() * (DENSITY[layer + 1] - DENSITY[layer]);
      if (height < density(x)) return x;
    }
  }

  tail(negative) {
    for (;;) {
      const x = -Math.log(1 - this.nextDouble()) / TAIL;
      const y = -Math.log(1 - this.nextDouble());
      if (2 * y > x * x) return negative ? -TAIL - x : TAIL + x;
    }
  }

  /** So many Gaussians. */
  gaussians(count) {
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = this.nextGaussian();
    return values;
  }

  /** Fisher and Yates, from the end. */
  shuffle(a) {
    for (let i = a.length - 1; i > 0; i--) {
      const j = this.nextInt(i + 1);
      [a[i], a[j]] = [a[j], a[i]];
    }
  }
}
