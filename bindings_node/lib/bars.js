'use strict';
// Candles in native memory, which any number of jobs can read without a copy.
const { types } = require('node:util');
const { native } = require('./native');
const { checkObject, lengthOf, wrongType } = require('./check');
const { floats, times, sameLength } = require('./job_columns');
const { takeOptions } = require('./job_options');
const { flag } = require('./levels');

const VALUES = ['open', 'high', 'low', 'close', 'volume', 'buy_volume'];
const FIELDS = ['timestamp', ...VALUES];

/** An object of columns as the library reads them: those of the right type as they are, others copied. */
function nativeColumns(name, given) {
  checkObject(name, given, 'Bars or an object of columns {timestamp, open, high, low, close, volume, buy_volume?}');
  const timestamp = times(`${name}.timestamp`, given.timestamp);
  const columns = { timestamp };
  const length = lengthOf(timestamp);
  for (const field of VALUES) {
    const value = field === 'buy_volume' ? (given.buy_volume ?? given.buyVolume ?? null) : given[field];
    if (field === 'buy_volume' && value === null) continue;
    if (field === 'volume' && value === null) {
      columns.volume = new Float64Array(length);
      continue;
    }
    if (value === undefined) {
      const rest = field === 'volume' ? '; null loads bars without volume, which reads as 0' : '';
      throw new TypeError(`Expected ${name}.${field} to be a Float64Array but there is none${rest}`);
    }
    columns[field] = sameLength(`${name}.${field}`, floats(`${name}.${field}`, value), length, 'timestamp');
  }
  return columns;
}

let handleOf; // of Bars; undefined for anything else

class Bars {
  #handle;
  #columns = new Map();

  /**
   * @param columns  {timestamp, open, high, low, close, volume, buy_volume?}: typed arrays or Arrays of
   *     one length; they are copied
   * @param options  {check}: whether every bar must be a candle, as market data should have them
   */
  constructor(columns, options) {
    const { check } = takeOptions(options, { check: true });
    flag('options.check', check);
    const given = columns instanceof Bars ? columns.#handle : nativeColumns('columns', columns);
    if (check) native.hq_bars_check(given);
    this.#handle = native.bars_new(given);
  }

  static {
    handleOf = (value) => (types.isProxy(value) || !(#handle in value) ? undefined : value.#handle);
  }

  /** How many there are. */
  get length() {
    return native.bars_length(this.#handle);
  }

  /**
   * A column by name, as a copy of your own that is made once, and again after its buffer has been transferred;
   * null for one that is not there.
   */
  column(name) {
    if (!FIELDS.includes(name)) throw wrongType('name', `one of ${FIELDS.join(', ')}`, name);
    let column = this.#columns.get(name);
    if (column === undefined || (column !== null && column.length !== this.length)) {
      column = native.bars_column(this.#handle, name);
      this.#columns.set(name, column);
    }
    return column;
  }

  /** Throw for the first bar that is no candle; the message names it. */
  check() {
    native.hq_bars_check(this.#handle);
  }
}

for (const name of [...FIELDS, 'buyVolume']) {
  const field = name === 'buyVolume' ? 'buy_volume' : name;
  Object.defineProperty(Bars.prototype, name, {
    get() {
      return this.column(field);
    },
    enumerable: true,
    configurable: true,
  });
}

const isBars = (value) => typeof value === 'object' && value !== null && handleOf(value) !== undefined;

/**
 * What a native job reads its bars from.
 * @param {boolean} inPlace  whether columns may be read where they are: no JavaScript runs meanwhile
 */
function nativeBars(name, value, inPlace) {
  if (isBars(value)) return handleOf(value);
  const columns = nativeColumns(name, value);
  try {
    native.hq_bars_check(columns);
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
  return inPlace ? columns : native.bars_new(columns);
}

module.exports = { Bars, isBars, nativeBars };
