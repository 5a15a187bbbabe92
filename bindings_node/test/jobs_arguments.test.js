'use strict';
// Arguments that cannot be: a TypeError or a RangeError that names the argument, never a crash.
const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const vm = require('node:vm');
const hq = require('..');
const { native } = require('../lib/native');
const { columns, bars, CROSSES, python } = require('./jobs_support');

const text = { skip: python ? false : 'no Python with hquant_cffi to compile text' };
const LENGTH = 200;
const given = columns(LENGTH);
const data = bars(LENGTH);
const signals = new Int8Array(LENGTH);
const RULE = 'IF close > open THEN BUY';

/** Each case: what is refused, the kind of error, what its message must say. */
const BARS = [
  [undefined, TypeError, /columns/],
  [null, TypeError, /columns/],
  [[], TypeError, /columns/],
  [{}, TypeError, /columns\.timestamp/],
  [{ ...given, timestamp: new Float64Array(LENGTH).fill(NaN) }, RangeError, /columns\.timestamp\[0\]/],
  [{ ...given, timestamp: ['0'] }, TypeError, /columns\.timestamp\[0\]/],
  [{ ...given, timestamp: [2n ** 63n] }, RangeError, /columns\.timestamp\[0\]/],
  [{ ...given, open: undefined }, TypeError, /columns\.open/],
  [{ ...given, high: new BigInt64Array(LENGTH) }, TypeError, /columns\.high/],
  [{ ...given, low: new Float64Array(3) }, RangeError, /columns\.low\.length/],
  [{ ...given, close: [1, '2'] }, TypeError, /columns\.close\[1\]/],
  [{ ...given, volume: undefined }, TypeError, /columns\.volume.*null loads bars without volume/],
  [{ ...given, close: new Float64Array(new SharedArrayBuffer(LENGTH * 8)) }, TypeError, /columns\.close.*SharedArrayBuffer/],
  [{ ...given, close: new Float64Array(LENGTH).fill(NaN) }, RangeError, /bar 0/],
  [{ ...given, high: new Float64Array(LENGTH) }, RangeError, /bar 0: high/],
  [{ ...given, timestamp: new BigInt64Array(LENGTH) }, hq.HquantError, /bar 1: timestamp/],
  [new Proxy(given, { get: () => 5 }), TypeError, /columns\.timestamp/],
];

test('Bars refuse what are no bars, by the name of the column', () => {
  for (const [columnsGiven, kind, message] of BARS) {
    assert.throws(() => new hq.Bars(columnsGiven), (error) => {
      assert.ok(error instanceof kind, `${error.name}: ${error.message}`);
      assert.match(error.message, message);
      return true;
    });
  }
  const detached = columns(3);
  structuredClone(detached.open.buffer, { transfer: [detached.open.buffer] });
  assert.throws(() => new hq.Bars(detached), { name: 'TypeError', message: /columns\.open.*detached/ });
  assert.throws(() => data.column('closing'), /name/);
  assert.throws(() => new hq.Bars(given, { chek: false }), /options\.chek.*'check'/);
  const unchecked = new hq.Bars({ ...given, high: new Float64Array(LENGTH) }, { check: false });
  assert.throws(() => unchecked.check(), { name: 'RangeError', code: 'HQ_EBAR' });
  assert.equal(new hq.Bars({ ...given, volume: null }).volume[0], 0);
  assert.equal(new hq.Bars(columns(0)).length, 0);
});

/** Columns by the names that other programs write: Timestamp, Open, ... */
const renamed = (from) =>
  Object.fromEntries(Object.entries(from).map(([name, column]) => [name[0].toUpperCase() + name.slice(1), column]));

