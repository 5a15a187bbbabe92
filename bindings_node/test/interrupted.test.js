'use strict';
// JavaScript that is interrupted while native code calls it: the process goes on, and the interruption is kept.
const test = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { root } = require('./support');

/** Run an endless loop again and again under a timeout of node:vm, in a process of its own. */
function interrupted(code, setup = '') {
  const source = `
    const vm = require('node:vm');
    const hq = require(${JSON.stringify(root)});
    const n = 20000;
    const close = Float64Array.from({ length: n }, (_, i) => 100 + Math.sin(i / 5) * 5);
    const timestamp = BigInt64Array.from(close, (_, i) => BigInt(i * 60000));
    const bars = new hq.Bars({ timestamp, open: close, high: close, low: close, close, volume: close });
    const signals = Int8Array.from(close, (_, i) => (i % 20 === 0 ? 1 : i % 20 === 10 ? -1 : 0));
    const engine = new hq.HQuant(10);
    ${setup}
    const context = vm.createContext({ hq, bars, signals, engine });
    let held = 0;
    for (let i = 0; i < 40; i++) {
      try {
        vm.runInContext(${JSON.stringify(code)}, context, { timeout: 3 + i % 7 });
      } catch (error) {
        if (error.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        held++;
      }
    }
    let caught;
    try { engine.push_bar({ timestamp: 0, open: 1, high: 1, low: 1, close: NaN, volume: 1 }); } catch (error) { caught = error; }
    if (!(caught instanceof RangeError)) throw new Error('expected a RangeError, found ' + caught);
    const { closedTrades } = hq.backtest_sync(bars, null, { signals });
    hq.backtest(bars, null, { signals }).then((later) => console.log(held, later.closedTrades === closedTrades));`;
  return execFileSync(process.execPath, ['-e', source], { encoding: 'utf8', timeout: 60_000 });
}

test('a timeout while an error is made ends the script, not the process', () => {
  const code = 'for (;;) try { engine.push_bar({ timestamp: 0, open: 1, high: 1, low: 1, close: NaN, volume: 1 }) } catch {}';
  assert.equal(interrupted(code), '40 true\n');
});

test('a timeout in the progress function of a job ends the script, not the process', () => {
  const code = 'for (;;) hq.backtest_sync(bars, null, { signals, progress() { for (let i = 0; i < 1e6; i++); } })';
  assert.equal(interrupted(code), '40 true\n');
});

test('a timeout in a progress function that never returns ends the script, not the process', () => {
  const code = 'hq.backtest_sync(bars, null, { signals, progress() { for (;;); } })';
  assert.equal(interrupted(code), '40 true\n');
});
