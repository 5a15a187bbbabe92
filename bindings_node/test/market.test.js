'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { bar, columnsOf, sameBits, walk } = require('./support');
const programs = require('./programs');
const { Aggregator, HQuant, MultiHQuant, Period, ordered } = require('..');

const BARS = walk(200);

test('periods are parsed, written and counted from', () => {
  assert.equal(new Period('15m').ms, 900_000);
  assert.equal(Period.parse('4h').as_ms(), 14_400_000);
  assert.equal(String(new Period('60m')), '1h');
  assert.equal(JSON.stringify(new Period('500ms')), '"500ms"');
  const day = new Period('1d');
  assert.equal(day.bucket_start(86_400_001), 86_400_000);
  assert.equal(day.bucketStart(-1n), -86_400_000);
  assert.throws(() => day.bucket_start(-(2n ** 63n)), RangeError);
  for (const text of ['1M', '', '0m', '15', 'm', '99999999999999999999d']) {
    assert.throws(() => new Period(text), { name: 'RangeError', code: 'HQ_EINVAL' }, text);
  }
});

test("an aggregator's candles are those of the bars in them", () => {
  const aggregator = new Aggregator(['5m', '1h']);
  for (const each of BARS.slice(0, 7)) aggregator.push(each);
  aggregator.flush();
  const closed = aggregator.poll_events().filter(({ kind }) => kind === 'KlineClosed');
  assert.deepEqual(closed.map(({ period, candle }) => [String(period), candle.open_time]), [
    ['5m', 0],
    ['5m', 300_000],
    ['1h', 0],
  ]);
  const { candle } = closed[0];
  const five = BARS.slice(0, 5);
  assert.equal(candle.open, five[0].open);
  assert.equal(candle.close, five[4].close);
  assert.equal(candle.high, Math.max(...five.map(({ high }) => high)));
  assert.equal(candle.low, Math.min(...five.map(({ low }) => low)));
  assert.equal(candle.close_time, 300_000);
  assert.equal(candle.last_update_ts, 240_000);
  assert.equal(aggregator.events_len(), 0);
});

test('more events than one batch takes come all', () => {
  const aggregator = new Aggregator(['1m']);
  for (let i = 0; i < 1000; i++) aggregator.push(bar(i));
  const opened = aggregator.poll_events().filter(({ kind }) => kind === 'KlineUpdated');
  assert.deepEqual(opened.map(({ candle }) => candle.open_time), Array.from({ length: 1000 }, (_, i) => i * 60_000));
});

test('an aggregator goes on from its snapshot', () => {
  const aggregator = new Aggregator(['5m']);
  aggregator.push(BARS[0]);
  const loaded = Aggregator.load(aggregator.save());
  assert.deepEqual(loaded.periods().map(String), ['5m']);
  for (const each of [aggregator, loaded]) each.push(BARS[1]);
  assert.deepEqual(loaded.poll_events(), aggregator.poll_events());
});

test("a MultiHQuant's engines are those that are fed the candles", () => {
  const multi = new MultiHQuant(64, ['1m', '5m']);
  const engine = multi.engine('5m');
  const id = engine.add_sma_close(3);
  const live = engine.live([id]);
  for (const each of BARS.slice(0, 100)) multi.feed_bar(each);
  const closes = ordered(engine.close_column());
  assert.deepEqual([...closes], Array.from({ length: 20 }, (_, i) => BARS[i * 5 + 4].close));
  sameBits(live, engine.indicator_values(id));
  sameBits(live, [(closes[17] + closes[18] + closes[19]) / 3]);
  assert.equal(multi.engine(300_000).len(), 20);
  assert.equal(multi.engine(new Period('5m')).len(), 20);
});