const BACKTEST = [
  [undefined, { signals }, TypeError, /bars/],
  [5, { signals }, TypeError, /bars/],
  [{}, { signals }, RangeError, /bars.*at least one symbol/],
  [{ '': data }, { signals }, RangeError, /names of symbols/],
  [{ A: data, B: Object.fromEntries(Object.entries(given).map(([name, column]) => [name, column.slice(0, 0)])) },
    { signals: { A: signals } }, RangeError, /bars\.B to have at least one bar/],
  [{ A: data, B: 3 }, { signals }, TypeError, /bars\.B/],
  [{ ...given, Close: given.close, close: undefined }, { signals }, TypeError, /bars\.close/],
  [renamed(given), { signals }, TypeError, /bars\.timestamp/],
  [{ A: renamed(given) }, { signals }, TypeError, /bars\.A\.timestamp/],
  [{ A: { ...given, low: new Float64Array(2) } }, { signals }, RangeError, /bars\.A\.low/],
  [data, undefined, RangeError, /a strategy, options\.signals or options\.orders/],
  [data, 7, TypeError, /options/],
  [data, { signals, capitol: 1 }, TypeError, /options\.capitol.*'capital'/],
  [data, { signals, capital: '1' }, TypeError, /options\.capital/],
  [data, { signals, capital: NaN }, RangeError, /options\.capital/],
  [data, { signals, capital: 0 }, RangeError, /capital/],
  [data, { signals, leverage: 0.5 }, RangeError, /leverage/],
  [data, { signals, fee: -1 }, RangeError, /options\.fee/],
  [data, { signals, makerFee: Infinity }, RangeError, /options\.maker_fee/],
  [data, { signals, slippage: 1 }, RangeError, /options\.slippage/],
  [data, { signals, slippage: 0.1, slippage_ticks: 2 }, RangeError, /slippage and options\.slippage_ticks exclude/],
  [data, { signals, slippage_seed: -1 }, RangeError, /options\.slippage_seed/],
  [data, { signals, slippage_seed: 2n ** 64n }, RangeError, /options\.slippage_seed/],
  [data, { signals, fill: 'now' }, RangeError, /options\.fill.*'next_open'/],
  [data, { signals, fill: 1 }, TypeError, /options\.fill/],
  [data, { signals, limit_bars: 3 }, RangeError, /options\.limit_bars is read only with fill/],
  [data, { signals, intrabar: 'finer' }, RangeError, /options\.finer/],
  [data, { signals, finer: data }, RangeError, /options\.finer is read only/],
  [data, { signals, intrabar: 'finer', finer: {} }, Error, /options\.finer/],
  [data, { signals, size: '50' }, RangeError, /options\.size/],
  [data, { signals, size: 0 }, RangeError, /options\.size/],
  [data, { signals, size: true }, TypeError, /options\.size/],
  [data, { signals, size_unit: 'equity' }, RangeError, /options\.size_unit/],
  [data, { signals, stop: '-3%' }, RangeError, /options\.stop/],
  [data, { signals, trail: [] }, TypeError, /options\.trail/],
  [data, { signals, pyramiding: 1.5 }, RangeError, /options\.pyramiding/],
  [data, { signals, tick_size: { A: 1 } }, TypeError, /tick_size/],
  [{ A: data }, { signals, lot_size: { B: 1 } }, RangeError, /options\.lot_size/],
  [{ A: data, B: data }, { signals, lot_size: { B: 1 } }, RangeError, /options\.lot_size.*none for A/],
  [data, { signals, margin_tiers: [] }, RangeError, /options\.margin_tiers/],
  [data, { signals, margin_tiers: [[0, 1]] }, TypeError, /options\.margin_tiers\[0\]/],
  [data, { signals, margin_tiers: [[5, 0.1, 2]] }, RangeError, /margin_tiers/],
  [data, { signals, margin_tiers: [, [0, 0.01, 10]] }, TypeError, /options\.margin_tiers\[0\].*undefined/],
  [data, { signals, margin_tiers: [[0, , 10]] }, TypeError, /options\.margin_tiers\[0\]\.maintenance_rate.*undefined/],
  [data, { signals, funding: [1] }, RangeError, /options\.funding\.length/],
  [data, { signals: signals.map(() => 1), funding: new Float64Array(LENGTH).fill(NaN) }, RangeError, /funding/],
  [data, { signals, funding_missing: 'zero' }, RangeError, /options\.funding_missing is read only/],
  [data, { signals, funding: new Float64Array(LENGTH), funding_missing: {} }, TypeError, /options\.funding_missing/],
  [data, { signals, funding: new Float64Array(LENGTH), funding_interval: '8x' }, RangeError, /options\.funding_interval/],
  [data, { signals, bar_period: 0 }, RangeError, /options\.bar_period/],
  [data, { signals, bar_period: {} }, TypeError, /options\.bar_period/],
  [data, { signals, curves: ['equity'] }, TypeError, /options\.curves/],
  [data, { signals, params: { fast: 1 } }, RangeError, /options\.params: there is no strategy/],
  [data, { signals, signal: {} }, TypeError, /options\.signal/],
  [data, { signals, progress: 5 }, TypeError, /options\.progress/],
  [data, { signals: new Int8Array(3) }, RangeError, /options\.signals\.length/],
  [data, { signals: signals.map(() => 2) }, RangeError, /options\.signals\[0\]/],
  [data, { signals: Array(LENGTH).fill(null) }, RangeError, /options\.signals\[0\]/],
  [data, { signals: 'buy' }, TypeError, /options\.signals/],
  [data, { signals: { A: signals } }, TypeError, /options\.signals/],
  [data, { orders: {} }, TypeError, /options\.orders/],
  [data, { orders: [5] }, TypeError, /options\.orders\[0\]/],
  [data, { orders: [, { bar: 1, side: 'buy' }] }, TypeError, /options\.orders\[0\].*undefined/],
  [data, { orders: [{ side: 'buy' }] }, TypeError, /options\.orders\[0\]\.bar/],
  [data, { orders: [{ bar: 1, side: 'long' }] }, RangeError, /options\.orders\[0\]\.side/],
  [data, { orders: [{ bar: 1, side: 'buy', type: 'limit' }] }, RangeError, /options\.orders\[0\]\.price/],
  [data, { orders: [{ bar: 1, side: 'buy', price: 3 }] }, RangeError, /options\.orders\[0\]\.price/],
  [data, { orders: [{ bar: 1, side: 'buy', symbol: 'A' }] }, RangeError, /options\.orders\[0\]\.symbol/],
  [data, { orders: [{ bar: 1, side: 'buy', targett: 3 }] }, TypeError, /options\.orders\[0\]\.targett.*'target'/],
  [data, { orders: [{ bar: 9, side: 'buy' }, { bar: 1, side: 'buy' }] }, RangeError, /orders\[1\]/],
  [data, { orders: [{ bar: 1, side: 'buy' }], stop: '3%' }, RangeError, /options\.stop is read only of signals/],
];

