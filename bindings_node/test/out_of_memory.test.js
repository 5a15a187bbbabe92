'use strict';
// Where there is no memory for what JavaScript is to have: an exception, not the end of the process.
const test = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { root } = require('./support');

// Fills the address space with blocks that are smaller than what is asked for after that.
const SOURCE = `
  const hq = require(process.env.ROOT);
  const n = 4_000_000;
  const close = new Float64Array(n).fill(100);
  const timestamp = new BigInt64Array(n).map((_, i) => BigInt(i));
  const columns = { timestamp, open: close, high: close, low: close, close, volume: close };
  const bars = new hq.Bars(columns, { check: false });
  const engine = new hq.HQuant(n);
  engine.push_bars(columns);
  const asked = {
    bars: () => bars.close,
    column: () => engine.close_column(),
    snapshot: () => engine.save(),
  };
  const blocks = [];
  try {
    for (;;) blocks.push(new ArrayBuffer(8e6));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
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
    later.push(error.code ?? error.name);
    blocks.pop();
    gc();
    return new Promise(setImmediate).then(tryJob);
  });
  tryJob().then((last) => {
    blocks.length = 0;
    gc();
    const given = [bars.close.length, engine.save().length > n * 8];
    console.log(JSON.stringify([told, [...new Set(later)], last, given]));
  });`;

const limited = { skip: process.platform === 'linux' ? false : 'ulimit -v is of Linux' };

test('out of memory for a column, a snapshot or a result is an exception, and there is memory again after it', limited, () => {
  const shell = 'ulimit -v 3500000; exec "$0" --expose-gc -e "$1"';
  const env = { ...process.env, ROOT: root, HQUANT_NODE_COPY: '1' };
  const out = execFileSync('bash', ['-c', shell, process.execPath, SOURCE], { encoding: 'utf8', timeout: 60_000, env });
  const [told, later, last, given] = JSON.parse(out);
  assert.deepEqual(told, ['bars RangeError', 'column RangeError', 'snapshot RangeError']);
  assert.deepEqual(later, ['HQ_ENOMEM', 'RangeError']); // while it works, and when its result is to be given
  assert.equal(last, 'given');
  assert.deepEqual(given, [4_000_000, true]);
});
