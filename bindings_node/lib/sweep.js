'use strict';
// A strategy over many combinations of its PARAMs.
const os = require('node:os');
const { native } = require('./native');
const { checkInteger, wrongType } = require('./check');
const { copyOptions, takeOptions, hint } = require('./job_options');
const { RUN_DEFAULTS, optionFields } = require('./backtest_options');
const { translated } = require('./backtest_messages');
const { compiledAll, compiledAllSync, strategiesOf } = require('./backtest');
const { checkWatchers, doJob, startJob } = require('./job');
const { finite, flag } = require('./levels');
const { yearFields } = require('./metrics');
const { declaredParams, combinations, tried } = require('./sweep_grid');
const { SweepResult } = require('./sweep_result');
const { nativeSymbols, attachStrategies, lengthOfBars } = require('./symbols');

const JOB = 'hq_sweep';
const THREADS_MAX = 1024;

const DEFAULTS = {
  ...RUN_DEFAULTS,
  params: null,
  grid: null,
  where: null,
  metric: 'sharpe',
  maximize: true,
  top: null,
  metrics: null,
  curves: false,
  periods_per_year: null,
  days_per_year: null,
  risk_free: 0,
  threads: 1,
  signal: null,
  progress: null,
};

const INSTEAD = {
  signals: 'signals have no PARAMs; give a strategy',
  orders: 'orders are of one backtest and have no PARAMs; give a strategy',
};

const figures = native.sweep_figures();
const ROWS = figures.rows.filter((name) => name !== 'status');
const GIVEN = ['periods_per_year', 'days_per_year', 'risk_free'];
const METRICS = figures.metrics.filter((name) => !GIVEN.includes(name));
const KNOWN = [...new Set([...ROWS, ...METRICS])];

// What a walk-forward's table says of a fold: no PARAM's column may be called like it.
const FOLD_COLUMNS = [
  'train_start', 'train_end', 'test_start', 'test_end', 'train_bars', 'train_first_time', 'train_last_time',
  'test_first_time', 'test_last_time', 'in_sample', 'out_of_sample',
];

function figure(option, name) {
  if (typeof name !== 'string') throw wrongType(option, 'the name of a figure', name);
  if (!KNOWN.includes(name)) {
    throw new RangeError(`Expected ${option} to be a figure of the table or of metrics() but received '${name}'${hint(name, KNOWN)}`);
  }
  return name;
}

/** The figures of metrics() to add to the rows: those asked for that a row has not. */
function addedFigures({ metric, metrics }) {
  let wanted = [];
  if (metrics === 'all') wanted = METRICS;
  else if (Array.isArray(metrics)) wanted = Array.from(metrics, (name, i) => figure(`options.metrics[${i}]`, name));
  else if (metrics !== null) throw wrongType('options.metrics', "'all', an Array of names or null", metrics);
  return [...new Set([...wanted, figure('options.metric', metric)])].filter((name) => !ROWS.includes(name));
}

/** The column of each PARAM: its name, or param_NAME where a figure has that name. */
function paramColumns(declared) {
  const taken = new Set([...ROWS, ...METRICS, ...FOLD_COLUMNS, 'refused']);
  const columns = {};
  for (const { name } of declared) {
    let column = name;
    while (taken.has(column)) column = `param_${column}`;
    columns[name] = column;
    taken.add(column);
  }
  return columns;
}

function threadCount(threads) {
  if (threads === -1) return Math.min(os.availableParallelism?.() ?? os.cpus().length, THREADS_MAX);
  return checkInteger('options.threads', threads, 1, THREADS_MAX);
}

/** Refuse a table that this machine has no memory for. */
function checkMemory(count, kept, width, curves, steps) {
  const size = kept * 8 * (width + (curves ? steps : 0));
  if (size <= os.totalmem()) return;
  throw Object.assign(new RangeError(
    `${count} combinations: their table takes ${(size / 1e9).toPrecision(3)} GB, and this machine has ` +
    `${(os.totalmem() / 1e9).toPrecision(3)} GB; give top: 1000 to keep the best${curves ? ', or curves: false' : ''}`),
  { code: 'HQ_ENOMEM' });
}