const RUN = [
  [data, { indicators: null }, RangeError, /strategy, or options\.indicators/],
  [data, { indicators: 5 }, TypeError, /options\.indicators/],
  [data, { indicators: [5] }, TypeError, /options\.indicators/],
  [data, { indicators: ['RSI(14)', , 'SMA(5)'] }, TypeError, /options\.indicators.*undefined/],
  [data, { indicators: { time: 'RSI(14)' } }, RangeError, /'time' is a column/],
  [data, { indicators: { '': 'RSI(14)' } }, RangeError, /options\.indicators/],
  [data, { indicators: 'MACD(26, 12, 9)' }, RangeError, /MACD: fast/],
  [data, { indicators: 'RSI(0)' }, RangeError, /RSI: period/],
  [data, { indicators: 'RSI(14)', mode: 'pandas' }, RangeError, /mode/],
  [data, { indicators: 'RSI(14)', htf: 3 }, TypeError, /options\.htf/],
  [data, { indicators: 'RSI(14)', series: ['x'] }, RangeError, /options\.series/],
  [data, { indicators: 'RSI(14)', params: { n: 1 } }, RangeError, /options\.params/],
  [{ ...given, close: undefined }, { indicators: 'RSI(14)' }, TypeError, /bars\.close/],
];

const { trades } = hq.backtest_sync(data, null, { signals: signals.map(() => 1) });

