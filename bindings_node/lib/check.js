'use strict';
// Arguments: a TypeError for a wrong type, a RangeError for a value out of range; each names the argument.
const { inspect, types } = require('node:util');

/** The value as a message shows it: short, on one line, and without running anything of the value's own. */
function shown(value) {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) {
    if (types.isProxy(value)) return 'a Proxy';
    if (types.isTypedArray(value)) return `a ${typedArrayName(value)}`;
    if (types.isMap(value)) return 'a Map';
    if (types.isSet(value)) return 'a Set';
    return Array.isArray(value) ? 'an Array' : 'an object';
  }
  const text = inspect(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function expectedMessage(name, expected, value) {
  return `Expected ${name} to be ${expected} but received ${shown(value)}`;
}
const wrongType = (name, expected, value) => new TypeError(expectedMessage(name, expected, value));
const outOfRange = (name, expected, value) => new RangeError(expectedMessage(name, expected, value));

function checkNumber(name, value) {
  if (typeof value !== 'number') throw wrongType(name, 'a number', value);
  return value;
}

function checkInteger(name, value, minimum, maximum) {
  if (typeof value !== 'number') throw wrongType(name, `an integer in ${minimum}..${maximum}`, value);
  if (!(Number.isInteger(value) && value >= minimum && value <= maximum)) {
    throw outOfRange(name, `an integer in ${minimum}..${maximum}`, value);
  }
  return value;
}

/** Text that is Unicode: lone surrogates have no UTF-8. */
function checkString(name, value) {
  if (typeof value !== 'string') throw wrongType(name, 'a string', value);
  if (/\p{Surrogate}/u.test(value)) throw outOfRange(name, 'well-formed Unicode', value);
  return value;
}

function checkObject(name, value, expected = 'an object') {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || types.isMap(value) || types.isSet(value)) {
    throw wrongType(name, expected, value);
  }
  return value;
}

function checkChoice(name, value, choices) {
  const expected = `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`;
  if (typeof value !== 'string') throw wrongType(name, expected, value);
  if (!choices.includes(value)) throw outOfRange(name, expected, value);
  return value;
}

/** Milliseconds, exactly: a Number that is a safe integer, or a BigInt of 64 bits. */
function checkTime(name, value) {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value;
    throw outOfRange(name, 'whole milliseconds within 2^53-1, or a BigInt', value);
  }
  if (typeof value !== 'bigint') throw wrongType(name, 'milliseconds as a number or a BigInt', value);
  if (BigInt.asIntN(64, value) !== value) throw outOfRange(name, 'a BigInt of 64 bits', value);
  return value;
}

// The getters of the language itself: an object's own properties cannot stand in for them.
const TypedArray = Object.getPrototypeOf(Uint8Array.prototype);
const getterOf = (name) => Object.getOwnPropertyDescriptor(TypedArray, name).get;
const bufferGetter = getterOf('buffer');
const lengthGetter = getterOf('length');
const nameGetter = getterOf(Symbol.toStringTag);
const typedArrayName = (array) => nameGetter.call(array);
const lengthOf = (array) => lengthGetter.call(array);

/**
 * A typed array of one of the named kinds, over memory of this thread alone, not detached.
 * @param {string} name  of the argument
 * @param {string[]} kinds  such as ['Float64Array']
 */
function checkTypedArray(name, value, kinds) {
  const expected = `a ${kinds.join(' or a ')}`;
  if (!types.isTypedArray(value) || !kinds.includes(typedArrayName(value))) throw wrongType(name, expected, value);
  const buffer = bufferGetter.call(value);
  if (types.isSharedArrayBuffer(buffer)) {
    throw new TypeError(`Expected ${name} to be ${expected} of its own memory but received one over a SharedArrayBuffer`);
  }
  if (isDetached(buffer)) throw new TypeError(`Expected ${name} to be ${expected} but its buffer has been detached`);
  return value;
}

/** Whether an ArrayBuffer was transferred away: no array can be made over it then. */
function isDetached(buffer) {
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

module.exports = {
  shown,
  wrongType,
  outOfRange,
  checkNumber,
  checkInteger,
  checkString,
  checkObject,
  checkChoice,
  checkTime,
  checkTypedArray,
  lengthOf,
  typedArrayName,
};
