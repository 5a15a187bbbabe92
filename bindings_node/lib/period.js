'use strict';
const { inspect } = require('node:util');
const { native } = require('./native');
const { checkString, checkTime, outOfRange, wrongType } = require('./check');
const { addAliases } = require('./classes');

const UNITS = [
  ['d', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
  ['s', 1000n],
  ['ms', 1n],
];

/** A candle's length: digits, then ms, s, m, h or d. */
class Period {
  #ms;

  constructor(text) {
    this.#ms = native.hq_period_parse(checkString('period', text));
  }

  static parse(text) {
    return new Period(text);
  }

  /** Milliseconds; a BigInt beyond 2^53-1. */
  get ms() {
    return this.#ms;
  }

  as_ms() {
    return this.#ms;
  }

  /** Open time of the candle that holds a time: the largest multiple of the period that is not after it. */
  bucket_start(timestamp) {
    const start = native.hq_period_bucket_start(this.#ms, checkTime('timestamp', timestamp));
    // A start below int64 is answered by -2^63, which is then no multiple of the period.
    if (BigInt(start) % BigInt(this.#ms) !== 0n) {
      throw outOfRange('timestamp', 'in a candle that begins within 64 bits', timestamp);
    }
    return start;
  }

  toString() {
    const ms = BigInt(this.#ms);
    const [unit, length] = UNITS.find(([, unitMs]) => ms % unitMs === 0n);
    return `${ms / length}${unit}`;
  }

  [inspect.custom]() {
    return `Period('${this}')`;
  }

  toJSON() {
    return Period.prototype.toString.call(this);
  }
}

/** A period that may be a Period, a text or milliseconds, in milliseconds. */
function periodMs(name, value) {
  if (value instanceof Period) return value.ms;
  if (typeof value === 'string') return native.hq_period_parse(checkString(name, value));
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw wrongType(name, "a period such as '15m', or milliseconds", value);
  }
  const ms = checkTime(name, value);
  if (ms <= 0) throw outOfRange(name, 'more than 0 ms', value);
  return ms;
}

/** A list of periods for the library: each a text or a Period. */
function periodList(periods) {
  if (!Array.isArray(periods)) throw wrongType('periods', "an Array such as ['15m', '4h']", periods);
  const list = Array.from(periods, (period, i) => {
    if (typeof period !== 'string' && !(period instanceof Period)) {
      throw wrongType(`periods[${i}]`, "a period such as '15m'", period);
    }
    return BigInt(periodMs(`periods[${i}]`, period));
  });
  return BigInt64Array.from(list);
}

/** A length in milliseconds as a Period. */
const periodOfMs = (ms) => new Period(`${ms}ms`);

addAliases(Period);
module.exports = { Period, periodMs, periodList, periodOfMs };
