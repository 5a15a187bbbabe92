'use strict';
// The answers of run, backtest, sweep and metrics are those of the Python package, to the bit.
const test = require('node:test');
const assert = require('node:assert/strict');
const hq = require('..');
const { columns, bars, CROSSES, python, Questions, bits } = require('./jobs_support');

const options = { skip: python ? false : 'no Python with hquant_cffi' };

const questions = new Questions();

/** Doubles are compared by bits, whole numbers by value; Python's int columns may be doubles here. */
function same(found, expected, name) {
  const isDouble = expected.length > 0 && expected[0].length === 16 && /^[0-9a-f]{16}$/.test(expected[0]);
  const canonical = (each) => (/^[7f]ff[89a-f]/.test(each) && each.length === 16 ? 'nan' : each);
  assert.deepEqual(bits(found, isDouble).map(canonical), expected.map(canonical), name);
}

const COUNTERS = ['bars', 'steps', 'signals', 'buy_signals', 'sell_signals', 'orders', 'filled_orders', 'partial_orders',
  'ignored_same_side', 'ignored_side', 'rejected_orders', 'expired_orders', 'replaced_orders', 'cancelled_orders',
  'dropped_last_bar', 'working_orders', 'fills_count', 'closed_trades', 'open_trades', 'ambiguous_bars', 'warmup_bars',
  'final_equity', 'total_return', 'max_drawdown', 'fees', 'funding', 'realized_pnl', 'liquidation_loss', 'capital'];

const BACKTEST = `
def backtest(given):
    options = given["options"]
    for name in ("funding", "signals"):
        if isinstance(options.get(name), list):
            options[name] = np.array(options[name], np.float64 if name == "funding" else np.int8)
    if "orders" in options:
        options["orders"] = [hq.Order(**each) for each in options["orders"]]
    if "margin_tiers" in options:
        options["margin_tiers"] = [tuple(each) for each in options["margin_tiers"]]
    if "finer" in options:
        options["finer"] = bars_of(options["finer"])
    data = given["bars"]
    data = bars_of(data) if "close" in data else {name: bars_of(each) for name, each in data.items()}
    report = hq.backtest(data, given["strategy"], **options)
    return ({"numbers": {name: bits(float(getattr(report, name))) for name in ${JSON.stringify(COUNTERS)}},
            "rejects": report.rejects, "liquidated": report.liquidated,
            "time": bits(report.time), "equity": bits(report.equity), "actions": bits(report.actions),
            "drawdown": bits(report.drawdown),
            "margin": None if report.margin is None else bits(report.margin),
            "position": None if report.position is None else bits(report.position),
            "trades": table(report.trades), "fills": table(report.fills),
            "metrics": {name: bits(float(value)) if isinstance(value, (int, float)) else value
                        for name, value in vars(report.metrics).items()}})
`;

function sameReport(report, expected) {
  for (const name of COUNTERS) same([report[name]], expected.numbers[name], name);
  assert.deepEqual(report.rejects, expected.rejects);
  assert.equal(report.liquidated, expected.liquidated);
  for (const name of ['time', 'equity', 'actions', 'drawdown']) same(report[name], expected[name], name);
  for (const name of ['margin', 'position']) {
    assert.equal(report[name] === null, expected[name] === null, name);
    if (expected[name] !== null) same(report[name], expected[name], name);
  }
  for (const what of ['trades', 'fills']) {
    assert.deepEqual(Object.keys(report[what]), Object.keys(expected[what]));
    for (const name of Object.keys(expected[what])) same(report[what][name], expected[what][name], `${what}.${name}`);
  }
  for (const [name, value] of Object.entries(expected.metrics)) {
    if (Array.isArray(value)) same([report.metrics[name]], value, name);
    else assert.equal(report.metrics[name], value);
  }
}

const one = columns(3000);
const finer = columns(12_000, { seed: 7, step: 900_000 });
const BRACKETS = 'IF RSI(14) < 35 THEN BUY SIZE 40% STOP 3% TARGET 5%\nIF RSI(14) > 65 THEN SELL TRAIL 4%';
const alternating = Array.from({ length: 3000 }, (_, i) => (i % 50 === 7 ? 1 : i % 50 === 31 ? -1 : 0));