const METRICS = [
  [undefined, TypeError, /curve/],
  [{}, RangeError, /neither/],
  [{ equity: [1], returns: [1], time: [1] }, RangeError, /both/],
  [{ equity: [1] }, TypeError, /time/],
  [{ equity: [], time: [] }, RangeError, /at least one step/],
  [{ equity: [1, 2], time: [1] }, RangeError, /time\.length/],
  [{ equity: [1, -2], time: [1, 2] }, RangeError, /equity\[1\]/],
  [{ equity: [1, 2], time: [2, 1] }, hq.HquantError, /time\[1\]/],
  [{ equity: [1, 2], time: [1, 2], initial: 0 }, RangeError, /initial/],
  [{ returns: [0, 0], time: [1, 2], initial: 1 }, RangeError, /initial/],
  [{ equity: [1, 2], time: [1, 2], periods_per_year: '360d' }, RangeError, /periods_per_year/],
  [{ equity: [1, 2], time: [1, 2], daysPerYear: -1 }, RangeError, /days_per_year/],
  [{ equity: [1, 2], time: [1, 2], risk_free: 'none' }, TypeError, /risk_free/],
  [{ equity: [1, 2], time: [1, 2], risk_free: 2 }, RangeError, /risk_free/],
  [{ equity: [1, 2], time: [1, 2], trades: {} }, TypeError, /Expected trades\.pnl to be a Float64Array/],
  [{ equity: [1, 2], time: [1, 2], trades: { ...trades, side: new Uint8Array(1) } }, TypeError, /trades\.side.*Int8Array/],
  [{ equity: [1, 2], time: [1, 2], trades: { ...trades, mfe: undefined } }, TypeError, /trades\.mfe/],
  [{ equity: [1, 2], time: [1, 2], trades: { ...trades, mfe: new Float64Array(9) } }, RangeError, /trades\.mfe\.length/],
  [{ equity: [1, 2], time: [1, 2], benchmark: [1] }, RangeError, /benchmark\.length/],
  [{ equity: [1, 2], time: [1, 2], benchmark: [NaN, NaN] }, RangeError, /benchmark: no two steps/],
];

function* endless() {
  for (;;) yield 5;
}

function expected(kind, message, where) {
  return (error) => {
    assert.ok(error instanceof kind, `${where}: ${error.name}: ${error.message}`);
    assert.match(error.message, message, where);
    return true;
  };
}

for (const [name, cases, call] of [
  ['backtest', BACKTEST, (first, options) => [first, null, options]],
  ['run', RUN, (first, options) => [first, null, options]],
]) {
  test(`${name} refuses what cannot be, by its name, and so does ${name}_sync`, async () => {
    for (const [first, options, kind, message] of cases) {
      const check = expected(kind, message, `${String(message)}`);
      await assert.rejects(hq[name](...call(first, options)), check, String(message));
      assert.throws(() => hq[`${name}_sync`](...call(first, options)), check);
    }
  });
}

test('metrics refuses what is no curve, by its name', async () => {
  for (const [curve, kind, message] of METRICS) {
    const check = expected(kind, message, String(message));
    await assert.rejects(hq.metrics(curve), check);
    assert.throws(() => hq.metrics_sync(curve), check);
  }
});

test('of several symbols, a strategy that is no object of names is refused, too', async () => {
  class Strategy {} // as another copy of the package has it
  for (const strategy of [{}, new Strategy()]) {
    const check = expected(TypeError, /Expected strategy to be strategy text.*by symbol/, 'strategy');
    await assert.rejects(hq.backtest({ A: data, B: data }, strategy), check);
    assert.throws(() => hq.backtest_sync({ A: data, B: data }, strategy), check);
    assert.throws(() => hq.sweep_sync({ A: data, B: data }, strategy), check);
  }
});

test('a program may be bytes of another realm', text, async () => {
  const bytes = vm.runInNewContext('Uint8Array.from(given)', { given: [...hq.Strategy.compile(RULE).bytecode] });
  assert.equal(bytes instanceof Uint8Array, false);
  const expectedSignals = hq.backtest_sync(data, RULE).signals;
  assert.equal((await hq.backtest(data, bytes)).signals, expectedSignals);
  assert.equal(hq.backtest_sync(data, bytes).signals, expectedSignals);
});

