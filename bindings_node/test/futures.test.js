'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { FuturesBacktest } = require('..');

const PARAMS = {
  initial_margin: 1000,
  leverage: 10,
  contract_size: 1,
  maker_fee_rate: 0,
  taker_fee_rate: 0,
  maintenance_margin_rate: 0,
};

test('a long that rises a tenth with leverage ten doubles its margin', () => {
  const account = new FuturesBacktest(PARAMS);
  account.apply_signal('BUY', 50, 100);
  assert.equal(account.contracts('long'), 20);
  assert.equal(account.entryPrice('long'), 50);
  assert.equal(account.locked_margin(), 100);
  account.on_price(55);
  account.applySignal('SELL', 55, 0);
  assert.deepEqual(account.result(55), {
    equity: 1100,
    profit: 100,
    profit_rate: 0.1,
    max_drawdown_rate: 0,
    liquidated: false,
  });
  assert.deepEqual([account.cash(), account.realized_pnl(), account.fees()], [1100, 100, 0]);
});

test('cash, positions, fees and profits add up at every trade', () => {
  const account = new FuturesBacktest({ ...PARAMS, taker_fee_rate: 0.0004, maintenance_margin_rate: 0.005 });
  const trades = [
    () => account.open_long(100, 50, 0.0004),
    () => account.open_short(103, 20, 0.0002),
    () => account.close_long(101, 0.0004),
    () => account.apply_signal('HOLD', 99, 0),
    () => account.close_short(98, 0.0002),
  ];
  for (const trade of trades) {
    trade();
    const left = PARAMS.initial_margin + account.realized_pnl() - account.fees() - account.liquidation_loss();
    assert.ok(Math.abs(left - account.cash() - account.locked_margin()) < 1e-9);
  }
  assert.ok(account.fees() > 0);
  assert.equal(account.total_notional(100), 0);
  assert.equal(account.maintenance_margin(100), 0);
  assert.equal(account.equity(100), account.cash());
  assert.ok(account.max_open_margin(0.0004) < account.cash());
});

test('after a liquidation signals do nothing, and trades say so', () => {
  const account = new FuturesBacktest(PARAMS);
  account.apply_signal('BUY', 100, 1000);
  account.on_price(50);
  assert.equal(account.liquidated(), true);
  account.apply_signal('BUY', 100, 1000);
  account.on_price(100);
  assert.equal(account.result(100).equity, 0);
  assert.throws(() => account.open_long(100, 1, 0), { name: 'HquantError', code: 'HQ_ELIQUIDATED' });
});

test('a value out of range names its field, and nothing changes', () => {
  for (const name of Object.keys(PARAMS)) {
    assert.throws(() => new FuturesBacktest({ ...PARAMS, [name]: NaN }), { name: 'RangeError', message: new RegExp(name) });
    assert.throws(() => new FuturesBacktest({ ...PARAMS, [name]: '1' }), { name: 'TypeError', message: new RegExp(name) });
    const { [name]: _, ...missing } = PARAMS;
    assert.throws(() => new FuturesBacktest(missing), { name: 'TypeError', message: new RegExp(name) });
  }
  const account = new FuturesBacktest(PARAMS);
  const refused = [
    [() => account.apply_signal('buy', 1, 1), RangeError, /action/],
    [() => account.apply_signal('BUY', NaN, 1), RangeError, /price/],
    [() => account.apply_signal('BUY', 1, -1), RangeError, /margin/],
    [() => account.apply_signal('BUY', '1', 1), TypeError, /price/],
    [() => account.on_price(0), RangeError, /price/],
    [() => account.result(Infinity), RangeError, /price/],
    [() => account.equity(), TypeError, /price/],
    [() => account.open_long(1, 1, -1), RangeError, /fee_rate/],
    [() => account.contracts('both'), RangeError, /side/],
  ];
  for (const [run, type, message] of refused) {
    assert.throws(run, (error) => error instanceof type && message.test(error.message), String(run));
  }
  assert.equal(account.cash(), 1000);
  account.close();
  assert.throws(() => account.cash(), { name: 'TypeError', code: 'ERR_HQUANT_CLOSED' });
});