/** Cases: a name, bars, a strategy, options. Between them every option takes a value that is not its default. */
const CASES = [
  ['plain', one, CROSSES, {}],
  ['params, fees, fraction slippage', one, CROSSES,
    { params: { fast: 8 }, fee: 0.0004, maker_fee: 0.0002, fee_per_unit: 0.01, slippage: 0.001, capital: 5000 }],
  ['ticks, lots, minima, sides', one, CROSSES,
    { slippage_ticks: 2, tick_size: 0.25, lot_size: 0.5, min_quantity: 1, min_notional: 20, sides: 'long', size: 3 }],
  ['random slippage, leverage, tiers', one, CROSSES,
    { slippage_random: 0.002, slippage_seed: 12345, leverage: 5, margin_tiers: [[0, 0.005, 20], [20000, 0.01, 10]],
      size: 0.5, size_unit: 'equity', curves: ['margin', 'position'] }],
  ['maintenance margin and liquidation', one, CROSSES, { leverage: 15, maintenance_margin: 0.02, unaffordable: 'reject' }],
  ['brackets of clauses, best prices', one, BRACKETS, { intrabar: 'best', pyramiding: 2, position: 'hedged', fee: 0.001 }],
  ['levels of options, nearest prices', one, CROSSES, { intrabar: 'nearest', stop: '2%', target: 30, trail: 12.5, size: '30%' }],
  ['limits', one, CROSSES, { fill: 'limit', limit_offset: 0.002, limit_bars: 5, contract_size: 0.1 }],
  ['fills at the close', one, CROSSES, { fill: 'close', size: 1000, size_unit: 'notional' }],
  ['finer bars', one, BRACKETS, { intrabar: 'finer', finer }],
  ['funding', one, CROSSES, { funding: Float64Array.from(one.close, (_, i) => ((i % 7) - 3) / 10_000), funding_interval: '8h' }],
  ['funding with gaps', one, CROSSES, { funding: Float64Array.from(one.close, () => 0.0001), funding_missing: 0.0002, size: 100, size_unit: 'margin' }],
  ['signals', one, null, { signals: alternating, fee: 0.0004 }],
  ['orders', one, null, {
    orders: [
      { bar: 3, side: 'buy', size: 2 },
      { bar: 10, side: 'sell', size: 1, type: 'limit', price: 420, bars: 200 },
      { bar: 20, side: 'sell', type: 'stop', stop_price: 380, reduce_only: true, oco: 1 },
      { bar: 20, side: 'sell', type: 'stop_limit', stop_price: 370, price: 365, size: 0.5, oco: 1 },
      { bar: 900, side: 'buy', size: '25%', stop: '4%', target: 40, trail: '6%' },
    ],
    bad_bars: 'skip', curves: ['position'],
  }],
  ['a higher timeframe', one, 'IF CROSSOVER(close, EMA(close@4h, 10)) THEN BUY\nIF close < LOWEST(low@1d, 3)[1] THEN SELL',
    { htf: 'forming', bar_period: '1h' }],
  ['two symbols', { A: one, B: columns(2500, { seed: 3, start: 3_600_000 * 100 }) }, CROSSES,
    { curves: ['margin', 'position'], size: 0.2, size_unit: 'equity', tick_size: { A: 0.25, B: 0 } }],
];

for (const [name, data, strategy, given] of CASES) {
  const expected = questions.put(BACKTEST, 'backtest', { bars: data, strategy, options: given });
  test(`a backtest is Python's to the bit: ${name}`, options, async () => {
    sameReport(await hq.backtest(data, strategy, given), expected());
    sameReport(hq.backtest_sync(data, strategy, given), expected());
  });
}

const RUN = `
def run(given):
    result = hq.run(bars_of(given["bars"]), given["strategy"], **given["options"])
    def column(value):
        if isinstance(value, tuple):
            return {name: bits(getattr(value, name)) for name in value._fields}
        return bits(value)
    return ({"actions": bits(result.actions), "rules": bits(result.rules), "signals": bits(result.signals),
            "rule_lines": list(result.rule_lines), "warmup_bars": result.warmup_bars,
            "buy_signals": result.buy_signals, "sell_signals": result.sell_signals, "hold_signals": result.hold_signals,
            "series": {name: column(each) for name, each in result.series.items()},
            "indicators": {name: column(each) for name, each in result.indicators.items()}})
`;