test('strategies that cannot be are refused: of another type, bytes that are none, text that does not compile', text, async () => {
  for (const [strategy, kind, message] of [
    [5, TypeError, /strategy/],
    [[], TypeError, /strategy/],
    [{}, TypeError, /Expected strategy to be strategy text.* a Strategy \(of this copy of the package\) but received/],
    [{ A: RULE }, TypeError, /Expected strategy to be strategy text/],
    [new Uint8Array(10), hq.HquantError, /HQBC|bytes|program/],
    ['IF', hq.HquantError, /E1/],
    ['\ud800', RangeError, /strategy/],
    [`${RULE} SIZE`, hq.HquantError, /E/],
  ]) {
    await assert.rejects(hq.backtest(data, strategy), expected(kind, message, String(strategy)));
    assert.throws(() => hq.backtest_sync(data, strategy), expected(kind, message, String(strategy)));
  }
  await assert.rejects(hq.backtest(data, 'nowhere.hq'), { code: 'ENOENT' });
  await assert.rejects(hq.backtest(data, RULE, { signals }), /exclude each other/);
  await assert.rejects(hq.compile(RULE, { nme: 'x' }), /options\.nme.*'name'/);
  const error = await hq.compile(`${RULE}\nIF RSI(0) > 3 THEN SELL`, { name: 'mine' }).catch((each) => each);
  assert.equal(error.code, 'HQ_ECOMPILE');
  assert.equal(error.line, 2);
  assert.equal(error.diagnostics[0].file, 'mine');
});

test('a strategy\'s PARAMs and series are checked by name and range', text, async () => {
  for (const [params, kind, message] of [
    [{ fsat: 3 }, RangeError, /options\.params.*'fast'/],
    [{ fast: 1 }, RangeError, /options\.params\.fast.*2\.\.20/],
    [{ fast: NaN }, RangeError, /options\.params\.fast/],
    [{ fast: '3' }, TypeError, /options\.params\.fast/],
    [[3], RangeError, /options\.params|params/],
  ]) {
    await assert.rejects(hq.backtest(data, CROSSES, { params }), (error) => {
      assert.match(error.message, /params/);
      return params.length === 1 || expected(kind, message, String(message))(error);
    });
  }
  await assert.rejects(hq.run(data, CROSSES, { series: ['quik'] }), { name: 'RangeError', message: /quick.*did you mean 'quick'/ });
  await assert.rejects(hq.run(data, hq.Strategy.from_bytecode((await hq.compile(CROSSES)).bytecode), { series: true }), /keeps no names/);
  await assert.rejects(hq.run(data, CROSSES, { indicators: { x: 'SMA(close' } }), { code: 'HQ_ECOMPILE' });
  for (const more of ['close\nIF close > open THEN BUY', 'close * 2\ny = open', 'close + 1\nPARAM n = 3\n']) {
    await assert.rejects(hq.run(data, null, { indicators: { x: more } }), (error) => /one expression|HQ_ECOMPILE/.test(`${error.message} ${error.code}`));
  }
  await assert.rejects(hq.run({ ...given, buy_volume: null }, null, { indicators: 'SUM(buy_volume, 3)' }), /buy_volume/);
});

