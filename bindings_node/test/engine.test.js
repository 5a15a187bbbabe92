'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { bar, columnsOf, optionsOf, sameBits, walk } = require('./support');
const { HQuant, indicators, ordered, INDICATOR_SCALAR, INDICATOR_TRIPLE } = require('..');

const BARS = walk(500);

const addAll = (engine) => indicators.table().map((row) => engine.add_indicator(row.name, optionsOf(row)));

test('a new engine is empty, and keeps as many bars as fit', () => {
  const engine = new HQuant(2);
  assert.equal(engine.len(), 0);
  assert.equal(engine.capacity(), 2);
  for (let i = 0; i < 3; i++) engine.push_bar(bar(i));
  assert.equal(engine.len(), 2);
  assert.equal(engine.total_bars(), 3);
  assert.deepEqual([...ordered(engine.close_column())], [101, 102]);
});

test('whole columns give what bar by bar gives, for every indicator, to the bit', () => {
  const [one, other] = [new HQuant(512), new HQuant(512)];
  const ids = addAll(one);
  assert.deepEqual(addAll(other), ids);
  for (const each of BARS) one.push_bar(each);
  assert.equal(other.push_bars(columnsOf(BARS)), BARS.length);
  for (const id of ids) sameBits(other.indicator_values(id), one.indicator_values(id), `indicator ${id}`);
});

test('times may be BigInts, doubles or Arrays: the bars are the same', () => {
  const columns = columnsOf(BARS.slice(0, 20));
  const times = Array.from(columns.timestamp, Number);
  const given = [columns.timestamp, Float64Array.from(times), times, Array.from(columns.timestamp)];
  for (const timestamp of given) {
    const engine = new HQuant(64);
    engine.push_bars({ ...columns, timestamp });
    assert.deepEqual(ordered(engine.timestamp_column(), BigInt64Array), columns.timestamp);
  }
});

test('columns may be Arrays, and buy_volume may be left out', () => {
  const engine = new HQuant(8);
  const { buy_volume, ...columns } = columnsOf(BARS.slice(0, 3));
  engine.push_bars(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]])));
  sameBits(ordered(engine.close_column()), columns.close);
  sameBits(ordered(engine.buy_volume_column()), [0, 0, 0]);
});

test('no bars at all are pushed without a word', () => {
  const engine = new HQuant(8);
  assert.equal(engine.push_bars(columnsOf([])), 0);
  assert.equal(engine.push_bars({ timestamp: [], open: [], high: [], low: [], close: [], volume: [] }), 0);
});

test('replacing the last bar is as if only the last version had been pushed', () => {
  const [straight, revised] = [new HQuant(64), new HQuant(64)];
  const ids = addAll(straight);
  addAll(revised);
  BARS.slice(0, 60).forEach((each, i) => {
    straight.push_bar(each);
    revised.push_bar({ ...BARS[i + 60], timestamp: each.timestamp });
    revised.update_last_bar(BARS[i + 120]);
    revised.updateLastBar(each);
  });
  for (const id of ids) sameBits(revised.indicator_values(id), straight.indicator_values(id), `indicator ${id}`);
});

test('indicator_last says whether it holds one value or three', () => {
  const engine = new HQuant(8);
  const [sma, boll] = [engine.add_sma_close(2), engine.add_boll(2, 1)];
  assert.deepEqual(engine.indicator_last(sma), { kind: INDICATOR_SCALAR, a: NaN, b: NaN, c: NaN });
  engine.push_bar(bar(0, 10));
  engine.push_bar(bar(1, 14));
  assert.deepEqual(engine.indicator_last(sma), { kind: INDICATOR_SCALAR, a: 12, b: NaN, c: NaN });
  assert.deepEqual(engine.indicator_last(boll), { kind: INDICATOR_TRIPLE, a: 14, b: 12, c: 10 });
});

test("the seed's indicators are those of the table", () => {
  const engine = new HQuant(8);
  const pairs = [
    [engine.add_rsi(14), ['RSI', 14]],
    [engine.add_ema_close(5), ['EMA', 5]],
    [engine.add_sma_close(5), ['SMA', { period: 5 }]],
    [engine.add_stddev_close(5), ['STDDEV', 5]],
    [engine.add_boll(20, 2), ['BOLL', 20, { k: 2 }]],
    [engine.add_macd(12, 26, 9), ['macd', 12, 26, 9]],
    [engine.add_atr(14), ['ATR', 14]],
  ];
  for (const [id, args] of pairs) assert.equal(engine.add_indicator(...args), id, String(args));
});

