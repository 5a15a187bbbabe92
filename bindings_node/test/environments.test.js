'use strict';
// One process may hold the addon many times: workers, two copies of the package, a cleared require cache.
const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { bar, root, runNode } = require('./support');
const { HQuant, ordered } = require('..');

const WORK = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { HQuant, ordered } = require(workerData.root);
  const engine = new HQuant(64);
  const id = engine.add_sma_close(3);
  globalThis.kept = [engine, engine.live([id]), engine.close_column()];
  for (let i = 0; i < 1000; i++) {
    engine.push_bar({ timestamp: i, open: 1, high: i + 2, low: 0, close: i + workerData.offset, volume: 1 });
  }
  parentPort.postMessage({ value: engine.indicator_last(id).a, closes: ordered(engine.close_column()) });
  if (workerData.stays) setInterval(() => engine.push_bar({ timestamp: 1e6, open: 1, high: 1, low: 1, close: 1, volume: 1 }), 0);
`;

const start = (offset, stays = false) => new Worker(WORK, { eval: true, workerData: { root, offset, stays } });
const message = (worker) =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
const exit = (worker) => new Promise((resolve) => worker.once('exit', resolve));

test('engines of many workers are their own, and end with them', async () => {
  for (let round = 0; round < 5; round++) {
    const workers = Array.from({ length: 4 }, (_, i) => start(i * 100));
    const ends = workers.map(exit);
    const answers = await Promise.all(workers.map(message));
    answers.forEach(({ value, closes }, i) => {
      assert.equal(value, 998 + i * 100);
      assert.equal(closes.at(-1), 999 + i * 100);
    });
    assert.deepEqual(await Promise.all(ends), [0, 0, 0, 0]);
  }
});

test('a worker that is terminated in the middle of its work takes nothing with it', async () => {
  const engine = new HQuant(8);
  engine.push_bar(bar(0, 7));
  for (let round = 0; round < 5; round++) {
    const worker = start(0, true);
    await message(worker);
    await worker.terminate();
  }
  engine.push_bar(bar(1, 8));
  assert.deepEqual([...ordered(engine.close_column())], [7, 8]);
});

test('a process may end while views are held and a worker runs', () => {
  const source = `
    const { Worker } = require('node:worker_threads');
    const { HQuant } = require('.');
    const engine = new HQuant(8);
    globalThis.kept = [engine, engine.live([engine.add_sma_close(1)]), engine.close_column()];
    const worker = new Worker(${JSON.stringify(WORK)}, { eval: true, workerData: { root: ${JSON.stringify(root)}, offset: 0, stays: true } });
    worker.once('message', () => { console.log('up'); process.exit(0); });`;
  assert.equal(runNode(source), 'up\n');
});

test('with the require cache cleared the package loads again, and the old one goes on', () => {
  const old = new HQuant(8);
  for (const name of Object.keys(require.cache)) if (name.startsWith(path.join(root, 'lib'))) delete require.cache[name];
  const again = require('..');
  assert.notEqual(again.HQuant, HQuant);
  const engine = new again.HQuant(8);
  engine.push_bar(bar(0, 1));
  old.push_bar(bar(0, 2));
  assert.deepEqual([...ordered(old.close_column()), ...again.ordered(engine.close_column())], [2, 1]);
  assert.throws(() => HQuant.prototype.len.call(engine), TypeError);
  assert.throws(() => new again.HQuant(8).add_strategy('s', { __proto__: old }), TypeError);
});

test('two copies of the package live side by side, and their objects are foreign to each other', () => {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'hquant-copy-'));
  try {
    for (const part of ['lib', 'build/Release', 'package.json', 'node_modules/node-gyp-build']) {
      fs.cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
    }
    const other = require(copy);
    assert.notEqual(other.HQuant, HQuant);
    const [mine, theirs] = [new HQuant(8), new other.HQuant(8)];
    mine.push_bar(bar(0, 1));
    theirs.push_bar(bar(0, 2));
    assert.deepEqual([...ordered(mine.close_column()), ...other.ordered(theirs.close_column())], [1, 2]);
    assert.throws(() => HQuant.prototype.push_bar.call(theirs, bar(1)), TypeError);
    assert.throws(() => other.HQuant.prototype.close.call(mine), TypeError);
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
});
