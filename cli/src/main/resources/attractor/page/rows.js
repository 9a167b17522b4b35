// What is looked at on the page of a study: the rows of its networks, and which of them are left by the filters.
import { decode } from "attractor/arrays.js";

export class Rows {
  constructor(data) {
    const { cells, networks } = data;
    this.data = data;
    this.cells = { ...cells, measures: cells.measures.map((m) => ({ ...m, ...Object.fromEntries(["count", "mean", "sd", "low", "high"].map((k) => [k, decode(m[k])])) })) };
    this.runs = networks.runs;
    this.seeds = networks.seeds;
    this.pages = new Set(networks.pages);
    this.folder = networks.folder;
    /** Of each row its network. */
    this.run = networks.rows.flatMap((count, k) => new Array(count).fill(k));
    this.texts = networks.texts.map((t) => ({ ...t, values: decode(t.values) }));
    this.measures = networks.measures.map((m) => {
      const values = decode(m.values);
      return { ...m, values: m.perRun ? Float64Array.from(this.run, (k) => values[k]) : values };
    });
    /** The text that a column must have, by its name; and the range of a measure. */
    this.wanted = new Map();
    this.range = { measure: null, from: -Infinity, to: Infinity };
    this.listeners = [];
  }

  /** Calls a listener after each change of what is left. */
  on(listener) {
    this.listeners.push(listener);
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  /** Only rows with this text in a column; null for any. */
  want(column, text) {
    if (text === null) this.wanted.delete(column);
    else this.wanted.set(column, text);
    this.tell();
  }

  /** The texts that a column has, among the networks and among the cells. */
  textsOf(name) {
    const texts = new Set(this.texts.find((t) => t.name === name)?.texts ?? []);
    const k = this.cells.keys.indexOf(name);
    if (k >= 0) for (const key of this.cells.values) texts.add(key[k]);
    return inOrder([...texts]);
  }

  /** Indices of the rows that are left. */
  left() {
    const wanted = this.texts.filter((t) => this.wanted.has(t.name)).map((t) => [t.values, t.texts.indexOf(this.wanted.get(t.name))]);
    const measured = this.measures.find((m) => m.name === this.range.measure)?.values;
    const rows = [];
    for (let r = 0; r < this.run.length; r++) {
      if (wanted.every(([values, code]) => values[r] === code) && (!measured || (measured[r] >= this.range.from && measured[r] <= this.range.to))) rows.push(r);
    }
    return rows;
  }

  /** Indices of the cells that are left. */
  cellsLeft() {
    const wanted = this.cells.keys.flatMap((key, k) => (this.wanted.has(key) ? [[k, this.wanted.get(key)]] : []));
    return this.cells.values.flatMap((key, c) => (wanted.every(([k, text]) => key[k] === text) ? [c] : []));
  }
}

/** Numbers by size, other texts as they are. */
export function inOrder(texts) {
  return texts.every((t) => t === "" || Number.isFinite(Number(t))) ? texts.sort((a, b) => Number(a) - Number(b)) : texts;
}