test('an indicator reads the field it is told, and starts as its mode says', () => {
  const engine = new HQuant(64);
  const volume = engine.add_indicator('SMA', 3, { field: 'volume' });
  const correl = engine.add_indicator('CORREL', 5, { field: ['open', 'close'] });
  const talib = engine.add_indicator('EMA', { period: 5, mode: 'talib' });
  for (const each of BARS.slice(0, 30)) engine.push_bar(each);
  const columns = columnsOf(BARS.slice(0, 30));
  sameBits(engine.indicator_values(volume), [indicators.sma(columns.volume, 3).at(-1)]);
  sameBits(engine.indicator_values(correl), [indicators.correl(columns.open, columns.close, 5).at(-1)]);
  sameBits(engine.indicator_values(talib), [indicators.ema(columns.close, { period: 5, mode: 'talib' }).at(-1)]);
});

test('an indicator without a history has the same newest values and no column', () => {
  const [plain, engine] = [new HQuant(64), new HQuant(64)];
  const ids = [plain.add_indicator('BOLL', 5, 2), engine.add_indicator('BOLL', 5, { k: 2, history: false })];
  assert.equal(ids[0], ids[1]);
  const live = engine.live([[ids[1], 2]]);
  for (const each of BARS.slice(0, 40)) {
    for (const one of [plain, engine]) one.push_bar(each);
    sameBits(engine.indicator_values(ids[1]), plain.indicator_values(ids[0]));
    sameBits(live, [plain.indicator_values(ids[0])[2]]);
  }
  assert.throws(() => engine.indicator_column(ids[1]), /BOLL.*without a history/);
  assert.equal(engine.add_indicator('BOLL', 5, 2) > ids[1], true, 'with one it is another');
  assert.throws(() => engine.add_indicator('SMA', { period: 5, history: 1 }), /Expected history to be true or false but received 1/);
});

test('live values follow every push and update', () => {
  const engine = new HQuant(64);
  const [sma, macd] = [engine.add_sma_close(3), engine.add_macd(2, 4, 3)];
  const live = engine.live([sma, [macd, 2], [macd, 0]]);
  const shown = () => [...engine.indicator_values(sma), engine.indicator_last(macd).c, engine.indicator_last(macd).a];
  for (const each of BARS.slice(0, 20)) {
    engine.push_bar(each);
    sameBits(live, shown());
    engine.update_last_bar({ ...each, close: each.close + 1 });
    sameBits(live, shown());
  }
  engine.push_bars(columnsOf(BARS.slice(20, 200)));
  sameBits(live, shown());
});

test('a column is the ring itself: later bars show in a buffer that was taken before, one buffer a column', () => {
  const engine = new HQuant(4);
  engine.push_bar(bar(0, 7));
  const { buffer, capacity, len, head } = engine.close_column();
  assert.deepEqual([buffer.byteLength, capacity, len, head], [32, 4, 1, 1]);
  engine.push_bar(bar(1, 8));
  assert.deepEqual([...new Float64Array(buffer).slice(0, 2)], [7, 8]);
  assert.equal(engine.closeColumn().buffer, buffer);
  assert.notEqual(engine.open_column().buffer, buffer);
});

test('every column is the field of its name, in order once the ring has wrapped', () => {
  const engine = new HQuant(16);
  for (const each of BARS.slice(0, 40)) engine.push_bar(each);
  const kept = columnsOf(BARS.slice(24, 40));
  for (const name of ['open', 'high', 'low', 'close', 'volume', 'buy_volume']) {
    sameBits(ordered(engine.column(name)), kept[name], name);
    sameBits(ordered(engine[`${name}_column`]()), kept[name], name);
  }
  assert.deepEqual(ordered(engine.column('timestamp'), BigInt64Array), kept.timestamp);
});

test("an indicator's column holds its values, as over whole columns", () => {
  const engine = new HQuant(512);
  const id = engine.add_boll(20, 2);
  engine.push_bars(columnsOf(BARS));
  const { upper, lower } = indicators.boll(columnsOf(BARS).close, 20, 2);
  sameBits(ordered(engine.indicator_column(id)), upper);
  sameBits(ordered(engine.indicator_column(id, 2)), lower);
});

