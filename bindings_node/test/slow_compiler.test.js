'use strict';
// Texts that take long to compile, in processes of their own, beside jobs that compute.
const test = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { root } = require('./support');

const posix = { skip: process.platform === 'win32' ? 'a shell script is the compiler here' : false };

test('texts that are being compiled hold up no job that computes', posix, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hquant-slow-'));
  try {
    const compiler = path.join(folder, 'python');
    fs.writeFileSync(compiler, '#!/bin/sh\nexec sleep 2\n', { mode: 0o755 });
    const source = `
      const hq = require(process.env.ROOT);
      const ended = [];
      const texts = Array.from({ length: 2 * require('node:os').cpus().length }, (_, i) => hq.compile('IF close > ' + i + ' THEN BUY')
        .then(() => ended.push('compiled'), (error) => ended.push(error.constructor.name)));
      const column = new Float64Array(100).fill(100);
      const timestamp = BigInt64Array.from(column, (_, i) => BigInt(i));
      const data = { timestamp, open: column, high: column, low: column, close: column, volume: column };
      const jobs = [
        hq.backtest(data, null, { signals: new Int8Array(100) }).then(() => ended.push('backtest')),
        hq.metrics({ equity: column, time: timestamp }).then(() => ended.push('metrics')),
      ];
      Promise.all([...texts, ...jobs]).then(() => console.log(JSON.stringify([texts.length, ended])));`;
    const env = { ...process.env, ROOT: root, HQUANT_PYTHON: compiler };
    const out = execFileSync(process.execPath, ['-e', source], { encoding: 'utf8', timeout: 60_000, env });
    const [texts, ended] = JSON.parse(out);
    assert.deepEqual(ended.slice(0, 2).sort(), ['backtest', 'metrics']);
    assert.deepEqual(ended.slice(2), Array(texts).fill('HquantError'));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
