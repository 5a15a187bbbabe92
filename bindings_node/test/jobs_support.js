'use strict';
// What the tests of jobs share: bars, strategies, and the answers of the Python package.
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { Bars } = require('..');

/** A candle walk that is the same everywhere; every price is a sum of quarters, exact in a double. */
function columns(length, { seed = 1, step = 3_600_000, start = 0 } = {}) {
  let state = seed;
  const draw = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
  const found = { timestamp: new BigInt64Array(length) };
  for (const name of ['open', 'high', 'low', 'close', 'volume', 'buy_volume']) found[name] = new Float64Array(length);
  let price = 400;
  for (let i = 0; i < length; i++) {
    const open = price;
    price = Math.max(50, price + Math.floor(draw() * 41) / 4 - 5);
    found.timestamp[i] = BigInt(start + i * step);
    found.open[i] = open;
    found.close[i] = price;
    found.high[i] = Math.max(open, price) + Math.floor(draw() * 9) / 4;
    found.low[i] = Math.min(open, price) - Math.floor(draw() * 9) / 4;
    found.volume[i] = 1 + Math.floor(draw() * 64);
    found.buy_volume[i] = found.volume[i] / 2;
  }
  return found;
}

const bars = (length, options) => new Bars(columns(length, options));

const CROSSES = `PARAM fast = 5 IN 2..20 STEP 3
PARAM slow = 30 IN 10..50 STEP 10
quick = SMA(close, fast)
IF CROSSOVER(quick, SMA(close, slow)) THEN BUY
IF CROSSUNDER(quick, SMA(close, slow)) THEN SELL`;

/** A Python with hquant_cffi: HQUANT_PYTHON, or the one of the repository; undefined without one. */
function findPython() {
  const known = [process.env.HQUANT_PYTHON, path.join(__dirname, '../../.venv/bin/python'), 'python3'];
  return known.find((each) => each && spawnSync(each, ['-c', 'import hquant_cffi']).status === 0);
}

const python = findPython();
if (python) process.env.HQUANT_PYTHON = python;

// Doubles travel as their bits; times and counts as text.
const PRELUDE = `
import json, sys
import numpy as np
import hquant_cffi as hq
def bars_of(columns):
    return hq.Bars(np.array([int(t) for t in columns.pop("timestamp")], np.int64),
                   **{name: np.array(each, np.float64) for name, each in columns.items()})
def bits(value):
    array = np.ascontiguousarray(value)
    if array.dtype.kind == "f":
        return [format(each, "016x") for each in array.astype(np.float64).ravel().view(np.uint64)]
    return [str(int(each)) for each in array.ravel()]
def table(records):
    return {name: bits(records[name]) for name in records.dtype.names}
`;

const written = (_, value) => {
  if (typeof value === 'bigint') return String(value);
  return ArrayBuffer.isView(value) ? Array.from(value) : value;
};

/** Questions to the Python package, which one process answers when the first answer is wanted. */
class Questions {
  #programs = new Set();
  #asked = [];
  #answers;

  /**
   * @param {string} program  that defines the function
   * @param {string} name  of a function of `given`
   * @returns what gives the answer
   */
  put(program, name, given) {
    this.#programs.add(program);
    const index = this.#asked.push([name, given]) - 1;
    return () => (this.#answers ??= this.#ask())[index];
  }

  #ask() {
    const program = [
      PRELUDE, ...this.#programs,
      'json.dump([globals()[name](given) for name, given in json.load(sys.stdin)], sys.stdout)',
    ].join('\n');
    const input = JSON.stringify(this.#asked, written);
    const { status, stdout, stderr } = spawnSync(python, ['-c', program], { input, maxBuffer: 2 ** 29 });
    if (status !== 0) throw new Error(String(stderr));
    return JSON.parse(String(stdout));
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** The bits of a column's doubles, or its whole numbers as text, as the Python side writes them. */
function bits(column, isDouble = column instanceof Float64Array) {
  return Array.from(column, (value) => {
    if (!isDouble) return String(value);
    scratch.setFloat64(0, value);
    return scratch.getBigUint64(0).toString(16).padStart(16, '0');
  });
}

module.exports = { columns, bars, CROSSES, python, Questions, bits };
