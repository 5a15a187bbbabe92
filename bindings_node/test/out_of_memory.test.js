'use strict';
// Where there is no memory for what JavaScript is to have: an exception, not the end of the process.
const test = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const { root } = require('./support');

// Leaves the process less room than a column takes, and more than V8 takes for itself, which ends the
// process where it finds none: columns' sizes are what room is added by, so that as much is left of it.
const SOURCE = `
  const { execFileSync } = require('node:child_process');
  const { readFileSync } = require('node:fs');
  const hq = require(process.env.ROOT);
  const n = 4_000_000;
  const close = new Float64Array(n).fill(100);
  const timestamp = new BigInt64Array(n); // not by map(), which leaves memory to be found
  for (let i = 0; i < n; i++) timestamp[i] = BigInt(i);
  const columns = { timestamp, open: close, high: close, low: close, close, volume: close };
  const bars = new hq.Bars(columns, { check: false });
  const engine = new hq.HQuant(n);
  engine.push_bars(columns);
  const asked = {
    bars: () => bars.close,
    column: () => engine.close_column(),
    snapshot: () => engine.save(),
  };
  const column = 8 * n;
  const used = 1024 * Number(/VmSize:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  const limitTo = (bytes) => execFileSync('prlimit', ['--pid', process.pid, '--as=' + bytes + ':']);
  let limit = used + 0.75 * column;
  limitTo(limit);
  const told = Object.entries(asked).map(([name, ask]) => {
    try {
      ask();
      return name + ' given';
    } catch (error) {
      return name + ' ' + error.name;
    }
  });
  const later = [];
  const job = () => hq.run(bars, null, { indicators: ['SMA(3)', 'SMA(4)', 'SMA(5)'] });
  const tryJob = () => job().then(() => 'given', (error) => {
    if (later.push(error.code ?? error.name) > 40) throw error;
    limitTo(limit += column);
    gc();
    return new Promise(setImmediate).then(tryJob);
  });
  tryJob().then((last) => {
    limitTo(limit + 16 * column);
    const given = [bars.close.length, engine.save().length > n * 8];
    console.log(JSON.stringify([told, [...new Set(later)], last, given]));
  });`;

const limited = { skip: spawnSync('prlimit', ['--version']).status === 0 ? false : 'no prlimit (util-linux)' };

test('out of memory for a column, a snapshot or a result is an exception, and there is memory again after it', limited, () => {
  const env = { ...process.env, ROOT: root, HQUANT_NODE_COPY: '1' };
  const out = execFileSync(process.execPath, ['--expose-gc', '--max-semi-space-size=1', '-e', SOURCE], { encoding: 'utf8', timeout: 60_000, env });
  const [told, later, last, given] = JSON.parse(out);
  assert.deepEqual(told, ['bars RangeError', 'column RangeError', 'snapshot RangeError']);
  assert.deepEqual(later, ['HQ_ENOMEM', 'RangeError']); // while it works, and when its result is to be given
  assert.equal(last, 'given');
  assert.deepEqual(given, [4_000_000, true]);
});
