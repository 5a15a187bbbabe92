'use strict';
// The symbols of a run: bars, strategies, signals, rules of the venue; one symbol, or several by name.
const { types } = require('node:util');
const { checkObject, lengthOf, wrongType, outOfRange } = require('./check');
const { floats, sameLength } = require('./job_columns');
const { nativeBars, isBars } = require('./bars');
const { finite } = require('./levels');
const { paramValues, unknownParam } = require('./params');
const { handleOf } = require('./strategy');
const { native } = require('./native');

/** Rules of a venue, a number for all symbols or by name. */
const RULES = ['tick_size', 'lot_size', 'min_quantity', 'min_notional'];

const isMapping = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !types.isTypedArray(value);

const isList = (value) => Array.isArray(value) || types.isTypedArray(value);

/** Whether these are the bars of one symbol, and no object of symbols: a column may lack or be misspelt. */
const isColumns = (value) =>
  isBars(value) || ('close' in value && !isMapping(value.close)) || Object.values(value).some(isList);

/** The symbols' names where `bars` is an object of them; null for one symbol. */
function namesOf(bars) {
  checkObject('bars', bars, 'Bars, an object of columns, or an object of these by symbol');
  if (isColumns(bars)) return null;
  const names = Object.keys(bars);
  if (names.length === 0) throw new RangeError('Expected bars to have at least one symbol but received an empty object');
  if (names.includes('')) throw new RangeError("Expected bars to have names of symbols but received ''");
  return names;
}

const labels = (names) => (names === null ? [''] : names.map((name) => `.${name}`));

/** An option's value for each symbol: of an object by name, or the same for all. */
function bySymbol(option, value, names, isOne = (each) => !isMapping(each)) {
  if (isOne(value)) return (names ?? ['']).map(() => value);
  if (names === null) throw wrongType(option, 'what goes for the only symbol, which has no name,', value);
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) throw outOfRange(option, `an object of symbols among ${names.join(', ')}`, name);
  }
  return names.map((name) => (Object.hasOwn(value, name) ? value[name] : null));
}

function rules(option, value, names) {
  const found = bySymbol(`options.${option}`, value, names);
  return labels(names).map((label, i) => {
    if (isMapping(value) && !Object.hasOwn(value, names[i])) {
      throw new RangeError(`Expected options.${option} to have a number for each symbol but there is none for ${names[i]}; 0 is no rule`);
    }
    return finite(`options.${option}${isMapping(value) ? label : ''}`, found[i]);
  });
}

/** What is given for each bar; a copy, which nobody else writes to. */
function signalColumn(name, value, length) {
  if (!isList(value)) throw wrongType(name, 'an Array or a typed array of -1, 0 and 1', value);
  if (value.length !== length) throw outOfRange(`${name}.length`, `${length}, one for each bar`, value.length);
  const column = new Int8Array(length);
  for (let i = 0; i < length; i++) {
    const signal = typeof value[i] === 'bigint' ? Number(value[i]) : value[i];
    if (signal !== 0 && signal !== 1 && signal !== -1) {
      throw outOfRange(`${name}[${i}]`, '-1 (sell), 0 (none) or 1 (buy)', value[i]);
    }
    column[i] = signal;
  }
  return column;
}

const lengthOfBars = (bars) => (bars.timestamp === undefined ? native.bars_length(bars) : lengthOf(bars.timestamp));

/**
 * The symbols as native jobs read them, but for their strategies. What is given is read here and now.
 * @param bars  as the user gave them
 * @param given  all options
 * @param {boolean} inPlace  as of nativeBars()
 * @returns {{names: string[], symbols: object[]}}
 */
function nativeSymbols(bars, given, inPlace) {
  const names = namesOf(bars);
  const options = {};
  for (const name of RULES) options[name] = rules(name, given[name], names);
  const signals = bySymbol('options.signals', given.signals ?? null, names);
  const funding = bySymbol('options.funding', given.funding, names);
  const finer = finerOf(given.finer, names);
  const symbols = labels(names).map((label, i) => {
    const symbol = { bars: nativeBars(`bars${label}`, names === null ? bars : bars[names[i]], inPlace) };
    const length = lengthOfBars(symbol.bars);
    if (length === 0) throw new RangeError(`Expected bars${label} to have at least one bar but received none`);
    for (const name of RULES) symbol[name] = options[name][i];
    if (signals[i] !== null) symbol.signals = signalColumn(`options.signals${label}`, signals[i], length);
    if (funding[i] !== null) symbol.funding = fundingColumn(`options.funding${label}`, funding[i], length);
    if (finer[i] !== null) symbol.finer = nativeBars(`options.finer${label}`, finer[i], inPlace);
    return symbol;
  });
  return { names: names ?? [''], symbols };
}

/** Give each symbol its strategy: a Strategy or null; and the values of its PARAMs, unless they are swept. */
function attachStrategies(symbols, strategies, params) {
  const values = params === undefined ? [] : paramsOf(strategies, params);
  symbols.forEach((symbol, i) => {
    if (strategies[i] === null) return;
    symbol.program = handleOf(strategies[i]);
    symbol.params = values[i];
  });
}

const fundingColumn = (name, value, length) => sameLength(name, floats(name, value), length, 'bars').slice();

function finerOf(finer, names) {
  const isOne = finer === null || isColumns(checkObject('options.finer', finer));
  if (isOne && finer !== null && names !== null && names.length > 1) {
    throw new RangeError('Expected options.finer to be an object of finer bars by symbol, as bars is');
  }
  return bySymbol('options.finer', finer, names, () => isOne);
}

/** Each strategy's values; of several, each takes the names that it has. */
function paramsOf(strategies, given) {
  const distinct = [...new Set(strategies.filter((each) => each !== null))];
  if (given === null) return strategies.map((each) => each && paramValues(each, {}));
  checkObject('options.params', given);
  if (distinct.length === 0 && Object.keys(given).length > 0) {
    throw new RangeError('options.params: there is no strategy to take them');
  }
  if (distinct.length < 2) return strategies.map((each) => each && paramValues(each, given));
  const known = [...new Set(distinct.flatMap((each) => each.params.map((param) => param.name)))];
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownParam('options.params', unknown, known);
  return strategies.map((each) => each && paramValues(each, ofStrategy(each, given)));
}

const ofStrategy = (strategy, given) =>
  Object.fromEntries(Object.entries(given).filter(([name]) => strategy.params.some((param) => param.name === name)));

module.exports = { namesOf, bySymbol, nativeSymbols, attachStrategies, lengthOfBars, isMapping };
