'use strict';
const { native } = require('./native');
const { checkChoice, checkNumber, checkObject } = require('./check');
const { KIND } = require('./constants');
const { addAliases } = require('./classes');
const { takeOptions } = require('./job_options');
const { ACTIONS } = require('./signals');

const PARAMS = [
  'initial_margin',
  'leverage',
  'contract_size',
  'maker_fee_rate',
  'taker_fee_rate',
  'maintenance_margin_rate',
];
const SIDES = ['long', 'short'];
const isLong = (side) => checkChoice('side', side, SIDES) === 'long';

/** After a liquidation there is nothing to do, and a loop over signals runs on. */
function unlessLiquidated(run) {
  try {
    run();
  } catch (error) {
    if (error.code !== 'HQ_ELIQUIDATED') throw error;
  }
}

/** A futures account with a long and a short position. */
class FuturesBacktest {
  #handle;

  constructor(params) {
    checkObject('params', params, `an object {${PARAMS.join(', ')}}`);
    const given = takeOptions(params, Object.fromEntries(PARAMS.map((name) => [name, undefined])));
    for (const name of PARAMS) checkNumber(name, given[name]);
    this.#handle = native.hq_backtest_new(...PARAMS.map((name) => given[name]));
  }

  // A method called on anything else fails here: a TypeError that names the class.
  #open() {
    return this.#handle;
  }

  close() {
    native.close(this.#open(), KIND.ACCOUNT);
  }

  /** Trade at market: close the opposite side, then open or add to this one; HOLD only marks. */
  apply_signal(action, price, margin) {
    const number = ACTIONS.indexOf(checkChoice('action', action, ACTIONS.slice(1)));
    checkNumber('price', price);
    checkNumber('margin', margin);
    unlessLiquidated(() => native.hq_backtest_apply_signal(this.#open(), number, price, margin));
  }

  /** Mark the account at a price: drawdown, then liquidation. */
  on_price(price) {
    checkNumber('price', price);
    unlessLiquidated(() => native.hq_backtest_on_price(this.#open(), price));
  }

  /** The account valued at a price; nothing changes. */
  result(price) {
    return native.hq_backtest_result(this.#open(), checkNumber('price', price));
  }

  open_long(price, margin, fee_rate) {
    this.#trade(native.hq_backtest_open_long, { price, margin, fee_rate });
  }

  open_short(price, margin, fee_rate) {
    this.#trade(native.hq_backtest_open_short, { price, margin, fee_rate });
  }

  close_long(price, fee_rate) {
    this.#trade(native.hq_backtest_close_long, { price, fee_rate });
  }

  close_short(price, fee_rate) {
    this.#trade(native.hq_backtest_close_short, { price, fee_rate });
  }

  #trade(run, values) {
    for (const name in values) checkNumber(name, values[name]);
    run(this.#open(), ...Object.values(values));
  }

  cash() {
    return native.hq_backtest_cash(this.#open());
  }

  liquidated() {
    return native.hq_backtest_liquidated(this.#open());
  }

  max_open_margin(fee_rate) {
    return native.hq_backtest_max_open_margin(this.#open(), checkNumber('fee_rate', fee_rate));
  }

  equity(price) {
    return native.hq_backtest_equity(this.#open(), checkNumber('price', price));
  }

  locked_margin() {
    return native.hq_backtest_locked_margin(this.#open());
  }

  total_notional(price) {
    return native.hq_backtest_total_notional(this.#open(), checkNumber('price', price));
  }

  maintenance_margin(price) {
    return native.hq_backtest_maintenance_margin(this.#open(), checkNumber('price', price));
  }

  contracts(side) {
    return native.hq_backtest_contracts(this.#open(), isLong(side));
  }

  entry_price(side) {
    return native.hq_backtest_entry_price(this.#open(), isLong(side));
  }

  fees() {
    return native.hq_backtest_fees(this.#open());
  }

  realized_pnl() {
    return native.hq_backtest_realized_pnl(this.#open());
  }

  liquidation_loss() {
    return native.hq_backtest_liquidation_loss(this.#open());
  }
}

addAliases(FuturesBacktest);
module.exports = { FuturesBacktest };
