'use strict';
// Whatever is passed: a TypeError or RangeError that names the argument, nothing changed, never a crash.
const test = require('node:test');
const assert = require('node:assert/strict');
const vm = require('node:vm');
const { bar, columnsOf, sameBits, walk } = require('./support');
const programs = require('./programs');
const hquant = require('..');
const { Aggregator, FuturesBacktest, HQuant, MultiHQuant, Period, Strategy, ordered } = hquant;

const ACCOUNT = {
  initial_margin: 1000,
  leverage: 10,
  contract_size: 1,
  maker_fee_rate: 0,
  taker_fee_rate: 0,
  maintenance_margin_rate: 0,
};
const MAKE = {
  HQuant: () => new HQuant(8),
  MultiHQuant: () => new MultiHQuant(8, ['1m']),
  Aggregator: () => new Aggregator(['1m']),
  FuturesBacktest: () => new FuturesBacktest(ACCOUNT),
  Strategy: () => Strategy.from_bytecode(programs.always),
  Period: () => new Period('1m'),
};

for (const name in programs.TEXTS) assert.ok(programs[name].length > 0);
process.env.HQUANT_PYTHON = '/nonexistent'; // texts that are none are not worth a process each

/** Values that are hardly ever what was meant. */
const JUNK = [
  undefined, null, true, false, 0, -0, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 1e300,
  0n, -1n, 2n ** 63n, 2n ** 64n, 10n ** 100n, '', 'x', '1', 'a\0b', '\ud800', '\udc00x', 'x'.repeat(100_000), Symbol('s'),
  () => 1, {}, [], [1], [, 1], [undefined], new Date(0), /x/, new Map(), Object.create(null), new Proxy({}, {}),
  new Proxy([], {}), new Proxy(() => 1, {}), new Float32Array(2), new Float64Array(2), new Uint8Array(2),
  new BigInt64Array(2), new BigUint64Array(2), new ArrayBuffer(8), new SharedArrayBuffer(8), new DataView(new ArrayBuffer(8)),
  new Float64Array(new SharedArrayBuffer(16)), Buffer.from('HQBC'), Buffer.alloc(64), process, globalThis,
]; // prettier-ignore

const isExpected = (error) =>
  error instanceof TypeError || error instanceof RangeError || error instanceof hquant.HquantError;

/** Run it; an error must be one of those that callers expect. */
function survive(run, what) {
  try {
    return run();
  } catch (error) {
    if (!isExpected(error)) throw new Error(`${what}: ${error?.stack}`);
    return undefined;
  }
}

const shown = (value) => `${typeof value} ${Object.prototype.toString.call(value)}`;

const methodsOf = (type) =>
  Object.entries(Object.getOwnPropertyDescriptors(type.prototype)).filter(([name]) => name !== 'constructor');

test('every method of every class survives every kind of argument', () => {
  for (const [name, make] of Object.entries(MAKE)) {
    for (const [method, { value }] of methodsOf(hquant[name])) {
      if (typeof value !== 'function') continue;
      const object = make();
      for (const junk of JUNK) {
        for (const args of [[junk], [junk, junk], [1, junk], ['s', junk], [1, 1, junk], [junk, 1, 1], [1, 's', junk]]) {
          survive(() => value.apply(object, args), `${name}.${method}(${args.map(shown)})`);
        }
      }
      survive(() => object.len?.(), `${name}.${method} left it broken`);
    }
  }
});

test('every constructor and function survives every kind of argument', () => {
  const functions = [
    ...Object.keys(MAKE).map((name) => [name, (...args) => new hquant[name](...args)]),
    ...['HQuant', 'MultiHQuant', 'Aggregator'].map((name) => [`${name}.load`, hquant[name].load]),
    ['Strategy.from_bytecode', Strategy.from_bytecode],
    ['MultiHQuant.decode_id', MultiHQuant.decode_id],
    ...Object.entries(require('../lib/library')),
    ...Object.entries(hquant.indicators).filter(([name]) => name === name.toLowerCase()),
  ];
  for (const [name, run] of functions) {
    if (/^simd_?limit$/i.test(name)) continue; // the whole process would change
    for (const junk of JUNK) {
      for (const args of [[junk], [junk, junk], [8, junk], [8, ['1m'], junk], [[1, 2], junk], [junk, { period: junk }]]) {
        if (args.every((arg) => arg === 2 ** 31)) continue;
        survive(() => run(...args), `${name}(${args.map(shown)})`);
      }
    }
  }
});

