'use strict';
// What an equity curve and its trades amount to: returns, risk, ratios, trades.
const { checkObject, checkTypedArray, lengthOf, wrongType, outOfRange } = require('./check');
const { floats, times, sameLength } = require('./job_columns');
const { takeOptions } = require('./job_options');
const { finite } = require('./levels');
const { addReaders } = require('./classes');
const { isBars, nativeBars } = require('./bars');
const { checkWatchers, doJob, startJob } = require('./job');

const MARKETS = { '365d': 365, '252d': 252 };
const JOB = 'hq_metrics';

/** The columns of a report's trades. */
const TRADES = {
  pnl: 'Float64Array', entry_time: 'BigInt64Array', exit_time: 'BigInt64Array', symbol: 'Uint32Array', side: 'Int8Array',
  entry_reason: 'Uint8Array', exit_reason: 'Uint8Array',
  ...Object.fromEntries([
    'entry_bar', 'exit_bar', 'bars_held', 'entry_price', 'exit_price', 'quantity', 'fees', 'funding', 'margin', 'risk',
    'r_multiple', 'mae', 'mfe', 'entries',
  ].map((name) => [name, 'Float64Array'])),
};

const DEFAULTS = {
  equity: null,
  time: null,
  returns: null,
  initial: null,
  trades: null,
  periods_per_year: null,
  days_per_year: null,
  benchmark: null,
  risk_free: 0,
  signal: null,
};

function aboveZero(name, value, expected) {
  if (typeof value !== 'number') throw wrongType(name, expected, value);
  if (!(value > 0 && value < Infinity)) throw outOfRange(name, expected, value);
  return value;
}

/** What the caller says of a year, as native jobs read it. */
function yearFields({ periods_per_year: periods, days_per_year: days }) {
  const expected = "a finite number > 0, '365d', '252d' or null";
  const fields = {};
  if (typeof periods === 'string') {
    if (!Object.hasOwn(MARKETS, periods)) throw outOfRange('periods_per_year', expected, periods);
    fields.market_days = MARKETS[periods];
  } else if (periods !== null) {
    fields.periods_per_year = aboveZero('periods_per_year', periods, expected);
  }
  if (days !== null) fields.days_per_year = aboveZero('days_per_year', days, 'a finite number > 0 or null');
  return fields;
}

function requestOf(curve) {
  checkObject('curve', curve, 'an object {equity or returns, time, ...}');
  const given = takeOptions(curve, DEFAULTS);
  checkWatchers({ ...given, progress: null });
  if ((given.equity === null) === (given.returns === null)) {
    throw new RangeError(`Expected equity or returns, one of the two, but received ${given.equity === null ? 'neither' : 'both'}`);
  }
  if (given.returns !== null && given.initial !== null) {
    throw new RangeError('initial is the equity before the first step; returns need none');
  }
  const name = given.equity === null ? 'returns' : 'equity';
  const values = floats(name, given[name]);
  const length = lengthOf(values);
  if (length === 0) throw new RangeError(`Expected ${name} to have at least one step but received none`);
  if (given.time === null) throw new TypeError('Expected time to be the time of each step, ms, but there is none');
  const request = {
    [name]: values,
    time: sameLength('time', times('time', given.time), length, name),
    risk_free: finite('risk_free', given.risk_free),
    ...yearFields(given),
  };
  if (given.initial !== null) request.initial = aboveZero('initial', given.initial, 'a finite number > 0 or null');
  if (given.trades !== null) request.trades = tradesOf(given.trades);
  if (given.benchmark !== null) request.benchmark = benchmarkOf(given.benchmark, length, name);
  return { request, watchers: { signal: given.signal, progress: null } };
}

function tradesOf(trades) {
  checkObject('trades', trades, 'the trades of a report');
  const columns = {};
  for (const [name, kind] of Object.entries(TRADES)) {
    columns[name] = checkTypedArray(`trades.${name}`, trades[name], [kind]);
    sameLength(`trades.${name}`, columns[name], lengthOf(columns.pnl), 'trades.pnl');
  }
  return columns;
}

function benchmarkOf(benchmark, length, name) {
  if (isBars(benchmark)) return nativeBars('benchmark', benchmark, false);
  return sameLength('benchmark', floats('benchmark', benchmark), length, name);
}

/** The figures of a curve, by name. Undefined ones are NaN. */
class Metrics {
  constructor(figures) {
    Object.assign(this, figures);
    addReaders(Metrics, Object.keys(figures));
  }

  /** Every figure by name, ready for JSON: null where it is undefined. */
  toJSON() {
    return Object.fromEntries(Object.entries(this).map(([name, value]) => [name, Number.isNaN(value) ? null : value]));
  }

  /** The figures as lines of text, -- where one is undefined. */
  summary() {
    const width = Math.max(...Object.keys(this).map((name) => name.length)) + 2;
    return Object.entries(this).map(([name, value]) => name.padEnd(width) + shown(value)).join('\n');
  }

  toString() {
    return this.summary();
  }
}

function shown(value) {
  if (typeof value === 'string') return value;
  return Number.isNaN(value) ? '--' : String(Number(value.toPrecision(6)));
}

/** Work out the figures of an equity curve, or of returns, off the main thread. */
async function metrics(curve) {
  const { request, watchers } = requestOf(curve);
  return new Metrics(await startJob(JOB, request, watchers));
}

/** The same in the caller's thread. */
function metrics_sync(curve) {
  const { request, watchers } = requestOf(curve);
  return new Metrics(doJob(JOB, request, watchers));
}

module.exports = { metrics, metrics_sync, figuresOf: metrics_sync, yearFields, Metrics };