function takeAll(options) {
  const given = copyOptions(takeOptions(options, DEFAULTS, INSTEAD), ['params', 'grid']);
  checkWatchers(given);
  flag('options.maximize', given.maximize);
  flag('options.curves', given.curves);
  if (given.top !== null) checkInteger('options.top', given.top, 1, 2 ** 40);
  return given;
}

/** What the native job reads but for strategies, and the symbols' names. */
function requestOf(bars, given, inPlace) {
  const { names, symbols } = nativeSymbols(bars, given, inPlace);
  const request = {
    symbols,
    options: optionFields(given),
    figures: ['status', ...ROWS, ...addedFigures(given)],
    metric: given.metric,
    maximize: given.maximize,
    with_curves: given.curves,
    threads: threadCount(given.threads),
    risk_free: finite('options.risk_free', given.risk_free),
    ...yearFields(given),
  };
  if (given.top !== null) request.top = given.top;
  return { names, request };
}

/** Complete a request by the strategies and the combinations; what is needed of them afterwards. */
function attach(request, names, strategies, given) {
  const declared = declaredParams(strategies, names);
  const rows = combinations(declared, given);
  attachStrategies(request.symbols, strategies, undefined);
  Object.assign(request, rows);
  const kept = Math.min(rows.count, given.top ?? Infinity);
  checkMemory(rows.count, kept, rows.n_params + request.figures.length, given.curves, stepsOf(request.symbols));
  return { declared, rows, request };
}

/** About how many steps there are: the bars of the longest symbol. */
const stepsOf = (symbols) => Math.max(...symbols.map(({ bars }) => lengthOfBars(bars)));

const flags = (column) => Uint8Array.from(column, Number);

function resultOf(found, { declared, rows, request }, given) {
  const columns_of = paramColumns(declared);
  const columns = {};
  Object.values(columns_of).forEach((name, k) => {
    columns[name] = found.params[k];
  });
  request.figures.slice(1).forEach((name, k) => {
    columns[name] = name === 'liquidated' ? flags(found.figures[k + 1]) : found.figures[k + 1];
    if (k === ROWS.length - 1) columns.refused = Uint8Array.from(found.figures[0], (status) => Number(status !== 0));
  });
  if (found.refused_count === rows.count) {
    throw Object.assign(new RangeError(`none of the ${rows.count} combinations can be run: ${found.refusal}`), { code: 'HQ_EINVAL' });
  }
  const { signal, progress, ...options } = given;
  return new SweepResult({
    length: columns.refused.length,
    columns,
    params: tried(declared, rows),
    columns_of,
    metric: given.metric,
    maximize: given.maximize,
    combinations: found.combinations,
    refused: found.refused_count,
    refusal: found.refusal || null,
    time: found.time ?? null,
    curves: found.curves ?? null,
    options,
  });
}

/** Run a strategy with every combination of some values of its PARAMs, off the main thread. */
async function sweep(bars, strategy, options = undefined) {
  const given = takeAll(options);
  const { names, request } = requestOf(bars, given, false);
  const plan = attach(request, names, await compiledAll(strategiesOf(bars, strategy), given.signal), given);
  try {
    return resultOf(await startJob(JOB, request, given), plan, given);
  } catch (error) {
    throw translated(error, names);
  }
}

/** The same in the caller's thread. */
function sweep_sync(bars, strategy, options = undefined) {
  const given = takeAll(options);
  const { names, request } = requestOf(bars, given, given.progress === null);
  const plan = attach(request, names, compiledAllSync(strategiesOf(bars, strategy)), given);
  try {
    return resultOf(doJob(JOB, request, given), plan, given);
  } catch (error) {
    throw translated(error, names);
  }
}

module.exports = { sweep, sweep_sync };
