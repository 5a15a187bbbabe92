'use strict';
// What the tests share: bars, comparisons by bits, the compiler's Python, child processes.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');

// The compiler of this repository, unless something else is named.
const python = path.join(root, '..', '.venv', 'bin', 'python');
if (!process.env.HQUANT_PYTHON && fs.existsSync(python)) process.env.HQUANT_PYTHON = python;

/** A random walk of minute bars that is the same on every machine: a linear congruential generator. */
function walk(count, start = 100) {
  let state = 12345n;
  const random = () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 11n) / 2 ** 53 - 0.5;
  };
  const bars = [];
  let close = start;
  for (let i = 0; i < count; i++) {
    const open = close;
    close = open * (1 + 0.01 * random());
    const high = Math.max(open, close) + Math.abs(random());
    const low = Math.min(open, close) - Math.abs(random());
    const volume = 10 + 5 * random();
    bars.push({ timestamp: i * 60_000, open, high, low, close, volume, buy_volume: volume / 2 });
  }
  return bars;
}

/** Bars as columns of typed arrays. */
function columnsOf(bars) {
  const column = (name) => Float64Array.from(bars, (bar) => bar[name]);
  return {
    timestamp: BigInt64Array.from(bars, (bar) => BigInt(bar.timestamp)),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    buy_volume: column('buy_volume'),
  };
}

/** Doubles as they are, NaN and -0 included. */
function sameBits(found, expected, message) {
  const bits = (values) => new BigUint64Array(Float64Array.from(values).buffer);
  assert.deepEqual(bits(found), bits(expected), message);
}

const bar = (i, close = 100 + i) => ({
  timestamp: i * 60_000,
  open: close,
  high: close + 1,
  low: close - 1,
  close,
  volume: 3,
});

/** Options that an indicator of the table can be added with: a value for each parameter that must be given. */
function optionsOf(row) {
  const params = row.params.filter((param) => param.default === null).map(({ name }, i) => [name, 5 + 5 * i]);
  const fields = row.inputs.filter((input) => !input.is_fixed).map((input) => input.field ?? 'close');
  return { ...Object.fromEntries(params), ...(fields.length > 0 ? { field: fields } : {}) };
}

/** Run a program in a node of its own; what it prints. */
function runNode(source, { args = [], env = {}, cwd = root } = {}) {
  return execFileSync(process.execPath, [...args, '-e', source], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/**
 * An environment for npm: the user's configuration, by which packages are found, but for a nodedir, which names
 * headers that others do not have.
 * @param {string} folder  where the configuration goes
 */
function npmEnv(folder) {
  const own = process.env.NPM_CONFIG_USERCONFIG || path.join(os.homedir(), '.npmrc');
  const lines = fs.existsSync(own) ? fs.readFileSync(own, 'utf8').split('\n') : [];
  const file = path.join(folder, 'npmrc');
  fs.writeFileSync(file, lines.filter((line) => !/^\s*nodedir\b/.test(line)).join('\n'));
  const env = { ...process.env, NPM_CONFIG_USERCONFIG: file, npm_config_loglevel: 'error' };
  delete env.npm_config_nodedir; // as npm hands it on to what it runs
  delete env.npm_config_userconfig;
  return env;
}

module.exports = { root, walk, columnsOf, sameBits, bar, npmEnv, optionsOf, runNode };