test("a method called on another class's object is a TypeError", () => {
  const one = Object.fromEntries(Object.entries(MAKE).map(([name, make]) => [name, make()]));
  for (const name of Object.keys(MAKE)) {
    for (const [method, { value, get }] of methodsOf(hquant[name])) {
      const others = Object.keys(MAKE).filter((other) => other !== name).map((other) => one[other]);
      const fakes = [undefined, null, 1, 'x', {}, hquant[name].prototype, Object.create(hquant[name].prototype)];
      for (const other of [...others, ...fakes, new Proxy(one[name], {})]) {
        const run = () => (get ?? value).call(other, bar(0), 1, 1);
        assert.throws(run, (error) => error instanceof TypeError || error instanceof RangeError, `${name}.${method}`);
      }
    }
  }
});

test('a closed object throws from every method that needs it', () => {
  for (const [name, arg] of [['HQuant', bar(0)], ['MultiHQuant', bar(0)], ['Aggregator', bar(0)], ['FuturesBacktest', 1]]) {
    const object = MAKE[name]();
    object.close();
    const calls = {
      HQuant: ['push_bar', 'update_last_bar', 'len', 'capacity', 'save', 'poll_signals', 'signals_len', 'close_column'],
      MultiHQuant: ['feed_bar', 'flush', 'poll_signals', 'save', 'periods', 'emit'],
      Aggregator: ['push', 'flush', 'poll_events', 'save', 'rejected'],
      FuturesBacktest: ['on_price', 'result', 'cash', 'liquidated'],
    }[name];
    for (const method of calls) {
      assert.throws(() => object[method](arg), { name: 'TypeError', code: 'ERR_HQUANT_CLOSED', message: new RegExp(name) });
    }
  }
  const engine = MAKE.HQuant();
  engine.close();
  const other = new HQuant(8); // takes the number that the closed one had
  assert.throws(() => engine.push_bar(bar(0)), { code: 'ERR_HQUANT_CLOSED' });
  assert.equal(other.len(), 0);
});

test('a bar that is not one is refused, names the field, and changes nothing but the count', () => {
  const engine = new HQuant(8);
  engine.push_bar(bar(0));
  for (const field of ['timestamp', 'open', 'high', 'low', 'close', 'volume']) {
    const { [field]: _, ...missing } = bar(1);
    assert.throws(() => engine.push_bar(missing), { name: 'TypeError', message: new RegExp(field) });
    for (const wrong of ['1', null, {}, [1], Symbol('x'), true]) {
      assert.throws(() => engine.push_bar({ ...bar(1), [field]: wrong }), { name: 'TypeError', message: new RegExp(field) });
    }
    for (const far of [NaN, Infinity, -Infinity, 1e101]) {
      assert.throws(() => engine.push_bar({ ...bar(1), [field]: far }), { name: 'RangeError', message: new RegExp(field) });
    }
  }
  for (const timestamp of [1.5, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2n ** 63n, -(2n ** 63n) - 1n]) {
    assert.throws(() => engine.push_bar({ ...bar(1), timestamp }), { name: 'RangeError', message: /timestamp/ });
  }
  assert.throws(() => engine.push_bar({ ...bar(1), buy_volume: NaN }), { name: 'RangeError', message: /buy_volume/ });
  assert.throws(() => engine.update_last_bar({ ...bar(0), close: NaN }), { name: 'RangeError', message: /close/ });
  assert.equal(engine.len(), 1);
  assert.equal(engine.rejected_bars(), 5 * 4 + 2);
  engine.push_bar({ ...bar(1), timestamp: -0, volume: -0, buy_volume: null });
  assert.deepEqual([...ordered(engine.timestamp_column(), BigInt64Array)], [0n, 0n]);
});

