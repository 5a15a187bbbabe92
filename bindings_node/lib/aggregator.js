'use strict';
const { native } = require('./native');
const { stageBar } = require('./bar');
const { checkTypedArray } = require('./check');
const { CLOSED, KIND } = require('./constants');
const { Adopted, addAliases } = require('./classes');
const { periodList, periodOfMs } = require('./period');
const { takeRows, timeAt } = require('./signals');
const { rows, stage, SLOT } = require('./staging');

const KINDS = [undefined, 'KlineUpdated', 'KlineClosed'];
const ROW = 14; // doubles of an event: src/aggregator.cc

/** Candles of several periods from one stream of base bars. */
class Aggregator {
  #handle;
  #slot;
  #periods;

  constructor(periods) {
    this.#handle = periods instanceof Adopted ? periods.handle : native.hq_aggregator_new(periodList(periods));
    this.#slot = native.slot_of(this.#handle, KIND.AGGREGATOR);
    this.#periods = Array.from(native.hq_aggregator_periods(this.#handle), periodOfMs);
  }

  static load(snapshot) {
    checkTypedArray('snapshot', snapshot, ['Uint8Array']);
    return new Aggregator(new Adopted(native.hq_aggregator_load(snapshot)));
  }

  // A method called on anything else fails here: a TypeError that names the class.
  #open() {
    return this.#handle;
  }

  close() {
    native.close(this.#open(), KIND.AGGREGATOR);
    this.#slot = CLOSED;
  }

  save() {
    return native.hq_aggregator_save(this.#open());
  }

  periods() {
    return [...this.#periods];
  }

  /** Feed one base bar; one with the time of the bar before takes its place. */
  push(bar) {
    stageBar(bar);
    this.#stage();
    native.hq_aggregator_push();
  }

  #stage() {
    stage[SLOT] = this.#slot;
  }

  /** Close every candle in progress. */
  flush() {
    native.hq_aggregator_flush(this.#open());
  }

  events_len() {
    return native.hq_aggregator_events_len(this.#open());
  }

  rejected() {
    return native.hq_aggregator_rejected(this.#open());
  }

  /** Take what happened to candles since the last call, oldest first. */
  poll_events() {
    this.#open();
    return takeRows(this.#slot, native.hq_aggregator_poll_events, ROW, (index) => this.#event(index));
  }

  #event(index) {
    const [open, high, low, close, volume, buy_volume] = rows.subarray(index + 8, index + ROW);
    const candle = {
      open_time: timeAt(index + 2),
      close_time: timeAt(index + 4),
      open,
      high,
      low,
      close,
      volume,
      buy_volume,
      last_update_ts: timeAt(index + 6),
    };
    return { kind: KINDS[rows[index]], period: this.#periods[rows[index + 1]], candle };
  }
}

addAliases(Aggregator);
module.exports = { Aggregator };
