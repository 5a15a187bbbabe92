'use strict';
const { native } = require('./native');
const { stageBar } = require('./bar');
const { checkChoice, checkInteger, checkTypedArray } = require('./check');
const { barColumns, takenBars } = require('./columns');
const { CAPACITY_MAX, CLOSED, ID_MAX, KIND, SIGNAL_CAPACITY_MAX } = require('./constants');
const { Adopted, addAliases } = require('./classes');
const { HQuant } = require('./engine');
const { takeOptions } = require('./job_options');
const { barPeriodMs, htfNumber } = require('./options');
const { periodList, periodMs, periodOfMs } = require('./period');
const { takeSignals } = require('./signals');
const { checkName, checkSetting, programOf } = require('./strategy');
const { stage, SLOT } = require('./staging');

const EMIT = ['every_update', 'on_close'];

/** Engines over several periods fed from one stream of base bars, and strategies across them. */
class MultiHQuant {
  #handle;
  #slot;

  constructor(capacity, periods, options) {
    if (capacity instanceof Adopted) {
      this.#handle = capacity.handle;
    } else {
      const wanted = takeOptions(options, { emit: 'every_update', htf: 'forming', bar_period: null });
      const { emit, htf, bar_period } = wanted;
      const emitWanted = EMIT.indexOf(checkChoice('emit', emit, EMIT));
      const htfWanted = htfNumber(htf);
      const barPeriod = barPeriodMs(bar_period);
      const list = periodList(periods);
      this.#handle = native.hq_multi_new(checkInteger('capacity', capacity, 1, CAPACITY_MAX), list, emitWanted);
      native.hq_multi_set_htf(this.#handle, htfWanted, barPeriod);
    }
    this.#slot = native.slot_of(this.#handle, KIND.MULTI);
  }

  static load(snapshot) {
    checkTypedArray('snapshot', snapshot, ['Uint8Array']);
    return new MultiHQuant(new Adopted(native.hq_multi_load(snapshot)));
  }

  /** Split the strategy_id of a signal: period_index is 0 across periods, else the place of the period from 1. */
  static decode_id(strategy_id) {
    checkInteger('strategy_id', strategy_id, 0, ID_MAX);
    return { period_index: strategy_id >>> 16, local_id: strategy_id & 0xffff };
  }

  // A method called on anything else fails here: a TypeError that names the class.
  #open() {
    return this.#handle;
  }

  /** Give the memory back, as soon as no engine of it is in use any more. */
  close() {
    native.close(this.#open(), KIND.MULTI);
    this.#slot = CLOSED;
  }

  save() {
    return native.hq_multi_save(this.#open());
  }

  periods() {
    return Array.from(native.hq_multi_periods(this.#open()), periodOfMs);
  }

  emit() {
    return EMIT[native.hq_multi_emit(this.#open())];
  }

  /** The engine of a period, a text, a Period or milliseconds: indicators and strategies are added to it. */
  engine(period) {
    const ms = periodMs('period', period);
    return new HQuant(new Adopted(native.hq_multi_engine(this.#open(), ms)));
  }

  add_multi_strategy(name, dsl) {
    checkName(name);
    const program = programOf(dsl);
    return native.hq_multi_add_strategy(this.#open(), name, program);
  }

  set_param(strategy_id, name, value) {
    checkSetting(strategy_id, name, value);
    native.hq_multi_set_param(this.#open(), strategy_id, name, value);
  }

  feed_bar(bar) {
    stageBar(bar);
    this.#stage();
    native.hq_multi_feed_bar();
  }

  #stage() {
    stage[SLOT] = this.#slot;
  }

  /** Whole columns: what feed_bar does with each bar in turn. Returns how many were fed. */
  feed_bars(bars) {
    const columns = barColumns('bars', bars);
    return takenBars(native.hq_multi_feed_bars(this.#open(), ...columns), 'fed');
  }

  /** Close every candle in progress. */
  flush() {
    native.hq_multi_flush(this.#open());
  }

  rejected_bars() {
    return native.hq_multi_rejected(this.#open());
  }

  signals_len() {
    return native.hq_multi_signals_len(this.#open());
  }

  signals_dropped() {
    return native.hq_multi_signals_dropped(this.#open());
  }

  set_signal_capacity(capacity) {
    native.hq_multi_set_signal_capacity(this.#open(), checkInteger('capacity', capacity, 1, SIGNAL_CAPACITY_MAX));
  }

  poll_signals() {
    this.#open();
    return takeSignals(this.#slot, native.hq_multi_poll_signals);
  }
}

addAliases(MultiHQuant);
module.exports = { MultiHQuant };