test('whole columns into a MultiHQuant give what bar by bar gives', () => {
  const [one, other] = [0, 1].map(() => new MultiHQuant(64, ['1m', '5m'], { emit: 'on_close', htf: 'closed' }));
  for (const multi of [one, other]) {
    multi.add_multi_strategy('across', programs.htf);
    multi.engine('5m').add_strategy('own', programs.cross);
  }
  for (const each of BARS) one.feedBar(each);
  assert.equal(other.feed_bars(columnsOf(BARS)), BARS.length);
  for (const multi of [one, other]) multi.flush();
  const signals = one.poll_signals();
  assert.ok(signals.some(({ strategy_id }) => MultiHQuant.decode_id(strategy_id).period_index === 0));
  assert.ok(signals.some(({ strategy_id }) => MultiHQuant.decodeId(strategy_id).period_index === 2));
  assert.deepEqual(other.poll_signals(), signals);
});

test('a MultiHQuant goes on from its snapshot', () => {
  const multi = new MultiHQuant(64, ['1m', '5m'], { emit: 'on_close' });
  multi.add_multi_strategy('across', programs.htf);
  multi.feed_bars(columnsOf(BARS.slice(0, 100)));
  const loaded = MultiHQuant.load(multi.save());
  assert.deepEqual([loaded.periods().map(String), loaded.emit()], [['1m', '5m'], 'on_close']);
  for (const each of [multi, loaded]) each.feed_bars(columnsOf(BARS.slice(100)));
  assert.deepEqual(loaded.poll_signals(), multi.poll_signals());
  sameBits(ordered(loaded.engine('5m').close_column()), ordered(multi.engine('5m').close_column()));
});

test('the parameters of a cross-period strategy are set, its queue resized', () => {
  const multi = new MultiHQuant(64, ['1m', '5m']);
  const id = multi.add_multi_strategy('s', programs.cross);
  multi.set_param(id, 'p', 5);
  assert.throws(() => multi.set_param(id, 'nope', 5), { code: 'HQ_ENOTFOUND' });
  multi.set_signal_capacity(1);
  multi.feed_bars(columnsOf(BARS));
  assert.equal(multi.signals_len(), 1);
  assert.ok(multi.signals_dropped() > 0);
});

test('an engine of a MultiHQuant stays readable after close, and takes no bars of its own', () => {
  const multi = new MultiHQuant(64, ['1m']);
  const engine = multi.engine('1m');
  multi.feed_bar(bar(0, 7));
  assert.throws(() => engine.push_bar(bar(1)), { name: 'RangeError', code: 'HQ_EINVAL' });
  assert.throws(() => engine.save(), { code: 'HQ_EINVAL' });
  multi.close();
  global.gc?.();
  assert.deepEqual([...ordered(engine.close_column())], [7]);
  assert.throws(() => multi.feed_bar(bar(1)), { name: 'TypeError', code: 'ERR_HQUANT_CLOSED' });
});

test('a bar that is out of order is refused and counted', () => {
  const multi = new MultiHQuant(64, ['1m']);
  multi.feed_bar(bar(1));
  assert.throws(() => multi.feed_bar(bar(0)), { name: 'HquantError', code: 'HQ_EORDER' });
  assert.equal(multi.rejected_bars(), 1);
  assert.throws(
    () => multi.feed_bars(columnsOf([bar(2), bar(3), bar(1)].map((each) => ({ ...each, buy_volume: 0 })))),
    { name: 'HquantError', code: 'HQ_EORDER', taken: 2, message: /^bars\[2\]: .*the 2 before it were fed/ },
  );
});

test('candles fed by an aggregator are what a MultiHQuant builds', () => {
  const multi = new MultiHQuant(64, ['5m']);
  const engine = new HQuant(64);
  const aggregator = new Aggregator(['5m']);
  for (const each of BARS) {
    multi.feed_bar(each);
    aggregator.push(each);
  }
  aggregator.flush();
  for (const { kind, candle } of aggregator.poll_events()) {
    if (kind === 'KlineClosed') engine.push_bar({ ...candle, timestamp: candle.open_time });
  }
  sameBits(ordered(engine.close_column()), ordered(multi.engine('5m').close_column()));
});
