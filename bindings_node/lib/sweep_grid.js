'use strict';
// Combinations of PARAMs: every one of some lists of values, or a list of their own.
const { types } = require('node:util');
const { checkObject, wrongType, outOfRange } = require('./check');
const { LISTED_MAX } = require('./job_options');
const { unknownParam, allowed, takes } = require('./params');

const MOST = 2 ** 40; // at a microsecond each, two weeks
const MOST_ASKED = 2 ** 26; // that `where` is asked of, one by one
const TOLERANCE = 1e-9; // how far beyond the last step the maximum may seem to lie: 0.1..0.3 by 0.1 ends with 0.3

const shown = (params) => params.map(({ name, value }) => `${name} = ${value}`).join(', ') || 'none';

/** The PARAMs of the strategies, which are the same for all. */
function declaredParams(strategies, names) {
  const known = strategies.map((strategy, i) => [names[i], strategy]).filter(([, strategy]) => strategy !== null);
  if (known.length === 0) throw new TypeError('Expected a strategy whose PARAMs to sweep but received none');
  const [[first, strategy]] = known;
  const declared = strategy.params;
  const written = JSON.stringify(declared);
  for (const [name, other] of known) {
    if (JSON.stringify(other.params) !== written) {
      throw new RangeError(
        'Expected strategies with the same PARAMs (names, values and ranges, in one order) for every symbol but ' +
        `'${first}' has ${shown(declared)}, '${name}' has ${shown(other.params)}`);
    }
  }
  if (declared.length === 0) {
    throw new RangeError('strategy: it has no PARAM, so there is nothing to sweep; write one such as PARAM fast = 10 IN 5..50 STEP 5');
  }
  return declared;
}

function checkCount(where, count) {
  if (count > LISTED_MAX) throw outOfRange(`${where}.length`, `at most ${LISTED_MAX}`, count);
}

/** minimum + i * step up to and including the maximum, which none exceeds. */
function rangeValues(where, { minimum, maximum, step }) {
  if (minimum === null) throw new RangeError(`${where}: null is its range, and it has none; give values`);
  const count = Math.floor(Math.min((maximum - minimum) / step, 2 ** 62) + TOLERANCE) + 1;
  checkCount(where, count);
  return Float64Array.from({ length: count }, (_, i) => Math.min(minimum + i * step, maximum));
}

function number(where, value) {
  if (typeof value !== 'number') throw wrongType(where, 'a number', value);
  return value + 0; // -0 is 0
}

function valuesOfOne(param, given) {
  const where = `options.params.${param.name}`;
  if (given === null) return rangeValues(where, param);
  const isList = typeof given === 'object' && typeof given[Symbol.iterator] === 'function';
  if (!isList && typeof given !== 'number') throw wrongType(where, 'an Array of numbers, a number or null', given);
  const values = isList ? Float64Array.from(given, (value, i) => number(`${where}[${i}]`, value)) : Float64Array.of(number(where, given));
  if (values.length === 0) throw new RangeError(`Expected ${where} to have at least one value but received none`);
  checkCount(where, values.length);
  const bad = values.find((value) => !takes(param, value));
  if (bad !== undefined) throw outOfRange(where, allowed(param), bad);
  return values;
}

/** The values of each PARAM: those given, its range's, or its own one. */
function valuesOf(declared, params) {
  let given = params;
  if (given === null) {
    const ranged = declared.filter((param) => param.minimum !== null);
    if (ranged.length === 0) {
      throw new RangeError(
        `options.params: the strategy's PARAMs (${shown(declared)}) have no range (IN lo..hi); say which values to ` +
        `try, such as params: {${declared[0].name}: [...]}`);
    }
    given = Object.fromEntries(ranged.map(({ name }) => [name, null]));
  }
  checkNames('options.params', checkObject('options.params', given), declared);
  if (Object.keys(given).length === 0) throw new RangeError('Expected options.params to have the values of a PARAM at least');
  return declared.map((param) =>
    Object.hasOwn(given, param.name) ? valuesOfOne(param, given[param.name]) : Float64Array.of(param.value));
}

