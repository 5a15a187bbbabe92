'use strict';
const { native, shared } = require('./native');
const { checkInteger, checkNumber, checkTypedArray, checkChoice, wrongType } = require('./check');
const { stageBar } = require('./bar');
const { barColumns, takenBars, FIELDS } = require('./columns');
const { CAPACITY_MAX, CLOSED, ID_MAX, KIND, PERIOD_MAX, SIGNAL_CAPACITY_MAX } = require('./constants');
const { Adopted, addAliases } = require('./classes');
const { bindParams, fieldNumbers, findRow, modeNumber, splitOptions } = require('./indicator_table');
const { flag } = require('./levels');
const { takeOptions } = require('./job_options');
const { barPeriodMs, htfNumber } = require('./options');
const { takeSignals } = require('./signals');
const { checkName, checkSetting, programOf } = require('./strategy');
const { stage, SLOT, TIMESTAMP: ID, OUT } = require('./staging');

const COLUMNS = [...FIELDS, 'timestamp'];
const INDICATOR_COLUMN = COLUMNS.length;

const checkId = (id) => checkInteger('id', id, 0, ID_MAX);
const checkPeriod = (name, period) => checkInteger(name, period, 1, PERIOD_MAX);

/** A pair of an id and an output for `live`. */
function outputPair(output, i) {
  if (typeof output === 'number') return [checkInteger(`outputs[${i}]`, output, 0, ID_MAX), 0];
  if (!Array.isArray(output) || output.length !== 2) throw wrongType(`outputs[${i}]`, 'an id or [id, output]', output);
  const [id, which] = output;
  return [checkInteger(`outputs[${i}]`, id, 0, ID_MAX), checkInteger(`outputs[${i}][1]`, which, 0, ID_MAX)];
}

/** A single-period engine: a ring of bars, indicators over them, strategies over those, signals out. */
class HQuant {
  #handle;
  #slot;
  #memory = new Map(); // column -> WeakRef of its ArrayBuffer

  constructor(capacity, options) {
    if (capacity instanceof Adopted) {
      this.#handle = capacity.handle;
    } else {
      const { htf, bar_period } = takeOptions(options, { htf: 'closed', bar_period: null });
      const htfWanted = htfNumber(htf);
      const periodMs = barPeriodMs(bar_period);
      this.#handle = native.hquant_new(checkInteger('capacity', capacity, 1, CAPACITY_MAX));
      native.hq_engine_set_htf(this.#handle, htfWanted, periodMs);
    }
    this.#slot = native.slot_of(this.#handle, KIND.ENGINE);
  }

  static load(snapshot) {
    return new HQuant(new Adopted(native.hq_engine_load(checkTypedArray('snapshot', snapshot, ['Uint8Array']))));
  }

  // A method called on anything else fails here: a TypeError that names the class.
  #open() {
    return this.#handle;
  }