test('getters of a bar may throw, close the engine, push into it or into another one', () => {
  const engine = new HQuant(8);
  const other = new HQuant(8);
  const boom = new Error('boom');
  const withGetter = (close) => Object.defineProperty(bar(1), 'close', { get: close });
  assert.throws(() => engine.push_bar(withGetter(() => { throw boom; })), boom); // prettier-ignore
  engine.push_bar(withGetter(() => (other.push_bar(bar(5, 55)), engine.push_bar(bar(0, 7)), 8)));
  assert.deepEqual([...ordered(engine.close_column())], [7, 8]);
  assert.deepEqual([...ordered(other.close_column())], [55]);
  assert.throws(() => engine.push_bar(withGetter(() => (engine.close(), 9))), { code: 'ERR_HQUANT_CLOSED' });
  other.push_bar(new Proxy(bar(6, 66), {}));
  assert.equal(ordered(other.close_column()).at(-1), 66);
});

test('columns that are not ones are refused, name the field, and nothing is pushed', () => {
  const columns = columnsOf(walk(10));
  const engine = new HQuant(16);
  const shared = new Float64Array(new SharedArrayBuffer(80));
  const detached = new Float64Array(10);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  for (const field of ['open', 'high', 'low', 'close', 'volume', 'buy_volume', 'timestamp']) {
    const names = { message: new RegExp(field) };
    const given = (value) => () => engine.push_bars({ ...columns, [field]: value });
    for (const wrong of [new Float32Array(10), shared, detached, new DataView(new ArrayBuffer(80)), 'x', 5, {}, [, ...Array(9).fill(1)], Array(10).fill('1'), new Proxy(columns.open, {})]) { // prettier-ignore
      assert.throws(given(wrong), { name: 'TypeError', ...names }, `${field} ${shown(wrong)}`);
    }
    assert.throws(given(columns[field].slice(1)), { name: 'RangeError', message: /to have \d+ values/ });
  }
  assert.throws(() => engine.push_bars({ ...columns, timestamp: new Float64Array(10).fill(1.5) }), { name: 'RangeError', message: /timestamp\[0\]/ });
  const times = Float64Array.from(columns.timestamp, Number);
  for (const time of [NaN, Infinity, 2 ** 53, 0.5]) {
    times[7] = time;
    assert.throws(() => engine.push_bars({ ...columns, timestamp: times }), { name: 'RangeError', message: /timestamp\[7\]/ });
  }
  for (const wrong of [undefined, null, 1, 'x', [], () => 1]) {
    assert.throws(() => engine.push_bars(wrong), { name: 'TypeError', message: /bars/ });
  }
  assert.equal(engine.len(), 0);
  const close = columns.close.slice();
  close[4] = NaN;
  assert.throws(() => engine.push_bars({ ...columns, close }), {
    name: 'RangeError',
    code: 'HQ_EBAR',
    taken: 4,
    message: /^bars\[4\]: .*close.*the 4 before it were pushed, it and the rest were not$/,
  });
  assert.equal(engine.len(), 4);
});

test('columns may be changed under the call by getters: what is checked last is what is read', () => {
  const engine = new HQuant(64);
  const detach = (array) => structuredClone(array.buffer, { transfer: [array.buffer] });
  const columns = columnsOf(walk(10));
  const evil = { ...columns, get volume() { detach(columns.open); return columns.close; } }; // prettier-ignore
  assert.throws(() => engine.push_bars(evil), { name: 'TypeError', message: /open/ });
  const again = columnsOf(walk(10));
  const array = [...again.close];
  Object.defineProperty(array, 3, { get: () => (detach(again.high), 1) });
  assert.throws(() => engine.push_bars({ ...again, close: array }), { name: 'TypeError', message: /high/ });
  const third = columnsOf(walk(10));
  const growing = new Proxy([...third.close], { get: (target, key) => (key === '3' && target.push(1), target[key]) });
  assert.equal(engine.push_bars({ ...third, close: growing }), 10);
  const lying = columnsOf(walk(10));
  Object.defineProperty(lying.close, 'length', { value: 1_000_000 });
  Object.defineProperty(lying.close, 'buffer', { value: new ArrayBuffer(8) });
  assert.equal(engine.push_bars(lying), 10);
});