const NAMED = `PARAM n = 20 IN 5..50
fast = SMA(close, n)
bands = BOLL(20, 2)
up = bands.upper
trend = EMA(close@4h, 10)
hot = RSI(14) > 70
IF CROSSOVER(close, fast) AND close > trend THEN BUY
IF CROSSUNDER(close, fast) AND NOT hot THEN SELL`;

const EXPRESSIONS = {
  plain: 'SMA(close, 10)',
  named: 'boll(20, 2)',
  third: 'MACD(12, 26, 9).hist',
  fixed: 'ATR(14)',
  field: 'EMA(volume, 9)',
  bought: 'SUM(buy_volume, 5)',
  arithmetic: '(high + low) / 2 - SMA(20)',
  condition: 'RSI(14) > 50',
  higher: 'KELTNER(20, 10, 2).upper - EMA(close@1d, 3)',
};

for (const [name, strategy, given] of [
  ['a strategy', CROSSES, { params: { fast: 11 } }],
  ['series', NAMED, { series: true, params: { n: 9 }, bar_period: '1h' }],
  ['series and indicators', NAMED, { series: ['bands', 'hot'], indicators: EXPRESSIONS, bar_period: 3_600_000 }],
  ['indicators alone', null, { indicators: Object.values(EXPRESSIONS), htf: 'forming' }],
  ['TA-Lib\'s start', NAMED, { series: ['fast', 'hot'], indicators: EXPRESSIONS, mode: 'talib' }],
]) {
  const asked = questions.put(RUN, 'run', { bars: one, strategy, options: given });
  test(`a run is Python's to the bit: ${name}`, options, async () => {
    const expected = asked();
    const found = await hq.run(one, strategy, given);
    for (const each of ['actions', 'rules', 'signals']) same(found[each], expected[each], each);
    for (const each of ['rule_lines', 'warmup_bars', 'buy_signals', 'sell_signals', 'hold_signals']) {
      assert.deepEqual(found[each], expected[each], each);
    }
    for (const part of ['series', 'indicators']) {
      assert.deepEqual(Object.keys(found[part]), Object.keys(expected[part]));
      for (const [each, column] of Object.entries(expected[part])) {
        if (Array.isArray(column)) same(found[part][each], column, each);
        else for (const [output, values] of Object.entries(column)) same(found[part][each][output], values, `${each}.${output}`);
      }
    }
  });
}

const SWEEP = `
def sweep(given):
    options = given["options"]
    where = given["where"]
    result = hq.sweep(bars_of(given["bars"]), given["strategy"], options.pop("params", None), where=where, **options)
    return ({"columns": {name: bits(each) for name, each in result.columns().items()}, "params": result.params,
            "best": result.best.params, "combinations": result.combinations, "refused": result.refused,
            "refusal": result.refusal, "columns_of": result.columns_of,
            "curves": None if result.curves is None else bits(result.curves),
            "time": None if result.time is None else bits(result.time)})
`;

const MACD = 'PARAM fast = 12 IN 5..30 STEP 5\nPARAM slow = 20\nPARAM sharpe = 3\nIF CROSSOVER(MACD(fast, slow, 9).macd, sharpe - 3) THEN BUY\nIF RSI(14) > 60 THEN SELL';

