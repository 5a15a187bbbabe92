'use strict';
// Where a platform forbids ArrayBuffers over foreign memory: copies, with the same values.
const test = require('node:test');
const assert = require('node:assert/strict');

process.env.HQUANT_NODE_COPY = '1';
const { bar, columnsOf, sameBits, walk } = require('./support');
const { HQuant, MultiHQuant, ordered } = require('..');

const BARS = walk(100);

test('live values follow every push, update and whole columns', () => {
  const engine = new HQuant(64);
  const [sma, macd] = [engine.add_sma_close(3), engine.add_macd(2, 4, 3)];
  const live = engine.live([sma, [macd, 2]]);
  const again = engine.live([sma, [macd, 2]]);
  const shown = () => [...engine.indicator_values(sma), engine.indicator_last(macd).c];
  for (const each of BARS.slice(0, 20)) {
    engine.push_bar(each);
    sameBits(live, shown());
    engine.update_last_bar({ ...each, close: each.close + 1 });
    sameBits(live, shown());
  }
  engine.push_bars(columnsOf(BARS.slice(20)));
  sameBits(live, shown());
  sameBits(again, shown());
});

test('live values of a MultiHQuant follow feeds and flushes', () => {
  const multi = new MultiHQuant(64, ['1m', '5m']);
  const engine = multi.engine('5m');
  const id = engine.add_sma_close(2);
  const live = engine.live([id]);
  for (const each of BARS.slice(0, 20)) multi.feed_bar(each);
  sameBits(live, engine.indicator_values(id));
  multi.feed_bars(columnsOf(BARS.slice(20)));
  multi.flush();
  sameBits(live, engine.indicator_values(id));
});

test('a column is a copy of its moment', () => {
  const engine = new HQuant(4);
  engine.push_bar(bar(0, 7));
  const { buffer } = engine.close_column();
  engine.push_bar(bar(1, 8));
  assert.deepEqual([...new Float64Array(buffer)], [7, 0, 0, 0]);
  assert.deepEqual([...ordered(engine.close_column())], [7, 8]);
});

test('a live view outlives its engine', () => {
  const engine = new HQuant(4);
  const live = engine.live([engine.add_sma_close(1)]);
  engine.push_bar(bar(0, 7));
  engine.close();
  global.gc?.();
  assert.equal(live[0], 7);
});