  #stage() {
    stage[SLOT] = this.#slot;
  }

  /** Give the memory back now. Views of it stay valid; everything else throws from here on. */
  close() {
    native.close(this.#open(), KIND.ENGINE);
    this.#slot = CLOSED;
    this.#memory.clear();
  }

  save() {
    return native.hq_engine_save(this.#open());
  }

  // ------------------------------------------------------------- indicators

  add_rsi(period) {
    return native.hquant_add_rsi(this.#open(), checkPeriod('period', period));
  }

  add_ema_close(period) {
    return native.hquant_add_ema_close(this.#open(), checkPeriod('period', period));
  }

  add_sma_close(period) {
    return native.hquant_add_sma_close(this.#open(), checkPeriod('period', period));
  }

  add_stddev_close(period) {
    return native.hquant_add_stddev_close(this.#open(), checkPeriod('period', period));
  }

  add_boll(period, k) {
    return native.hquant_add_boll(this.#open(), checkPeriod('period', period), checkNumber('k', k));
  }

  add_macd(fast, slow, signal) {
    checkPeriod('fast', fast);
    checkPeriod('slow', slow);
    return native.hquant_add_macd(this.#open(), fast, slow, checkPeriod('signal', signal));
  }

  add_atr(period) {
    return this.add_indicator('ATR', period);
  }

  /** Any indicator of the table: parameters in the row's order, then options with names, field, mode and history. */
  add_indicator(name, ...args) {
    const row = findRow(name);
    const [positional, { field, mode, history, ...named }] = splitOptions(row, args, ['field', 'mode', 'history']);
    const params = bindParams(row, positional, named);
    const fields = fieldNumbers(row, field);
    const add = flag('history', history ?? true) ? native.hq_add_indicator : native.hq_add_indicator_newest;
    return add(this.#open(), row.code, modeNumber(mode), params, fields);
  }

  indicator_last(id) {
    this.#stage();
    stage[ID] = checkId(id);
    native.hquant_indicator_last();
    return { kind: stage[OUT], a: stage[OUT + 1], b: stage[OUT + 2], c: stage[OUT + 3] };
  }

  indicator_values(id) {
    this.#stage();
    stage[ID] = checkId(id);
    native.hq_indicator_values();
    return Array.from(stage.subarray(OUT + 1, OUT + 1 + stage[OUT]));
  }

  /** The newest values of outputs as memory that follows the bars. */
  live(outputs) {
    if (!Array.isArray(outputs)) throw wrongType('outputs', 'an Array of ids or [id, output]', outputs);
    const pairs = Uint32Array.from(Array.from(outputs, outputPair).flat());
    return new Float64Array(native.hq_engine_watch(this.#open(), pairs));
  }

  // ------------------------------------------------------------- strategies

  add_strategy(name, dsl) {
    checkName(name);
    const program = programOf(dsl);
    return native.hquant_add_strategy(this.#open(), name, program);
  }

  set_param(strategy_id, name, value) {
    checkSetting(strategy_id, name, value);
    native.hq_engine_set_param(this.#open(), strategy_id, name, value);
  }

  // -------------------------------------------------------------- ingestion

  push_bar(bar) {
    stageBar(bar);
    this.#stage();
    native.hq_push_bar();
  }

  update_last_bar(bar) {
    stageBar(bar);
    this.#stage();
    native.hq_update_last_bar();
  }

  /** Whole columns: what push_bar does with each bar in turn. Returns how many were pushed. */
  push_bars(bars) {
    const columns = barColumns('bars', bars);
    return takenBars(native.hq_push_bars(this.#open(), ...columns), 'pushed');
  }

  // ---------------------------------------------------------------- reading

  len() {
    return native.hquant_len(this.#open());
  }

  capacity() {
    return native.hquant_capacity(this.#open());
  }

  /** Bars refused so far. */
  rejected_bars() {
    return native.hq_rejected_bars(this.#open());
  }

  /** Bars pushed so far, those that the ring has dropped included. */
  total_bars() {
    return native.hq_total_bars(this.#open());
  }

  signals_len() {
    return native.hquant_signals_len(this.#open());
  }

  /** Signals dropped because the queue was full. */
  signals_dropped() {
    return native.hq_signals_dropped(this.#open());
  }

  set_signal_capacity(capacity) {
    native.hq_set_signal_capacity(this.#open(), checkInteger('capacity', capacity, 1, SIGNAL_CAPACITY_MAX));
  }

  poll_signals() {
    this.#open();
    return takeSignals(this.#slot, native.hquant_poll_signals);
  }

  // ---------------------------------------------------------------- columns

  /** A ring column by its name: { buffer, capacity, len, head }, the buffer over the ring's own memory. */
  column(name) {
    return this.#column(COLUMNS.indexOf(checkChoice('name', name, COLUMNS)), 0, 0);
  }

  /** The ring column of an indicator's output; ask again to see newer bars in it. */
  indicator_column(id, output = 0) {
    return this.#column(INDICATOR_COLUMN, checkId(id), checkInteger('output', output, 0, ID_MAX));
  }

  #column(which, id, output) {
    const key = `${which}/${id}/${output}`;
    const cached = shared.copies ? undefined : this.#memory.get(key)?.deref();
    const known = cached?.byteLength > 0 ? cached : undefined; // none: it has been transferred
    const made = native.column(this.#open(), which, id, output, known === undefined);
    if (known === undefined) this.#memory.set(key, new WeakRef(made));
    return { buffer: known ?? made, capacity: stage[OUT], len: stage[OUT + 1], head: stage[OUT + 2] };
  }

  open_column() {
    return this.column('open');
  }

  high_column() {
    return this.column('high');
  }

  low_column() {
    return this.column('low');
  }

  close_column() {
    return this.column('close');
  }

  volume_column() {
    return this.column('volume');
  }

  buy_volume_column() {
    return this.column('buy_volume');
  }

  timestamp_column() {
    return this.column('timestamp');
  }
}

addAliases(HQuant);
module.exports = { HQuant };