test('sweep refuses what cannot be, by its name', text, async () => {
  for (const [strategy, options, kind, message] of [
    [null, {}, TypeError, /strategy/],
    [RULE, {}, RangeError, /no PARAM/],
    [`PARAM n = 3\nIF close > SMA(close, n) THEN BUY`, {}, RangeError, /no range/],
    [CROSSES, { params: {} }, RangeError, /options\.params/],
    [CROSSES, { params: [] }, TypeError, /options\.params/],
    [CROSSES, { params: { fst: [1] } }, RangeError, /options\.params.*fast/],
    [CROSSES, { params: { fast: [] } }, RangeError, /options\.params\.fast.*at least one/],
    [CROSSES, { params: { fast: [1] } }, RangeError, /options\.params\.fast.*2\.\.20/],
    [CROSSES, { params: { fast: ['3'] } }, TypeError, /options\.params\.fast\[0\]/],
    [CROSSES, { params: { fast: 'all' } }, TypeError, /options\.params\.fast/],
    [CROSSES, { params: {}, grid: [] }, RangeError, /exclude/],
    [CROSSES, { grid: [] }, RangeError, /options\.grid/],
    [CROSSES, { grid: [[1, 2, 3]] }, RangeError, /options\.grid\[0\]\.length/],
    [CROSSES, { grid: [{ fast: 99 }] }, RangeError, /options\.grid\[0\]\.fast/],
    [CROSSES, { grid: [5] }, TypeError, /options\.grid\[0\]/],
    [CROSSES, { where: 'fast < slow' }, TypeError, /options\.where.*function/],
    [CROSSES, { where: () => false }, RangeError, /options\.where drops all/],
    [CROSSES, { where: async () => false }, TypeError, /options\.where.*returned a Promise/],
    [CROSSES, { params: { fast: { [Symbol.iterator]: endless } } }, RangeError, /options\.params\.fast\.length.*at most/],
    [CROSSES, { params: { fast: new Array(2 ** 32 - 1) } }, RangeError, /options\.params\.fast\.length.*at most/],
    [CROSSES, { grid: new Array(2 ** 32 - 1) }, RangeError, /options\.grid\.length.*at most/],
    [CROSSES, { params: new Map([['fast', [5]]]) }, TypeError, /options\.params.*a Map/],
    [CROSSES, new Map([['params', {}]]), TypeError, /options.*a Map/],
    [CROSSES, { grid: [, { fast: 5 }] }, TypeError, /options\.grid\[0\]/],
    [CROSSES, { metric: 'sharp' }, RangeError, /options\.metric.*'sharpe'/],
    [CROSSES, { metrics: ['cagr', 'alfa'] }, RangeError, /options\.metrics\[1\].*'alpha'/],
    [CROSSES, { metrics: 'some' }, TypeError, /options\.metrics/],
    [CROSSES, { metrics: [, 'cagr'] }, TypeError, /options\.metrics\[0\].*undefined/],
    [CROSSES, { top: 0 }, RangeError, /options\.top/],
    [CROSSES, { threads: 0 }, RangeError, /options\.threads/],
    [CROSSES, { threads: 5000 }, RangeError, /options\.threads/],
    [CROSSES, { curves: 1 }, TypeError, /options\.curves/],
    [CROSSES, { signals }, TypeError, /options\.signals: signals have no PARAMs/],
    [CROSSES, { capital: -1 }, RangeError, /capital/],
    [CROSSES, { periods_per_year: 0 }, RangeError, /periods_per_year/],
    ['PARAM n = 10 IN 5..40\nIF CROSSOVER(MACD(n, 20, 9).macd, 0) THEN BUY', { params: { n: [30, 40] } }, RangeError,
      /none of the 2 combinations.*fast/],
  ]) {
    const check = expected(kind, message, `${strategy} ${String(message)}`);
    await assert.rejects(hq.sweep(data, strategy, options), check);
    assert.throws(() => hq.sweep_sync(data, strategy, options), check);
  }
  const found = await hq.sweep(data, CROSSES, { params: { fast: [3, 5] } });
  assert.throws(() => found.row(2), /index/);
  assert.throws(() => found.top(0), /count/);
  assert.throws(() => found.curve(0), /curves/);
});

