'use strict';
// What a backtest found: counters, curves, trades and fills.
const { addReaders } = require('./classes');
const { choice } = require('./levels');
const { addShortForm } = require('./inspect');
const { figuresOf, Metrics } = require('./metrics');

/** Names of the numbers in entry_reason, exit_reason and reason. */
const REASONS = Object.freeze(['open', 'signal', 'liquidation', 'stop', 'target', 'trail', 'order']);

/** Names of the reasons for which orders are rejected, in the order of the C report. */
const REJECTS = ['clause', 'liquidated', 'cash', 'min_size', 'leverage', 'side', 'reduce_only', 'max_size'];

const SIDES = { trades: ['short', 'long'], fills: ['sell', 'buy'] };

// Counters that are called the same in C and here.
const COUNTERS = [
  'bars', 'steps', 'rejected_bars', 'warmup_bars', 'signals', 'buy_signals', 'sell_signals', 'hold_signals', 'orders',
  'filled_orders', 'partial_orders', 'ignored_same_side', 'ignored_side', 'rejected_orders', 'expired_orders',
  'replaced_orders', 'cancelled_orders', 'dropped_last_bar', 'working_orders', 'open_trades', 'ambiguous_bars',
  'final_equity', 'total_return', 'max_drawdown', 'fees', 'funding', 'realized_pnl', 'liquidation_loss',
];

class BacktestReport {
  #metrics;

  /**
   * @param found  of the native job
   * @param {string[]} symbols
   * @param {object} options  as they were given, those left out included
   */
  constructor(found, symbols, options) {
    const { report } = found;
    this.symbols = symbols;
    for (const name of COUNTERS) this[name] = report[name];
    this.rejects = Object.fromEntries(REJECTS.map((name, i) => [name, found.rejects[i]]));
    this.fills_count = report.fills;
    this.closed_trades = report.trades;
    this.liquidated = report.liquidated !== 0;
    this.capital = options.capital;
    this.options = options;
    this.time = found.time;
    this.equity = found.equity;
    this.margin = found.margin ?? null;
    this.position = found.position ?? null;
    this.actions = found.actions;
    this.trades = found.trades;
    this.fills = found.fills;
    if (found.metrics) this.#metrics = new Metrics(found.metrics);
  }

  /** Fall of equity from its peak so far, the capital included, -1..0, at each step. */
  get drawdown() {
    let peak = this.capital;
    return this.equity.map((equity) => {
      if (equity > peak) peak = equity;
      return equity / peak - 1;
    });
  }

  /** Ratios, risk and trades in figures, made with the run; metrics() takes a benchmark too. */
  get metrics() {
    // A curve that cannot be measured has none: why not is said when they are asked for.
    this.#metrics ??= figuresOf({ equity: this.equity, time: this.time, initial: this.capital, trades: this.trades });
    return this.#metrics;
  }

  /** A table as an Array of objects, a row each: times are Dates, symbols, sides and reasons texts. */
  rows(what = 'curves') {
    choice('what', what, { curves: 0, trades: 1, fills: 2 });
    const columns = what === 'curves' ? this.#curves() : this[what];
    const names = Object.keys(columns);
    return Array.from({ length: columns[names[0]].length }, (_, i) =>
      Object.fromEntries(names.map((name) => [name, this.#cell(what, name, columns[name][i])])));
  }

  #curves() {
    const columns = { time: this.time, equity: this.equity, drawdown: this.drawdown };
    if (this.margin) columns.margin = this.margin;
    const width = this.symbols.length;
    if (this.position) {
      this.symbols.forEach((name, k) => {
        columns[width === 1 ? 'position' : `position_${name}`] = this.time.length
          ? Float64Array.from({ length: this.steps }, (_, i) => this.position[i * width + k])
          : new Float64Array(0);
      });
    }
    return columns;
  }

  #cell(what, name, value) {
    if (name.endsWith('time')) return new Date(Number(value));
    if (name === 'symbol') return this.symbols[value];
    if (name === 'side') return SIDES[what][value > 0 ? 1 : 0];
    if (name.endsWith('reason')) return REASONS[value];
    return name.startsWith('is_') ? value !== 0 : value;
  }

  /** Every number of the report and its options, ready for JSON; `trades` is the count `closed_trades`. */
  toJSON() {
    const found = { symbols: this.symbols };
    for (const name of [...COUNTERS, 'rejects', 'fills_count', 'liquidated', 'capital']) found[name] = this[name];
    found.trades = this.closed_trades;
    found.options = Object.fromEntries(Object.entries(this.options).map(([name, value]) => [name, plain(value)]));
    return found;
  }

  /** The report as a few lines of text. */
  summary() {
    const rows = [
      ['bars', shown(this.bars)],
      ['signals', `${shown(this.signals)} (${shown(this.buy_signals)} buy, ${shown(this.sell_signals)} sell)`],
      ['trades', shown(this.closed_trades) + (this.open_trades ? ` + ${this.open_trades} open` : '')],
      ['final equity', money(this.final_equity)],
      ['total return', `${this.total_return >= 0 ? '+' : ''}${perCent(this.total_return)}`],
      ['max drawdown', perCent(this.max_drawdown)],
      ['fees', money(this.fees)],
    ];
    if (this.funding) rows.push(['funding', money(this.funding)]);
    rows.push(['liquidated', this.liquidated ? 'yes' : 'no']);
    const width = Math.max(...rows.map(([name]) => name.length)) + 2;
    return rows.map(([name, value]) => name.padEnd(width) + value).join('\n');
  }

  toString() {
    return this.summary();
  }
}

const LISTED = 64; // entries of an option that are written out: as many as there may be margin tiers

/** An option as JSON has it; data and long lists are named, not listed. */
function plain(value) {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function') return '<function>';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value) && value.length <= LISTED) return value.map(plain);
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  if (isPlain) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
  return `<${value.constructor?.name ?? 'object'}>`;
}

const shown = (value) => value.toLocaleString('en-US');
const money = (value) => value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const perCent = (value) => `${(value * 100).toFixed(2)}%`;

addReaders(BacktestReport, [...COUNTERS, 'fills_count', 'closed_trades']);
addShortForm(BacktestReport);
module.exports = { BacktestReport, REASONS, plain };
