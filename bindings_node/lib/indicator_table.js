'use strict';
// The library's table of indicators, and arguments as a row of it takes them.
const { native } = require('./native');
const { checkChoice, checkInteger, checkNumber, checkString, outOfRange, wrongType } = require('./check');
const { FIELDS } = require('./columns');
const { nearest } = require('./nearest');

const MODES = ['seed', 'talib'];

function frozen(value) {
  Object.values(value).forEach((part) => typeof part === 'object' && part !== null && frozen(part));
  return Object.freeze(value);
}

/** Rows by upper-case name, in the table's order. */
const TABLE = new Map(native.indicator_table().map((row) => [row.name, frozen(row)]));

/** The row of a name, in any case. */
function findRow(name) {
  const row = TABLE.get(checkString('name', name).toUpperCase());
  if (row !== undefined) return row;
  const upper = name.toUpperCase();
  const twin = [...TABLE.values()].find(({ talib_name }) => talib_name === upper);
  const near = twin ? twin.name : nearest(upper, [...TABLE.keys()]);
  const hint = near ? `; did you mean ${near}?` : '';
  throw outOfRange('name', `an indicator of the table, see indicators.table()${hint}`, name);
}

function checkParam(row, param, value) {
  const name = `${row.name} ${param.name}`;
  const { minimum, maximum } = param;
  if (param.is_integer) return checkInteger(name, value, minimum, maximum);
  if (!(checkNumber(name, value) >= minimum && value <= maximum)) {
    throw outOfRange(name, `a number in ${minimum}..${maximum}`, value);
  }
  return value;
}

const signatureOf = (row) => row.params.map(({ name }) => name).join(', ') || 'no parameter';

/**
 * A value for each parameter, from positional and named arguments and defaults.
 * @param {object} row
 * @param {unknown[]} positional
 * @param {Record<string, unknown>} named  read once by the caller
 */
function bindParams(row, positional, named) {
  if (positional.length > row.params.length) {
    throw new TypeError(`Expected ${row.name} to take ${signatureOf(row)} but received ${positional.length} values`);
  }
  return Float64Array.from(row.params, (param, i) => {
    const given = named[param.name];
    if (i < positional.length) {
      if (given !== undefined) throw new TypeError(`Expected ${row.name} ${param.name} once but received it twice`);
      return checkParam(row, param, positional[i]);
    }
    if (given !== undefined) return checkParam(row, param, given);
    if (param.default !== null) return param.default;
    throw new TypeError(`Expected ${row.name} ${param.name}, in ${param.minimum}..${param.maximum}, but received none`);
  });
}

/** Split arguments into positional values and, where the last one is an object, named ones. */
function splitOptions(row, args, others) {
  const last = args.at(-1);
  if (typeof last !== 'object' || last === null || Array.isArray(last)) return [args, {}];
  const names = [...row.params.map(({ name }) => name), ...others];
  const named = {};
  for (const name of Object.keys(last)) {
    if (!names.includes(name)) {
      throw new TypeError(`Expected options of ${row.name} to have only ${names.join(', ')} but received '${name}'`);
    }
    named[name] = last[name];
  }
  return [args.slice(0, -1), named];
}

const modeNumber = (mode) => (mode === undefined ? 0 : MODES.indexOf(checkChoice('mode', mode, MODES)));

/** A field's number for each input of a row; none where the row's own are meant. */
function fieldNumbers(row, field) {
  if (field === undefined) return new Uint32Array(0);
  const free = row.inputs.filter((input) => !input.is_fixed);
  if (free.length === 0) {
    const names = row.inputs.map(({ name }) => name).join(', ');
    throw new RangeError(`Expected no field for ${row.name}, which always reads ${names}`);
  }
  if (typeof field !== 'string' && !Array.isArray(field)) throw wrongType('field', 'a name or an Array of names', field);
  const given = typeof field === 'string' ? free.map(() => field) : Array.from(field);
  if (given.length !== free.length) {
    const names = free.map(({ name }) => name).join(', ');
    throw new RangeError(`Expected field to have ${free.length} names, for ${names}, but received ${given.length}`);
  }
  const numbers = given.map((name) => FIELDS.indexOf(checkChoice('field', name, FIELDS)));
  return Uint32Array.from(row.inputs, (input) => (input.is_fixed ? 0 : numbers.shift()));
}

module.exports = { TABLE, findRow, bindParams, splitOptions, modeNumber, fieldNumbers };
