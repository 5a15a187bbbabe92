'use strict';
// runs.json, backtests.json, sweeps.json, metrics.json and failures.json: the calls off the main thread.
const { FuturesBacktest, HQuant, MultiHQuant, Period, Strategy, backtest, metrics, run, sweep } = require('./package.cjs');
const { number } = require('./check.cjs');
const { ROWS, argumentsOf } = require('./inputs.cjs');

const periodsOf = (list) => list.map((ms) => `${ms}ms`);

// ------------------------------------------------------------------- runs

/** The indicator of a column as the language writes it; its inputs are the row's own. */
function expressionOf({ indicator, params }) {
  const written = ROWS.get(indicator).params.map(({ is_integer }, i) => (is_integer ? params[i].toFixed(0) : String(params[i])));
  return `${indicator}(${written.join(', ')})`;
}

const named = (strategy, values) => Object.fromEntries(strategy.params.map(({ name }, i) => [name, values[i]]));

async function runAnswer(test, inputs) {
  const series = test.columns.filter((column) => 'register' in column).map(({ name }) => name);
  const asked = test.columns.filter((column) => !('register' in column));
  // Names of series are the text's; it is compiled again to have them as columns.
  const strategy = test.program === null ? null : series.length ? inputs.text(test.program) : inputs.program(test.program);
  const options = { htf: test.htf, bar_period: test.bar_period_ms || null, mode: inputs.mode(test.program) };
  if (series.length) options.series = series;
  if (asked.length) options.indicators = Object.fromEntries(asked.map((column) => [column.name, expressionOf(column)]));
  if (test.params !== null) options.params = named(inputs.program(test.program), test.params);
  const found = await run(inputs.bars(test.tape), strategy, options);
  const { warmup_bars, buy_signals, sell_signals, hold_signals } = found;
  const values = test.columns.map((column) => {
    const value = { ...found.series, ...found.indicators }[column.name];
    return ArrayBuffer.isView(value) ? value : Object.values(value)[column.output ?? 0];
  });
  const signals = buy_signals + sell_signals + hold_signals;
  return { actions: found.actions, rules: found.rules, warmup_bars, buy_signals, sell_signals, hold_signals, signals, values };
}

// -------------------------------------------------------------- backtests

const RULES = ['tick_size', 'lot_size', 'min_quantity', 'min_notional'];
const SAME = [
  'fill', 'intrabar', 'sides', 'unaffordable', 'bad_bars', 'pyramiding', 'limit_offset', 'limit_bars', 'fee_per_unit',
  'slippage_seed', 'htf',
];
const ACCOUNT = {
  capital: 'initial_margin', leverage: 'leverage', contract_size: 'contract_size', fee: 'taker_fee_rate',
  maker_fee: 'maker_fee_rate', maintenance_margin: 'maintenance_margin_rate',
};

const bySymbol = (symbols, of) => Object.fromEntries(symbols.map((symbol, i) => [`s${i}`, of(symbol)]));

/** A distance as users write it: null, a price, or a percentage that is read as the fraction. */
function distance(given, name) {
  const unit = given[`${name}_unit`];
  return unit === 'none' ? null : unit === 'price' ? given[name] : `${Number((given[name] * 100).toPrecision(12))}%`;
}

const levels = (given) => Object.fromEntries(['stop', 'target', 'trail'].map((name) => [name, distance(given, name)]));
const size = (given) => (given.size_unit === 'all' ? {} : { size: given.size, size_unit: given.size_unit });

function optionsOf({ symbols, options: given }, inputs) {
  const options = Object.fromEntries(SAME.map((name) => [name, given[name]]));
  for (const [name, field] of Object.entries(ACCOUNT)) options[name] = number(given.account[field]);
  for (const rule of RULES) options[rule] = bySymbol(symbols, (symbol) => symbol[rule]);
  Object.assign(options, size(given), levels(given));
  options.margin_tiers = given.tiers.length ? given.tiers : null;
  options.position = given.hedged ? 'hedged' : 'netted';
  options.bar_period = given.bar_period_ms || null;
  if (given.slippage_kind !== 'none') {
    options[given.slippage_kind === 'fraction' ? 'slippage' : `slippage_${given.slippage_kind}`] = given.slippage;
  }
  if (given.intrabar === 'finer') options.finer = bySymbol(symbols, ({ finer }) => inputs.bars(finer));
  if (symbols.some(({ funding_rate }) => funding_rate !== null)) {
    options.funding = bySymbol(symbols, ({ funding_rate }) => Float64Array.from(funding_rate, number));
    options.funding_interval = given.funding_interval_ms || null;
    options.funding_missing = given.funding_missing === 'constant' ? given.funding_constant : given.funding_missing;
  }
  return options;
}

function orderOf(given) {
  const { bar, type, bars, oco, reduce_only } = given;
  const order = { bar, type, bars, oco, reduce_only: reduce_only === 1, symbol: `s${given.symbol}` };
  order.side = given.side > 0 ? 'buy' : 'sell';
  if (type === 'limit' || type === 'stop_limit') order.price = given.price;
  if (type === 'stop' || type === 'stop_limit') order.stop_price = given.stop_price;
  return { ...order, ...size(given), ...levels(given) };
}

