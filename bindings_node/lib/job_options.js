'use strict';
// Options of a call: an object of names and values, in snake_case or camelCase.
const { checkObject } = require('./check');
const { nearest } = require('./nearest');

/** The one rule between the two ways of writing a name. */
const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** "; did you mean 'fast'?", or nothing where no name is near. */
function hint(name, known) {
  const near = nearest(name, known);
  return near === undefined ? '' : `; did you mean '${near}'?`;
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
  for (const written of Object.keys(checkObject('options', given))) {
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

module.exports = { takeOptions, snakeCase, hint };