for (const [name, strategy, given, where, condition] of [
  ['ranges', CROSSES, { fee: 0.0004 }, null, null],
  ['a condition, all figures, curves', CROSSES, { metrics: 'all', curves: true, metric: 'sortino' }, 'fast < slow', ({ fast, slow }) => fast < slow],
  ['the best by drawdown', CROSSES, { top: 4, metric: 'max_drawdown', curves: true, params: { fast: [3, 4, 5, 6], slow: [20, 40] } }, null, null],
  ['the worst', CROSSES, { top: 5, maximize: false, metric: 'trades', periods_per_year: '252d', risk_free: 0.02 }, null, null],
  ['a grid, refused combinations', MACD, { grid: [{ fast: 10 }, { fast: 25 }, { slow: 15, fast: 10 }], days_per_year: 300 }, null, null],
]) {
  const asked = questions.put(SWEEP, 'sweep', { bars: one, strategy, options: given, where });
  test(`a sweep is Python's to the bit: ${name}`, options, async () => {
    const expected = asked();
    const found = await hq.sweep(one, strategy, { ...given, where: condition });
    assert.deepEqual(Object.keys(found.columns).sort(), Object.keys(expected.columns).sort());
    for (const [each, column] of Object.entries(expected.columns)) same(found.columns[each], column, each);
    assert.deepEqual(found.params, expected.params);
    assert.deepEqual(found.best.params, expected.best);
    for (const each of ['combinations', 'refused', 'refusal', 'columns_of']) assert.deepEqual(found[each], expected[each]);
    assert.equal(found.curves === null, expected.curves === null);
    if (expected.curves) {
      same(found.curves, expected.curves, 'curves');
      same(found.time, expected.time, 'time');
    }
  });
}

const METRICS = `
def metrics(given):
    curve = given["curve"]
    curve["time"] = np.array([int(t) for t in curve["time"]], np.int64)
    for name in ("equity", "returns", "benchmark"):
        if name in curve:
            curve[name] = np.array([float(x) for x in curve[name]])
    found = hq.metrics(**curve)
    return ({name: bits(float(value)) if isinstance(value, (int, float)) else value for name, value in vars(found).items()})
`;

const DAY = 86_400_000;
const curveOf = (length) => Float64Array.from({ length }, (_, i) => 100 + ((i * 37) % 19) + i / 8);
const weekdays = Array.from({ length: 300 }, (_, i) => (Math.floor(i / 5) * 7 + 4 + (i % 5)) * DAY);
const sessions = Array.from({ length: 4000 }, (_, i) => weekdays[Math.floor(i / 26) % 300] + 9 * 3_600_000 + (i % 26) * 900_000).sort((a, b) => a - b);

for (const [name, curve] of [
  ['hours', { equity: curveOf(2000), time: Array.from({ length: 2000 }, (_, i) => i * 3_600_000), initial: 90 }],
  ['weekdays', { equity: curveOf(300), time: weekdays, risk_free: 0.01 }],
  ['sessions', { equity: curveOf(4000), time: sessions }],
  ['weeks', { equity: curveOf(100), time: Array.from({ length: 100 }, (_, i) => i * 7 * DAY) }],
  ['months', { equity: curveOf(60), time: Array.from({ length: 60 }, (_, i) => Date.UTC(2020, i, 1)) }],
  ['ten days', { equity: curveOf(60), time: Array.from({ length: 60 }, (_, i) => i * 10 * DAY) }],
  ['one step', { equity: curveOf(1), time: [5] }],
  ['two minutes', { equity: curveOf(2), time: [0, 60_000] }],
  ['equal times', { equity: curveOf(50), time: Array.from({ length: 50 }, (_, i) => Math.floor(i / 2) * DAY) }],
  ['given years', { equity: curveOf(50), time: Array.from({ length: 50 }, (_, i) => i * DAY), periods_per_year: 260, days_per_year: 251 }],
  ['returns and a benchmark', {
    returns: Array.from({ length: 400 }, (_, i) => ((i * 13) % 11 - 5) / 500), time: Array.from({ length: 400 }, (_, i) => i * DAY),
    benchmark: Array.from(curveOf(400)), periods_per_year: '365d',
  }],
]) {
  const asked = questions.put(METRICS, 'metrics', { curve });
  test(`metrics are Python's to the bit: ${name}`, options, async () => {
    const expected = asked();
    const found = await hq.metrics(curve);
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
    for (const [each, value] of Object.entries(expected)) {
      if (Array.isArray(value)) same([found[each]], value, each);
      else assert.equal(found[each], value, each);
    }
  });
}

test('a benchmark of Bars is read at the times of the steps', options, async () => {
  const closes = bars(500, { step: DAY });
  const time = Array.from({ length: 200 }, (_, i) => (i + 100) * DAY);
  const equity = curveOf(200);
  const found = await hq.metrics({ equity, time, benchmark: closes });
  const expected = await hq.metrics({ equity, time, benchmark: closes.close.slice(100, 300) });
  assert.deepEqual(found, expected);
  assert.ok(Number.isFinite(found.beta));
});