const barsOf = ({ symbols }, inputs) => bySymbol(symbols, ({ tape }) => inputs.bars(tape));

async function reportOf(test, inputs) {
  const { symbols, orders } = test;
  const options = { ...optionsOf(test, inputs), curves: ['position', 'margin'] };
  const programs = symbols.map(({ program }) => (program === null ? null : inputs.program(program)));
  const hasProgram = programs.some((program) => program !== null);
  if (symbols.some(({ signals }) => signals !== null)) options.signals = bySymbol(symbols, ({ signals }) => signals);
  if (symbols[0].params !== null) options.params = named(programs[0], symbols[0].params);
  if (orders.length) options.orders = orders.map(orderOf);
  const strategies = hasProgram ? Object.fromEntries(programs.map((program, i) => [`s${i}`, program])) : null;
  return backtest(barsOf(test, inputs), strategies, options);
}

async function backtestAnswer(test, inputs, expected) {
  const found = await reportOf(test, inputs);
  const report = Object.fromEntries(Object.keys(expected.report).map((name) => [name, found[name]]));
  Object.assign(report, {
    fills: found.fills_count,
    trades: found.closed_trades,
    liquidated: Number(found.liquidated),
    rejects: Object.values(found.rejects),
  });
  const { time, equity, margin, position, actions, trades, fills } = found;
  return { report, time, equity, margin, position, actions, trades, fills };
}

async function sweepAnswer(test, inputs, expected) {
  const { grid, periods_per_year, days_per_year, risk_free } = test;
  const strategies = bySymbol(test.symbols, ({ program }) => inputs.program(program));
  const found = await sweep(barsOf(test, inputs), strategies, {
    ...optionsOf(test, inputs),
    grid: grid.map((row) => named(strategies.s0, row)),
    periods_per_year, days_per_year, risk_free,
    curves: true,
    threads: 2,
  });
  return {
    rows: Object.fromEntries(Object.keys(expected.rows).map((name) => [name, found.columns[name]])),
    equity: grid.map((_, row) => [found.curve(row).at(-1)]),
  };
}

async function metricsAnswer(test, inputs, expected) {
  const { periods_per_year, days_per_year, risk_free } = test;
  const curve = { periods_per_year, days_per_year, risk_free };
  if (test.backtest === null) {
    Object.assign(curve, { time: test.time, equity: test.equity, returns: test.returns });
  } else {
    const { time, equity, trades } = await reportOf(test.backtest, inputs);
    Object.assign(curve, { time, equity, trades });
  }
  if (test.initial) curve.initial = test.initial;
  if (test.benchmark !== null) curve.benchmark = Float64Array.from(test.benchmark, number);
  const found = await metrics(curve);
  return Object.fromEntries(Object.keys(expected).map((name) => [name, found[name]]));
}

// --------------------------------------------------------------- failures

const ACCOUNT_FIELDS = [
  'initial_margin', 'leverage', 'contract_size', 'maker_fee_rate', 'taker_fee_rate', 'maintenance_margin_rate',
];
const ACCOUNT_OF = (params) => Object.fromEntries(ACCOUNT_FIELDS.map((name, i) => [name, number(params[i])]));

const CALLS = {
  engine: ({ capacity }) => new HQuant(capacity),
  indicator: (test) => new HQuant(8).add_indicator(...argumentsOf(test)),
  indicator_of_another_name: ({ indicator }) => new HQuant(8).add_indicator(indicator),
  program: ({ hqbc }) => Strategy.from_bytecode(Buffer.from(hqbc, 'base64')),
  text: ({ text }) => new HQuant(8).add_strategy('s', text),
  account: ({ params }) => new FuturesBacktest(ACCOUNT_OF(params)),
  periods: ({ periods_ms }) => new MultiHQuant(8, periodsOf(periods_ms)),
  period: ({ text }) => new Period(text),
  cross_period: ({ periods_ms, program }, inputs) =>
    new MultiHQuant(8, periodsOf(periods_ms)).add_multi_strategy('s', inputs.program(program)),
  param: ({ program, param, value }, inputs) => {
    const engine = new HQuant(8);
    engine.set_param(engine.add_strategy('s', inputs.program(program)), param, value);
  },
  backtest: (test, inputs) => reportOf(test.run, inputs),
};

async function failureAnswer(test, inputs, expected) {
  try {
    await CALLS[test.kind](test, inputs);
  } catch (error) {
    const isOwn = error.code === undefined && (error instanceof RangeError || error instanceof TypeError);
    if (isOwn) return expected; // refused before the library was asked: there is no status then
    const status = error.code ?? String(error);
    if (!error.message.includes(test.words)) return { status, message: error.message };
    // Of a program's rule the error has no place; of a text it has.
    const isText = test.kind === 'text';
    return { status, line: isText ? error.line : expected.line, column: isText ? error.column : expected.column };
  }
  return { status: 'HQ_OK' };
}

const one = (answer) => async (test, inputs, expected) => [await answer(test, inputs, expected)];

module.exports = {
  runs: one(runAnswer),
  backtests: one(backtestAnswer),
  sweeps: one(sweepAnswer),
  metrics: one(metricsAnswer),
  failures: one(failureAnswer),
};
