'use strict';
// A strategy and indicators over whole columns in one call: signals and values by bar.
const { addReaders } = require('./classes');
const { choice, periodOrZero, HTF } = require('./levels');
const { checkWatchers, doJob, startJob } = require('./job');
const { copyOptions, takeOptions } = require('./job_options');
const { nativeBars } = require('./bars');
const { strategyOf, strategyOfSync, isPath } = require('./compile');
const { paramValues } = require('./params');
const { makePlan, makePlanSync } = require('./run_plan');

const JOB = 'hq_run';
const DEFAULTS = {
  indicators: null, series: null, params: null, htf: 'closed', bar_period: null, mode: 'seed', signal: null, progress: null,
};

/** What the numbers in `actions` mean, and which way each trades. */
const SIDES = [0, 1, -1, 0];

/** What run() found, a value a bar. */
class RunResult {
  #signals;

  constructor(fields) {
    Object.assign(this, fields);
  }

  /** 1 buy, -1 sell, 0 none or hold, as backtest() takes them. */
  get signals() {
    this.#signals ??= Int8Array.from(this.actions, (action) => SIDES[action]);
    return this.#signals;
  }
}

addReaders(RunResult, ['rule_lines', 'warmup_bars', 'buy_signals', 'sell_signals', 'hold_signals']);

function takeAll(strategy, options) {
  const given = copyOptions(takeOptions(options, DEFAULTS), ['params', 'indicators', 'series']);
  checkWatchers(given);
  if (strategy === null && given.indicators === null) {
    throw new RangeError('Expected a strategy, or options.indicators, but received neither');
  }
  return given;
}

const isText = (strategy) => typeof strategy === 'string' && !isPath(strategy);

/** What the native job reads but for the plan. */
function requestOf(bars, given, inPlace) {
  const options = {
    htf: choice('options.htf', given.htf, HTF),
    bar_period_ms: periodOrZero('options.bar_period', given.bar_period),
  };
  return { bars: nativeBars('bars', bars, inPlace), options };
}

/** Complete a request by the plan and the strategy's PARAMs. */
function attach(request, strategy, plan, given) {
  if (strategy === null && given.params !== null && Object.keys(given.params).length > 0) {
    throw new RangeError('options.params: there is no strategy to take them');
  }
  return Object.assign(request, {
    program: plan.program,
    params: strategy === null ? undefined : paramValues(strategy, given.params ?? {}),
    columns: [...plan.series, ...plan.indicators].flatMap(({ columns }) => columns),
    with_signals: plan.rule_lines.length > 0,
  });
}

/** The columns of items, in their order, by name; those of several outputs by output too. */
function valuesOf(items, columns) {
  return Object.fromEntries(items.map(({ name, outputs }) => {
    if (outputs === null) return [name, columns.shift()];
    return [name, Object.fromEntries(outputs.map((output) => [output, columns.shift()]))];
  }));
}

function resultOf(found, plan) {
  const columns = [...found.columns];
  return new RunResult({
    bars: found.bars,
    actions: found.actions ?? new Uint8Array(found.bars),
    rules: found.rules ?? new Int16Array(found.bars).fill(-1),
    rule_lines: plan.rule_lines,
    series: valuesOf(plan.series, columns),
    indicators: valuesOf(plan.indicators, columns),
    warmup_bars: found.warmup_bars,
    buy_signals: found.buy_signals,
    sell_signals: found.sell_signals,
    hold_signals: found.hold_signals,
  });
}

/** Compute a strategy's signals, its named series, and indicators over bars, off the main thread. */
async function run(bars, strategy = null, options = undefined) {
  const given = takeAll(strategy, options);
  const request = requestOf(bars, given, false);
  const compiled = await strategyOf('strategy', strategy, given.signal);
  const plan = await makePlan(compiled, isText(strategy), given);
  return resultOf(await startJob(JOB, attach(request, compiled, plan, given), given), plan);
}

/** The same in the caller's thread, over the columns where they are. */
function run_sync(bars, strategy = null, options = undefined) {
  const given = takeAll(strategy, options);
  const request = requestOf(bars, given, given.progress === null);
  const compiled = strategyOfSync('strategy', strategy);
  const plan = makePlanSync(compiled, isText(strategy), given);
  return resultOf(doJob(JOB, attach(request, compiled, plan, given), given), plan);
}

module.exports = { run, run_sync };
