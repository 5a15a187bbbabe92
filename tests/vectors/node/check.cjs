'use strict';
// Comparing an answer with what a file expects: doubles by their bits, every difference with its place.

const SHOWN_MAX = 20;

class Check {
  #shown = 0;
  compared = 0;
  failed = 0;

  /** @param place such as 'streams.json[3] a small ring: signals' */
  compare(expected, found, place) {
    if (Array.isArray(expected)) this.#list(expected, found, place);
    else if (expected !== null && typeof expected === 'object') this.#object(expected, found, place);
    else this.#value(expected, found, place);
  }

  #list(expected, found, place) {
    const isList = Array.isArray(found) || ArrayBuffer.isView(found);
    if (!isList || found.length !== expected.length) {
      return this.#differ(place, `expected ${expected.length} entries, found ${isList ? found.length : found}`);
    }
    expected.forEach((each, i) => this.compare(each, found[i], `${place}[${i}]`));
  }

  #object(expected, found, place) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      if (name in expected && name in found) this.compare(expected[name], found[name], `${place}.${name}`);
      else this.#differ(`${place}.${name}`, `expected in ${name in expected ? 'the file' : 'nothing'} alone, found so`);
    }
  }

  #value(expected, found, place) {
    this.compared += 1;
    // null is NaN; Object.is tells -0 from 0, and takes any NaN for any other.
    const wanted = expected === null ? NaN : expected;
    const value = typeof found === 'bigint' ? Number(found) : found === null ? NaN : found;
    if (!Object.is(wanted, value)) this.#differ(place, `expected ${shown(wanted)}, found ${shown(value)}`);
  }

  #differ(place, what) {
    this.failed += 1;
    if (++this.#shown <= SHOWN_MAX) console.log(`${place}: ${what}`);
  }
}

/** The 16 hex digits of a double's bits; of NaN, whose bits do not count, its name. */
function bits(value) {
  if (Number.isNaN(value)) return 'NaN';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

const shown = (value) => (typeof value === 'number' ? `${value} ${bits(value)}` : String(value));

/** The double that a value of a file stands for. */
const number = (value) => (value === null ? NaN : value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value);

module.exports = { Check, bits, number };
