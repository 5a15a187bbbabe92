'use strict';
// A whole backtest in one call: bars and a strategy in, a report out.
const { wrongType } = require('./check');
const { copyOptions, takeOptions } = require('./job_options');
const { RUN_DEFAULTS, optionFields, refuseWithoutSignals } = require('./backtest_options');
const { BacktestReport } = require('./backtest_report');
const { translated } = require('./backtest_messages');
const { checkWatchers, doJob, startJob } = require('./job');
const { nativeOrders } = require('./orders');
const { strategyOf, strategyOfSync, EXPECTED } = require('./compile');
const { Strategy } = require('./strategy');
const { namesOf, bySymbol, nativeSymbols, attachStrategies, isMapping } = require('./symbols');

const DEFAULTS = { ...RUN_DEFAULTS, signals: null, orders: null, params: null, curves: [], signal: null, progress: null };
const CURVES = ['position', 'margin'];
const JOB = 'hq_backtest_run';

function takeAll(strategy, options) {
  const given = copyOptions(takeOptions(options, DEFAULTS), ['params']);
  checkWatchers(given);
  if (strategy !== null && given.signals !== null) {
    throw new RangeError('strategy and options.signals exclude each other; give one of them');
  }
  if (strategy === null && given.signals === null && given.orders === null) {
    throw new RangeError('Expected a strategy, options.signals or options.orders but received none of them');
  }
  if (strategy === null && given.signals === null) refuseWithoutSignals(given);
  return given;
}

function wantedCurves(curves) {
  if (!Array.isArray(curves)) throw wrongType('options.curves', `an Array of some of ${CURVES.join(', ')}`, curves);
  for (const name of curves) {
    if (!CURVES.includes(name)) throw wrongType('options.curves', `an Array of some of ${CURVES.join(', ')}`, name);
  }
  return curves;
}

/** What the native job reads but for strategies, and the symbols' names. */
function requestOf(bars, given, inPlace) {
  const options = optionFields(given);
  const { names, symbols } = nativeSymbols(bars, given, inPlace);
  const curves = wantedCurves(given.curves);
  const orders = given.orders === null ? undefined : nativeOrders(given.orders, names);
  const request = {
    symbols, options, orders, with_margin: curves.includes('margin'), with_position: curves.includes('position'),
  };
  return { names, request };
}

function reportOf(found, names, given) {
  const { signal, progress, ...options } = given;
  return new BacktestReport(found, names, options);
}

const isOneStrategy = (value) => !isMapping(value) || value instanceof Strategy;

/** The strategy of each symbol, as it was given. */
function strategiesOf(bars, strategy) {
  const names = namesOf(bars);
  const isOne = isOneStrategy(strategy);
  if (!isOne && (names === null || Object.keys(strategy).length === 0)) {
    const orBySymbol = names === null ? '' : ', or an object of these by symbol';
    throw wrongType('strategy', `${EXPECTED} (of this copy of the package)${orBySymbol}`, strategy);
  }
  return bySymbol('strategy', strategy, names, () => isOne);
}

/** The strategies of the symbols, each text compiled once. */
function compiledAll(strategies, signal) {
  const once = new Map([...new Set(strategies)].map((each) => [each, strategyOf('strategy', each, signal)]));
  return Promise.all(strategies.map((each) => once.get(each)));
}

function compiledAllSync(strategies) {
  const once = new Map([...new Set(strategies)].map((each) => [each, strategyOfSync('strategy', each)]));
  return strategies.map((each) => once.get(each));
}

/** Run strategies, signals or orders over bars through one account, off the main thread. */
async function backtest(bars, strategy = null, options = undefined) {
  const given = takeAll(strategy, options);
  const { names, request } = requestOf(bars, given, false);
  const strategies = await compiledAll(strategiesOf(bars, strategy), given.signal);
  attachStrategies(request.symbols, strategies, given.params);
  try {
    return reportOf(await startJob(JOB, request, given), names, given);
  } catch (error) {
    throw translated(error, names);
  }
}

/** The same in the caller's thread, over the columns where they are. */
function backtest_sync(bars, strategy = null, options = undefined) {
  const given = takeAll(strategy, options);
  const { names, request } = requestOf(bars, given, given.progress === null);
  attachStrategies(request.symbols, compiledAllSync(strategiesOf(bars, strategy)), given.params);
  try {
    return reportOf(doJob(JOB, request, given), names, given);
  } catch (error) {
    throw translated(error, names);
  }
}

module.exports = { backtest, backtest_sync, compiledAll, compiledAllSync, strategiesOf };
