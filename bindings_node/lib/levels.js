'use strict';
// Numbers, sizes, distances and periods as users write them, and as C takes them: '50%', 2.5, '15m'.
const { checkChoice, outOfRange, wrongType } = require('./check');
const { periodMs } = require('./period');

const SIZE_UNITS = { units: 1, notional: 2, equity: 3, margin: 4 };
const SIZE_ALL = 0;
const DISTANCE = { NONE: 0, PRICE: 1, FRACTION: 2 };

/** A finite number. */
function finite(name, value) {
  if (typeof value !== 'number') throw wrongType(name, 'a number', value);
  if (!Number.isFinite(value)) throw outOfRange(name, 'a finite number', value);
  return value;
}

function within(name, value, expected, holds) {
  if (!holds(finite(name, value))) throw outOfRange(name, expected, value);
  return value;
}

/** The C number of a word. */
const choice = (name, value, known) => known[checkChoice(name, value, Object.keys(known))];

function flag(name, value) {
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value);
  return value;
}

const aboveZero = (name, value, given) => {
  if (!(value > 0 && value <= 1e100)) throw outOfRange(name, 'more than 0 and at most 1e100', given);
  return value;
};

function perCent(name, text) {
  const found = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+) *%$/.exec(text.trim());
  if (!found) throw outOfRange(name, "a number or a percentage such as '3%'", text);
  return Number(found[1]) / 100;
}

/** A distance with its unit: a number in price units, '3%' of the fill price, null for none. */
function levelOf(name, value) {
  if (value === null) return [0, DISTANCE.NONE];
  if (typeof value === 'string') return [aboveZero(name, perCent(name, value), value), DISTANCE.FRACTION];
  if (typeof value !== 'number') throw wrongType(name, "a number, a percentage such as '3%', or null", value);
  return [aboveZero(name, finite(name, value), value), DISTANCE.PRICE];
}

/** A size with its unit: a number in `unit`, '50%' of equity, null for all that cash affords. */
function sizeOf(size, unit, prefix = '') {
  const known = choice(`${prefix}size_unit`, unit, SIZE_UNITS);
  const name = `${prefix}size`;
  if (size === null) {
    if (unit !== 'units') throw new RangeError(`${prefix}size_unit: '${unit}' needs a size, and size is null (all)`);
    return [0, SIZE_ALL];
  }
  if (typeof size === 'string') {
    if (unit !== 'units' && unit !== 'equity') {
      throw new RangeError(`${name}: '${size}' is of equity, and size_unit is '${unit}'; give a number`);
    }
    return [aboveZero(name, perCent(name, size), size), SIZE_UNITS.equity];
  }
  if (typeof size !== 'number') throw wrongType(name, "a number, a percentage such as '50%', or null", size);
  return [aboveZero(name, finite(name, size), size), known];
}

/** Milliseconds of a period: '15m', a Period, ms, or null for 0. */
function periodOrZero(name, value) {
  if (value === null) return 0;
  try {
    return periodMs(name, value);
  } catch (error) {
    if (error.code === 'HQ_EINVAL') error.message = `${name}: ${error.message}`;
    throw error;
  }
}

/** What is seen of a higher timeframe. */
const HTF = { closed: 0, forming: 1 };

module.exports = { finite, within, choice, flag, levelOf, sizeOf, periodOrZero, HTF };
