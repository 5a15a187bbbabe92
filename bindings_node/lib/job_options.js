'use strict';
// Options of a call: an object of names and values, in snake_case or camelCase.
const { types } = require('node:util');
const { checkObject, outOfRange } = require('./check');
const { nearest } = require('./nearest');

/** The one rule between the two ways of writing a name. */
const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** "; did you mean 'fast'?", or nothing where no name is near. */
function hint(name, known) {
  const near = nearest(name, known);
  return near === undefined ? '' : `; did you mean '${near}'?`;
}

/** The names of an object's properties: its own, and what it inherits but for the language's own. */
function propertiesOf(object) {
  const names = new Set(Object.keys(object));
  for (let at = Object.getPrototypeOf(object); at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, 'isPrototypeOf')) break; // Object.prototype, of whatever realm
    for (const [name, { enumerable, get, value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (get || (enumerable && typeof value !== 'function')) names.add(name); // its methods are none
    }
  }
  return [...names];
}

/** Items of a list, and values of one PARAM. */
const LISTED_MAX = 10_000_000;

/** What can be iterated over, as an Array; what has too many, or never ends, is not read to its end. */
function listed(where, given) {
  const items = [];
  for (const item of given) {
    if (items.length === LISTED_MAX) throw outOfRange(`${where}.length`, `at most ${LISTED_MAX}`, items.length + 1);
    items.push(item);
  }
  return items;
}

/**
 * What an option holds, copied, so that its owner may go on with it while a job runs.
 * @param {string} where  the option
 * @param {number} depth  of objects in objects
 */
function copied(where, value, depth = 2) {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (types.isTypedArray(value)) return Uint8Array.prototype.slice.call(value);
  if (Array.isArray(value)) return listed(where, value).map((each) => copied(where, each, depth - 1));
  if (typeof value[Symbol.iterator] === 'function') return depth === 2 ? value : listed(where, value);
  const inside = (name) => (depth === 1 ? value[name] : copied(`${where}.${name}`, value[name], depth - 1));
  return Object.fromEntries(propertiesOf(value).map((name) => [name, inside(name)]));
}

/** Copy some options of those that have been taken. */
function copyOptions(given, names) {
  for (const name of names) given[name] = copied(`options.${name}`, given[name]);
  return given;
}

/**
 * Every option by its snake_case name; the default of those that are left out or undefined.
 * @param {object|undefined} given
 * @param {object} defaults  every option there is
 * @param {object} [instead]  names that are no options here: what to say of them
 */
function takeOptions(given, defaults, instead = {}) {
  const taken = { ...defaults };
  if (given === undefined) return taken;
  const seen = new Map();
  for (const written of propertiesOf(checkObject('options', given))) {
    const name = snakeCase(written);
    if (Object.hasOwn(instead, name)) throw new TypeError(`options.${written}: ${instead[name]}`);
    if (!Object.hasOwn(defaults, name)) {
      throw new TypeError(`options.${written}: there is no such option${hint(name, Object.keys(defaults))}`);
    }
    if (seen.has(name)) throw new TypeError(`options.${written} is options.${seen.get(name)}; give one of them`);
    seen.set(name, written);
    if (given[written] !== undefined) taken[name] = given[written];
  }
  return taken;
}

module.exports = { takeOptions, copyOptions, snakeCase, hint, LISTED_MAX };
