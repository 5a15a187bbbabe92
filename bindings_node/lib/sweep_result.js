'use strict';
// What a sweep found: its table, and the best of it.
const { checkInteger, outOfRange } = require('./check');
const { plain } = require('./backtest_report');
const { addAliases, addReaders } = require('./classes');
const { addShortForm } = require('./inspect');

/** Rows by the metric, NaN last, refused ones behind them; equal ones keep their order. */
function bestFirst({ columns, metric, maximize, length }) {
  const values = columns[metric];
  const { refused } = columns;
  const key = (i) => (refused[i] ? 2 : Number.isNaN(values[i]) ? 1 : 0);
  const order = Array.from({ length }, (_, i) => i);
  return order.sort((a, b) => {
    if (key(a) !== key(b)) return key(a) - key(b);
    if (key(a) > 0 || values[a] === values[b]) return a - b;
    return values[a] > values[b] === maximize ? -1 : 1;
  });
}

class SweepResult {
  #order;

  constructor(fields) {
    Object.assign(this, fields);
  }

  #row(index) {
    const params = Object.fromEntries(
      Object.entries(this.columns_of).map(([name, column]) => [name, this.columns[column][index]]));
    const figures = Object.fromEntries(Object.entries(this.columns).map(([name, column]) => {
      const isFlag = name === 'refused' || name === 'liquidated';
      return [name, isFlag ? column[index] !== 0 : column[index]];
    }));
    return { params, row: figures };
  }

  /** A row of the table: {params, as backtest() takes them; row, all its columns}. */
  row(index) {
    checkInteger('index', index, 0, this.length - 1);
    return this.#row(index);
  }

  /** The row with the best metric: NaN is the worst, the first of equals is taken. */
  get best() {
    return this.top(1)[0];
  }

  /** The best rows, best first; equal ones in the grid's order, NaN last. */
  top(count = 10) {
    checkInteger('count', count, 1, Number.MAX_SAFE_INTEGER);
    this.#order ??= bestFirst(this);
    return this.#order.slice(0, count).map((index) => this.#row(index));
  }

  /** The table as an Array of rows, what was tried and the options, ready for JSON: null where a figure is undefined. */
  toJSON() {
    const { combinations, refused, refusal, metric, maximize, params, columns_of } = this;
    const rows = Array.from({ length: this.length }, (_, i) => Object.fromEntries(
      Object.entries(this.#row(i).row).map(([name, value]) => [name, Number.isNaN(value) ? null : value])));
    const options = Object.fromEntries(Object.entries(this.options).map(([name, value]) => [name, plain(value)]));
    return { combinations, refused, refusal, metric, maximize, params, columns_of, rows, options };
  }

  /** Equity at each step's close, of a row of the table; needs `curves: true`. */
  curve(index) {
    checkInteger('index', index, 0, this.length - 1);
    if (this.curves === null) throw outOfRange('options.curves', 'true where curves are asked for', false);
    const steps = this.time.length;
    return this.curves.subarray(index * steps, (index + 1) * steps);
  }
}

addAliases(SweepResult);
addReaders(SweepResult, ['columns_of']);
addShortForm(SweepResult);

module.exports = { SweepResult };
