'use strict';
// Whole columns of bars on their way into the library.
const { checkObject, checkTime, checkTypedArray, lengthOf, wrongType } = require('./check');

const FIELDS = ['open', 'high', 'low', 'close', 'volume', 'buy_volume'];
const TIME_KINDS = ['BigInt64Array', 'Float64Array'];
const VALUE_KINDS = ['Float64Array'];

/** An Array of numbers as a Float64Array; anything else as it is. */
function valuesOf(name, value) {
  if (!Array.isArray(value)) return value;
  const column = new Float64Array(value.length);
  for (let i = 0; i < column.length; i++) {
    const number = value[i];
    if (typeof number !== 'number') throw wrongType(`${name}[${i}]`, 'a number', number);
    column[i] = number;
  }
  return column;
}

/** An Array of times as a BigInt64Array; anything else as it is. */
function timesOf(name, value) {
  if (!Array.isArray(value)) return value;
  const column = new BigInt64Array(value.length);
  for (let i = 0; i < column.length; i++) column[i] = BigInt(checkTime(`${name}[${i}]`, value[i]));
  return column;
}

function checkLength(name, column, like, length) {
  if (lengthOf(column) !== length) {
    throw new RangeError(
      `Expected ${name} to have ${length} values, as many as ${like}, but received ${lengthOf(column)}`,
    );
  }
}

/**
 * Named columns of numbers, each a Float64Array or an Array of numbers, all of one length.
 * Everything that could run code of the caller's comes first; what is checked last stays so.
 * @param {string[]} names
 * @param {unknown[]} given
 * @returns {Float64Array[]}
 */
function numberColumns(names, given) {
  const columns = given.map((value, i) => valuesOf(names[i], value));
  columns.forEach((column, i) => checkTypedArray(names[i], column, VALUE_KINDS));
  columns.forEach((column, i) => checkLength(names[i], column, names[0], lengthOf(columns[0])));
  return columns;
}

/**
 * Columns of bars for native code: [timestamp, open, high, low, close, volume, buy_volume or undefined].
 * @param {string} name  of the argument
 * @param {unknown} bars  an object of typed arrays or Arrays; a property is read once
 */
function barColumns(name, bars) {
  checkObject(name, bars, 'an object of columns {timestamp, open, high, low, close, volume, buy_volume?}');
  const given = FIELDS.map((field) => bars[field]);
  given[5] ??= bars.buyVolume;
  const times = timesOf('timestamp', bars.timestamp);
  const names = given[5] === undefined || given[5] === null ? FIELDS.slice(0, 5) : FIELDS;
  const columns = names.map((field, i) => valuesOf(field, given[i]));
  checkTypedArray('timestamp', times, TIME_KINDS);
  columns.forEach((column, i) => checkTypedArray(names[i], column, VALUE_KINDS));
  columns.forEach((column, i) => checkLength(names[i], column, 'timestamp', lengthOf(times)));
  return [times, ...columns, ...(names.length < FIELDS.length ? [undefined] : [])];
}

/**
 * What native code answers to columns of bars: how many it took; or its error, which then says how many.
 * @param {{count: number, error?: Error & {code?: string, taken?: number}}} answer
 * @param {string} done  such as 'pushed'
 */
function takenBars({ count, error }, done) {
  if (error === undefined) return count;
  if (error.code === 'HQ_EBAR' || error.code === 'HQ_EORDER') {
    error.message = `bars[${count}]: ${error.message}; the ${count} before it were ${done}, it and the rest were not`;
  }
  error.taken = count;
  throw error;
}

module.exports = { FIELDS, barColumns, numberColumns, takenBars };
