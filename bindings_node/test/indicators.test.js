'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { columnsOf, optionsOf, sameBits, walk } = require('./support');
const { HQuant, indicators, ordered } = require('..');

const COLUMNS = columnsOf(walk(300));

/** What an engine reads for an input. */
const columnOf = (input) =>
  input.field === 'time' ? Float64Array.from(COLUMNS.timestamp, Number) : COLUMNS[input.field ?? 'close'];

test('over whole columns every indicator gives what a stream gives, in both modes, to the bit', () => {
  for (const row of indicators.table()) {
    for (const mode of ['seed', 'talib']) {
      const { field, ...params } = optionsOf(row);
      const engine = new HQuant(512);
      const id = engine.add_indicator(row.name, { ...params, mode, ...(field ? { field } : {}) });
      engine.push_bars(COLUMNS);
      const inputs = row.inputs.map(columnOf);
      const found = indicators[row.name.toLowerCase()](...inputs, { ...params, mode });
      const outputs = row.outputs.length === 1 ? [found] : Object.values(found);
      assert.equal(outputs.length, row.outputs.length);
      outputs.forEach((output, i) => sameBits(output, ordered(engine.indicator_column(id, i)), `${row.name} ${i}`));
    }
  }
});

test('the first value is where warmup says', () => {
  for (const [name, ...params] of [['SMA', 20], ['RSI', 14], ['MACD', 12, 26, 9], ['ADX', 14]]) {
    for (const mode of ['seed', 'talib']) {
      const row = indicators.table().find((each) => each.name === name);
      const found = indicators[name.toLowerCase()](...row.inputs.map(columnOf), ...params, { mode });
      const output = row.outputs.length === 1 ? found : found[row.outputs[0]];
      assert.equal(output.findIndex((value) => !Number.isNaN(value)), indicators.warmup(name, ...params, { mode }), name);
    }
  }
});

test('parameters go by place or by name, Arrays are taken too, and empty columns give empty ones', () => {
  const byName = indicators.boll(COLUMNS.close, { period: 10, k: 3 });
  sameBits(indicators.boll([...COLUMNS.close], 10, 3).upper, byName.upper);
  sameBits(indicators.boll(COLUMNS.close, 10, { k: 3 }).lower, byName.lower);
  assert.deepEqual(indicators.boll([], 10), { upper: new Float64Array(), mid: new Float64Array(), lower: new Float64Array() });
  assert.equal(indicators.linearregSlope, indicators.linearreg_slope);
});

test('an unknown indicator, parameter or option is named, with what was meant', () => {
  const engine = new HQuant(4);
  const refused = [
    [() => engine.add_indicator('SMAA', 5), RangeError, /did you mean SMA\?/],
    [() => engine.add_indicator('KC', 5), RangeError, /did you mean KELTNER\?/],
    [() => engine.add_indicator(5), TypeError, /name/],
    [() => engine.add_indicator('SMA', { periods: 5 }), TypeError, /period, field, mode, history but received 'periods'/],
    [() => engine.add_indicator('SMA', 5, { period: 5 }), TypeError, /period once/],
    [() => engine.add_indicator('SMA', 5, 6), TypeError, /received 2 values/],
    [() => engine.add_indicator('SMA', 0), RangeError, /period to be an integer in 1\.\.1048576 but received 0/],
    [() => engine.add_indicator('SMA', 2.5), RangeError, /period/],
    [() => engine.add_indicator('SMA', '5'), TypeError, /period/],
    [() => engine.add_indicator('BOLL', 5, NaN), RangeError, /k to be a number/],
    [() => engine.add_indicator('SMA', 5, { field: 'vwap' }), RangeError, /field/],
    [() => engine.add_indicator('SMA', 5, { field: ['open', 'close'] }), RangeError, /1 names, for x/],
    [() => engine.add_indicator('ATR', 5, { field: 'open' }), RangeError, /always reads/],
    [() => engine.add_indicator('SMA', 5, { mode: 'fast' }), RangeError, /mode/],
    [() => indicators.sma(), TypeError, /x/],
    [() => indicators.sma(new Float32Array(3), 2), TypeError, /Float64Array/],
    [() => indicators.sma([1, , 3], 2), TypeError, /x\[1\]/], // eslint-disable-line no-sparse-arrays
    [() => indicators.sma('123', 2), TypeError, /x/],
    [() => indicators.correl([1, 2], [1], 2), RangeError, /y to have 2 values, as many as x/],
    [() => indicators.warmup('SMA', 5, { output: 1 }), RangeError, /output/],
  ];
  for (const [run, type, message] of refused) {
    assert.throws(run, (error) => error instanceof type && message.test(error.message), String(run));
  }
});

test('the table is frozen, to its last row', () => {
  const [row] = indicators.table();
  assert.ok(Object.isFrozen(row) && Object.isFrozen(row.params) && Object.isFrozen(row.inputs[0]));
  assert.equal(indicators.table().length > 50, true);
});