test('resizable buffers: what is out of their bounds is not read', { skip: !ArrayBuffer.prototype.resize }, () => {
  const columns = columnsOf(walk(10));
  const engine = new HQuant(64);
  const buffer = new ArrayBuffer(80, { maxByteLength: 160 });
  const close = new Float64Array(buffer);
  close.set(columns.close);
  assert.equal(engine.push_bars({ ...columns, close }), 10);
  sameBits(ordered(engine.close_column()), columns.close);
  buffer.resize(40);
  assert.throws(() => engine.push_bars({ ...columns, close }), { name: 'RangeError', message: /close to have 10 values/ });
  const fixed = new Float64Array(buffer, 0, 5);
  buffer.resize(16);
  assert.throws(() => engine.push_bars({ ...columns, close: fixed }), { name: 'RangeError', message: /close/ });
});

test('arrays of another realm are arrays', () => {
  const engine = new HQuant(8);
  const columns = columnsOf(walk(3));
  engine.push_bars({ ...columns, close: vm.runInNewContext('Float64Array.of(1, 2, 3)') });
  assert.deepEqual([...ordered(engine.close_column())], [1, 2, 3]);
  const shared = vm.runInNewContext('new Float64Array(new SharedArrayBuffer(24))');
  assert.throws(() => engine.push_bars({ ...columns, close: shared }), { name: 'TypeError', message: /SharedArrayBuffer/ });
});

test('ids beyond what there is are refused', () => {
  const engine = new HQuant(8);
  const id = engine.add_sma_close(2);
  for (const method of ['indicator_last', 'indicator_values', 'indicator_column']) {
    for (const wrong of [0, -0, 99, 2 ** 32 - 1, 2 ** 32, -1, 1.5, NaN, Infinity]) {
      assert.throws(() => engine[method](wrong), { name: 'RangeError' }, `${method}(${wrong})`);
    }
    for (const wrong of [undefined, null, '1', 1n, [1]]) {
      assert.throws(() => engine[method](wrong), { name: 'TypeError', message: /id/ }, `${method}(${String(wrong)})`);
    }
  }
  assert.throws(() => engine.indicator_column(id, 1), { name: 'RangeError' });
  for (const wrong of [[], [99], [[id, 1]], [-1]]) assert.throws(() => engine.live(wrong), { name: 'RangeError' });
  for (const wrong of [undefined, id, 'x', [undefined], [[id]], [, id], [[id, '0']], [new Proxy({}, {})]]) {
    assert.throws(() => engine.live(wrong), { name: 'TypeError', message: /outputs/ });
  }
});

test('snapshots that are damaged, foreign or none are refused', () => {
  const engine = new HQuant(8);
  engine.push_bar(bar(0));
  const snapshot = engine.save();
  for (let i = 0; i < snapshot.length; i += 97) {
    const bytes = Buffer.from(snapshot);
    bytes[i] ^= 1;
    assert.throws(() => HQuant.load(bytes), { name: 'HquantError', code: 'HQ_ESNAPSHOT' });
  }
  assert.throws(() => MultiHQuant.load(snapshot), { code: 'HQ_ESNAPSHOT' });
  assert.throws(() => Strategy.from_bytecode(new Uint8Array(0)), { code: 'HQ_EPROGRAM' });
  assert.throws(() => HQuant.load(snapshot.buffer), { name: 'TypeError', message: /snapshot/ });
  assert.throws(() => HQuant.load(new Uint8Array(0)), { code: 'HQ_ESNAPSHOT' });
});
