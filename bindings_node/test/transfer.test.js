'use strict';
// Memory whose ArrayBuffer is transferred, within a thread or to another.
const test = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { bar, root } = require('./support');
const { Bars, HQuant, ordered } = require('..');

const can = { skip: ArrayBuffer.prototype.transfer ? false : 'no ArrayBuffer.prototype.transfer before Node 21' };
const detach = (buffer) => structuredClone(buffer, { transfer: [buffer] });
const inOwnProcess = (source, env = {}) =>
  execFileSync(process.execPath, ['--expose-gc', '-e', source], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ROOT: root, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const hq = require(process.env.ROOT);
  const moved = (buffer) => (buffer.transfer ? buffer.transfer() : buffer);
  const n = 200_000;
  const close = new Float64Array(n).fill(100);
  const timestamp = BigInt64Array.from(close, (_, i) => BigInt(i * 60000));
  const columns = { timestamp, open: close, high: close, low: close, close, volume: close };
  const engine = new hq.HQuant(n);
  const live = engine.live([engine.add_sma_close(2)]);
  engine.push_bars(columns);
  const result = hq.backtest_sync(columns, null, { signals: new Int8Array(n) });
  const buffers = [engine.close_column().buffer, live.buffer, result.equity.buffer].map(moved);
  parentPort.postMessage(buffers, buffers);`;

test('memory of the library that a worker transfers to the main thread outlives the worker', () => {
  const source = `
    const { Worker } = require('node:worker_threads');
    const worker = new Worker(${JSON.stringify(WORKER)}, { eval: true });
    let views;
    worker.once('message', (buffers) => { views = buffers.map((each) => new Float64Array(each)); });
    worker.once('exit', () => {
      const [closes, live, equity] = views;
      views.forEach((each) => each.slice().fill(1)); // reads it all
      console.log(closes.every((each) => each === 100), live[0], equity.length, equity[0] === equity.at(-1));
    });`;
  assert.equal(inOwnProcess(source), 'true 100 200000 true\n');
});

test('memory of the main thread that is transferred to a worker lives as long as the worker reads it', can, () => {
  const source = `
    const { Worker } = require('node:worker_threads');
    const { HQuant } = require(process.env.ROOT);
    let engine = new HQuant(1 << 16);
    engine.push_bar({ timestamp: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 });
    let buffer = engine.close_column().buffer.transfer();
    engine.close();
    engine = undefined;
    const worker = new Worker(
      'const { parentPort } = require("node:worker_threads");' +
      'parentPort.once("message", (b) => { const f = new Float64Array(b); parentPort.on("message", () => {' +
      'f.fill(2, 1); parentPort.postMessage(f[0] + f[1] + f.length); parentPort.close() }) })', { eval: true });
    worker.postMessage(buffer, [buffer]);
    buffer = undefined;
    setImmediate(() => { gc(); setImmediate(() => { gc(); worker.postMessage(0); }); });
    worker.once('message', (sum) => console.log(sum));
    worker.once('exit', () => { gc(); setImmediate(() => console.log('ended')); });`;
  assert.equal(inOwnProcess(source), `${1 + 2 + (1 << 16)}\nended\n`);
});

test('a column whose buffer has been transferred is there again', can, () => {
  const engine = new HQuant(4);
  const id = engine.add_sma_close(1);
  engine.push_bar(bar(0, 7));
  const moved = new Float64Array(engine.close_column().buffer.transfer());
  engine.indicator_column(id).buffer.transfer();
  engine.push_bar(bar(1, 8));
  assert.deepEqual([...ordered(engine.close_column())], [7, 8]);
  assert.deepEqual([...ordered(engine.indicator_column(id))], [7, 8]);
  assert.deepEqual([...moved.subarray(0, 2)], [7, 8]);
  assert.equal(engine.close_column().buffer, engine.close_column().buffer);
});

test('a column of Bars whose buffer has been transferred is there again', () => {
  const columns = { timestamp: [0, 1], open: [1, 2], high: [1, 2], low: [1, 2], close: [1, 2], volume: null };
  const bars = new Bars(columns);
  detach(bars.close.buffer);
  detach(bars.timestamp.buffer);
  assert.deepEqual([...bars.close, ...bars.timestamp], [1, 2, 0n, 1n]);
  assert.equal(bars.close, bars.close);
  assert.equal(bars.buy_volume, null);
  const empty = new Bars({ timestamp: [], open: [], high: [], low: [], close: [], volume: null });
  assert.equal(empty.close, empty.close);
});

test('live values that are a copy may be transferred: the pushes that follow leave that memory alone', () => {
  const source = `
    const { HQuant } = require(process.env.ROOT);
    const engine = new HQuant(4);
    const id = engine.add_sma_close(1);
    const push = (close) => engine.push_bar({ timestamp: 0, open: close, high: close, low: close, close, volume: 1 });
    const live = engine.live([id]);
    push(7);
    const moved = new Float64Array(structuredClone(live.buffer, { transfer: [live.buffer] }));
    push(8);
    const again = engine.live([id]);
    push(9);
    console.log(moved[0], live.length, again[0]);`;
  assert.equal(inOwnProcess(source, { HQUANT_NODE_COPY: '1' }), '7 0 9\n');
});