test('a view outlives its engine, and its memory is not used again', () => {
  const engine = new HQuant(4);
  const live = engine.live([engine.add_sma_close(1)]);
  engine.push_bar(bar(0, 7));
  const { buffer } = engine.close_column();
  engine.close();
  engine.close(); // nothing is left to do
  for (let i = 0; i < 100; i++) new HQuant(4).push_bar(bar(0, 1));
  global.gc?.();
  assert.equal(new Float64Array(buffer)[0], 7);
  assert.equal(live[0], 7);
});

test('times beyond 2^53 come back as BigInts, others as Numbers', () => {
  const engine = new HQuant(4);
  engine.add_strategy('all', require('./programs').always);
  engine.push_bar({ ...bar(0), timestamp: 5 });
  engine.push_bar({ ...bar(0), timestamp: 2n ** 53n });
  engine.push_bar({ ...bar(0), timestamp: 2n ** 63n - 1n });
  engine.push_bar({ ...bar(0), timestamp: -(2n ** 63n) });
  const times = engine.poll_signals().map(({ timestamp }) => timestamp);
  assert.deepEqual(times, [5, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)]);
});

test('a snapshot goes on with the same bits', () => {
  const engine = new HQuant(64);
  const ids = addAll(engine);
  engine.add_strategy('all', require('./programs').always);
  for (const each of BARS.slice(0, 100)) engine.push_bar(each);
  const loaded = HQuant.load(engine.save());
  for (const each of BARS.slice(100, 200)) {
    engine.push_bar(each);
    loaded.push_bar(each);
  }
  for (const id of ids) sameBits(loaded.indicator_values(id), engine.indicator_values(id));
  assert.deepEqual(loaded.poll_signals(), engine.poll_signals());
});

test('the signal queue drops the oldest, counts them, and may be resized', () => {
  const engine = new HQuant(4);
  const id = engine.add_strategy('all', require('./programs').always);
  engine.set_signal_capacity(2);
  for (let i = 0; i < 5; i++) engine.push_bar(bar(i));
  assert.equal(engine.signals_len(), 2);
  assert.equal(engine.signals_dropped(), 3);
  const expected = [3, 4].map((i) => ({ strategy_id: id, action: 'BUY', timestamp: i * 60_000 }));
  assert.deepEqual(engine.poll_signals(), expected);
  assert.deepEqual(engine.poll_signals(), []);
});

test('more signals than one batch takes come all, in order', () => {
  const engine = new HQuant(4);
  engine.add_strategy('all', require('./programs').always);
  engine.push_bars(columnsOf(walk(3000)));
  const times = engine.poll_signals().map(({ timestamp }) => timestamp);
  assert.deepEqual(times, Array.from({ length: 3000 }, (_, i) => i * 60_000));
});

test('fields and options have their camelCase names too', () => {
  const engine = new HQuant(4, { barPeriod: '1m', htf: 'forming' });
  engine.push_bar({ ...bar(0), buyVolume: 2 });
  const { buy_volume, ...columns } = columnsOf(BARS.slice(0, 2));
  engine.push_bars({ ...columns, buyVolume: buy_volume });
  sameBits(ordered(engine.buy_volume_column()), [2, ...buy_volume]);
  assert.throws(() => new HQuant(4, { barPeriods: '1m' }), { name: 'TypeError', message: /did you mean 'bar_period'/ });
});

test('subclasses are engines, and every snake_case name has its camelCase twin', () => {
  class Mine extends HQuant {
    push_bar(each) {
      super.push_bar({ ...each, close: each.close * 2 });
    }
  }
  const mine = new Mine(4);
  mine.push_bar(bar(0, 10));
  assert.deepEqual([...ordered(mine.close_column())], [20]);
  for (const name of Object.getOwnPropertyNames(HQuant.prototype)) {
    const twin = name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
    assert.equal(HQuant.prototype[twin], HQuant.prototype[name], name);
  }
});

test('an engine without indicators says so', () => {
  const error = { name: 'RangeError', code: 'HQ_ENOTFOUND', message: 'indicator: there are none yet, found id 7; add one first' };
  assert.throws(() => new HQuant(4).indicator_last(7), error);
});