test('a CSV that is none is refused by line and column', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hquant-'));
  const file = path.join(folder, 'bars.csv');
  const read = (content) => {
    fs.writeFileSync(file, content);
    return hq.load_csv(file);
  };
  const HEAD = 'Date,Open,High,Low,Close,Volume';
  for (const [content, message] of [
    ['', /only blank lines/],
    ['1,2,3\n', /a header line/],
    [`${HEAD}\n`, /rows below the header/],
    ['Date,Open,High,Low,Close\n', /no column for volume/],
    [`${HEAD},vol\n`, /more than one column could be volume/],
    [`${HEAD}\n2024-01-01,1,2,0.5,1.5\n`, /line 2: expected 6 fields, found 5/],
    [`${HEAD}\n\n2024-01-01,1,x,0.5,1.5,1\n`, /line 3, column 'High': expected a number, found 'x'/],
    [`${HEAD}\n2024-02-30,1,2,0.5,1.5,1\n`, /line 2, column 'Date': expected an ISO 8601 date.*'2024-02-30'/],
    [`${HEAD}\n2024-01-31 24:00,1,2,0.5,1.5,1\n`, /line 2, column 'Date': expected an ISO 8601 date.*'2024-01-31 24:00'/],
    [`${HEAD}\n2024-01-01,1,2,0.5,1.5,1\n2024-01-01,1,2,0.5,1.5,1\n`, /line 3: bar 1: timestamp/],
    [`${HEAD}\n1700000000000,1,2,0.5,1.5,1\n1700000000,1,2,0.5,1.5,1\n1700000120000,1,2,0.5,1.5,1\n`,
      /line 3, column 'Date': expected an epoch time in milliseconds.*'1700000000'/],
    [`${HEAD}\n1700000000,1,2,0.5,1.5,1\n1700000060000,1,2,0.5,1.5,1\n1700000120000,1,2,0.5,1.5,1\n`, /line 2, column 'Date'/],
    [`${HEAD}\n20240131,1,2,0.5,1.5,1\n20240201,1,2,0.5,1.5,1\n20240230,1,2,0.5,1.5,1\n`,
      /line 4, column 'Date': expected a date as YYYYMMDD.*'20240230'/],
    [Buffer.from([0x1f, 0x8b, 8, 0]), /expected CSV text, found gzip; unpack it first/],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(HEAD, 'utf16le')]), /found UTF-16; save it as UTF-8/],
    [Buffer.from([0x44, 0xe9, 0x2c, 0x0a]), /expected UTF-8 text/],
    [`${HEAD}\n2024-01-01,1,0.2,0.5,1.5,1\n`, /line 2: bar 0: high/],
  ]) {
    await assert.rejects(read(content), (error) => {
      assert.match(error.message, message);
      assert.ok(error.message.startsWith(file));
      return true;
    });
  }
  const minutes = ['1700000000', '1700000060'];
  for (const times of [minutes, minutes.map((each) => `${each}000`), minutes.map((each) => `${each}000000`),
    ['2023-11-14T22:13:20Z', '2023-11-15 00:14:20 +0200']]) {
    const found = await read(`\ufefftime;o;h;l;c;v;taker_buy_volume\r\n${times.map((each) => `${each};1;2;0.5;1.5;9;4`).join('\r\n')}\r\n`);
    assert.deepEqual([...found.timestamp], [1_700_000_000_000n, 1_700_000_060_000n]);
    assert.deepEqual([...found.buy_volume], [4, 4]);
  }
  for (const [one, two] of [['20240131', '20240201'], ['20240131.0', '20240201.0'], ['+20240131', '20240201']]) {
    const days = await read(`${HEAD}\n${one},1,2,0.5,1.5,1\n${two},1,2,0.5,1.5,1\n`);
    assert.deepEqual([...days.timestamp], [1_706_659_200_000n, 1_706_745_600_000n]);
  }
  const kline = '1700000000000,1,2,0.5,1.5,9,1700000059999,9,3,4,4,0';
  assert.equal((await read(kline)).buy_volume[0], 4);
  await assert.rejects(hq.load_csv(path.join(folder, 'none.csv')), { code: 'ENOENT' });
  await assert.rejects(hq.load_csv(5), /path/);
  fs.rmSync(folder, { recursive: true });
});

test('the addon itself answers nonsense by exceptions', () => {
  const nonsense = [undefined, null, 0, -1, NaN, 'x', true, {}, [], () => 1, Symbol('s'), new Float64Array(1), Object.create(null), 10n,
    { symbols: 5, options: {} }, { symbols: [5], options: {} }, { symbols: [{ bars: data }], options: {} }, { bars: {}, columns: [] },
    { bars: given, columns: [{ register: 7 }], options: {} }, { time: 5 }, { time: given.timestamp, equity: given.close, trades: 5 }];
  const names = Object.keys(native).filter((name) => /^hq_.*_(sync|start)$|^bars_|^hq_bars|^job_stop|^sweep_figures/.test(name));
  assert.ok(names.length >= 13, names.join());
  for (const name of names) {
    for (const first of nonsense) {
      for (const second of [undefined, 5, {}]) {
        try {
          native[name](first, second, second);
        } catch (error) {
          assert.ok(error instanceof Error, `${name}: ${String(error)}`);
        }
      }
    }
  }
});
