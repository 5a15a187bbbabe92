'use strict';
// Columns of numbers as users have them, and as the library reads them.
const { types } = require('node:util');
const { checkTypedArray, lengthOf, typedArrayName, checkTime, wrongType, outOfRange } = require('./check');

/** A Float64Array of a Float64Array, a Float32Array or an Array of numbers; only the first is not copied. */
function floats(name, value) {
  if (types.isTypedArray(value)) {
    const column = checkTypedArray(name, value, ['Float64Array', 'Float32Array']);
    return typedArrayName(column) === 'Float64Array' ? column : Float64Array.from(column);
  }
  if (!Array.isArray(value)) throw wrongType(name, 'a Float64Array or an Array of numbers', value);
  const column = new Float64Array(value.length);
  for (let i = 0; i < column.length; i++) {
    if (typeof value[i] !== 'number') throw wrongType(`${name}[${i}]`, 'a number', value[i]);
    column[i] = value[i];
  }
  return column;
}

/** A BigInt64Array of times in ms: of one, of a Float64Array, or of an Array of Numbers, BigInts or Dates. */
function times(name, value) {
  if (types.isTypedArray(value)) {
    checkTypedArray(name, value, ['BigInt64Array', 'Float64Array']);
    if (typedArrayName(value) === 'BigInt64Array') return value;
  } else if (!Array.isArray(value)) {
    throw wrongType(name, 'a BigInt64Array, a Float64Array or an Array of times in ms', value);
  }
  const column = new BigInt64Array(lengthOfAny(value));
  for (let i = 0; i < column.length; i++) {
    const time = types.isDate(value[i]) ? value[i].getTime() : value[i];
    column[i] = BigInt(checkTime(`${name}[${i}]`, time));
  }
  return column;
}

const lengthOfAny = (value) => (types.isTypedArray(value) ? lengthOf(value) : value.length);

function sameLength(name, column, length, of) {
  if (lengthOf(column) !== length) throw outOfRange(`${name}.length`, `${length}, as ${of} has`, lengthOf(column));
  return column;
}

module.exports = { floats, times, sameLength };