function checkNames(where, given, declared) {
  const known = declared.map(({ name }) => name);
  for (const name of Object.keys(given)) if (!known.includes(name)) throw unknownParam(where, name, known);
}

/** Rows of values, one behind the other, from a list of objects or of rows. */
function listedRows(declared, grid) {
  if (!Array.isArray(grid)) throw wrongType('options.grid', 'an Array of combinations', grid);
  if (grid.length === 0) throw new RangeError('Expected options.grid to have at least one combination but received none');
  const rows = new Float64Array(grid.length * declared.length);
  for (const [i, row] of grid.entries()) { // a hole, too, is a row
    const where = `options.grid[${i}]`;
    const isRow = Array.isArray(row) || types.isTypedArray(row);
    if (isRow && row.length !== declared.length) {
      throw outOfRange(`${where}.length`, `${declared.length} (${declared.map(({ name }) => name).join(', ')})`, row.length);
    }
    if (!isRow) checkNames(where, checkObject(where, row, 'an object of PARAMs or a row of values'), declared);
    declared.forEach((param, k) => {
      const isGiven = isRow || Object.hasOwn(row, param.name);
      const value = isGiven ? number(`${where}.${param.name}`, isRow ? row[k] : row[param.name]) : param.value;
      if (!takes(param, value)) throw outOfRange(`${where}.${param.name}`, allowed(param), value);
      rows[i * declared.length + k] = value;
    });
  }
  return rows;
}

/** Every combination, those of the last PARAM changing fastest, one behind the other. */
function product(values, count) {
  const rows = new Float64Array(count * values.length);
  let every = count; // rows between two changes of a PARAM
  values.forEach((list, k) => {
    every /= list.length;
    for (let i = 0; i < count; i++) rows[i * values.length + k] = list[Math.floor(i / every) % list.length];
  });
  return rows;
}

/** The rows that a condition keeps. */
function kept(declared, rows, where) {
  const width = declared.length;
  const total = rows.length / width;
  let count = 0;
  for (let i = 0; i < total; i++) {
    const values = rows.subarray(i * width, (i + 1) * width);
    const answer = where(Object.fromEntries(declared.map(({ name }, k) => [name, values[k]])));
    if (types.isPromise(answer)) {
      throw new TypeError('Expected options.where to be a function that answers at once but it returned a Promise, as async ones do');
    }
    if (!answer) continue;
    rows.copyWithin(count++ * width, i * width, (i + 1) * width);
  }
  if (count === 0) throw new RangeError(`options.where drops all ${total} combinations`);
  return rows.slice(0, count * width);
}

/**
 * The combinations that are asked for, as native jobs read them.
 * @returns {{n_params: number, rows?: Float64Array, values?: Float64Array[], count: number}}
 */
function combinations(declared, { params, grid, where }) {
  if (params !== null && grid !== null) {
    throw new RangeError('options.params and options.grid exclude each other; give one of them');
  }
  if (where !== null && typeof where !== 'function') {
    throw wrongType('options.where', 'a function of the PARAMs, such as ({ fast, slow }) => fast < slow', where);
  }
  const width = declared.length;
  let rows;
  if (grid !== null) {
    rows = listedRows(declared, grid);
  } else {
    const values = valuesOf(declared, params);
    const count = values.reduce((total, list) => total * list.length, 1);
    const most = where === null ? MOST : MOST_ASKED;
    if (count > most) throw outOfRange('options.params', `at most ${most} combinations${where ? ' with where' : ''}`, count);
    if (where === null) return { n_params: width, values, count };
    rows = product(values, count);
  }
  if (where !== null) rows = kept(declared, rows, where);
  return { n_params: width, rows, count: rows.length / width };
}

/** The values that were tried, rising, of each PARAM that took more than one. */
function tried(declared, { values, rows, n_params: width }) {
  const found = {};
  declared.forEach(({ name }, k) => {
    const list = values ? values[k] : rows.filter((_, i) => i % width === k);
    const distinct = [...new Set(list)].sort((a, b) => a - b);
    if (distinct.length > 1) found[name] = distinct;
  });
  return found;
}

module.exports = { declaredParams, combinations, tried };
