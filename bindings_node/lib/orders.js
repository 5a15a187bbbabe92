'use strict';
// Orders of the caller's own, for backtest().
const { checkInteger, checkObject, wrongType, outOfRange } = require('./check');
const { choice, finite, flag, levelOf, sizeOf } = require('./levels');
const { snakeCase, hint } = require('./job_options');

const TYPES = { market: 1, limit: 2, stop: 3, stop_limit: 4 };
const SIDES = { buy: 1, sell: -1 };

const DEFAULTS = {
  bar: undefined,
  side: undefined,
  size: null,
  size_unit: 'units',
  type: 'market',
  price: null,
  stop_price: null,
  symbol: null,
  reduce_only: false,
  oco: 0,
  bars: 0,
  stop: null,
  target: null,
  trail: null,
};

function fieldsOf(where, order) {
  const fields = { ...DEFAULTS };
  for (const written of Object.keys(checkObject(where, order, 'an order {bar, side, ...}'))) {
    const name = snakeCase(written);
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new TypeError(`${where}.${written}: orders have no such field${hint(name, Object.keys(DEFAULTS))}`);
    }
    if (order[written] !== undefined) fields[name] = order[written];
  }
  return fields;
}

function price(name, value, wanted, type) {
  if (!wanted && value !== null) throw new RangeError(`${name}: a ${type} order has none`);
  if (!wanted) return 0;
  if (value === null) throw new RangeError(`${name}: a ${type} order needs one`);
  if (!(finite(name, value) > 0 && value <= 1e100)) throw outOfRange(name, 'more than 0 and at most 1e100', value);
  return value;
}

function symbolIndex(name, symbol, names) {
  if (symbol === null && names.length === 1) return 0;
  const known = names.filter((each) => each !== '');
  const index = typeof symbol === 'string' && symbol !== '' ? names.indexOf(symbol) : -1;
  if (index >= 0) return index;
  throw outOfRange(name, known.length ? `one of ${known.join(', ')}` : 'null, for the data has one symbol without a name', symbol);
}

function nativeOrder(where, order, names) {
  const given = fieldsOf(where, order);
  const type = given.type;
  const fields = {
    type: choice(`${where}.type`, type, TYPES),
    side: choice(`${where}.side`, given.side, SIDES),
    bar: checkInteger(`${where}.bar`, given.bar, -1, Number.MAX_SAFE_INTEGER),
    symbol: symbolIndex(`${where}.symbol`, given.symbol, names),
    bars: checkInteger(`${where}.bars`, given.bars, 0, 2 ** 32 - 1),
    oco: checkInteger(`${where}.oco`, given.oco, 0, 2 ** 32 - 1),
    reduce_only: Number(flag(`${where}.reduce_only`, given.reduce_only)),
    price: price(`${where}.price`, given.price, type === 'limit' || type === 'stop_limit', type),
    stop_price: price(`${where}.stop_price`, given.stop_price, type === 'stop' || type === 'stop_limit', type),
  };
  [fields.size, fields.size_unit] = sizeOf(given.size, given.size_unit, `${where}.`);
  for (const name of ['stop', 'target', 'trail']) {
    [fields[name], fields[`${name}_unit`]] = levelOf(`${where}.${name}`, given[name]);
  }
  return fields;
}

/** Orders as the fields of HqOrder. */
function nativeOrders(orders, names) {
  if (!Array.isArray(orders)) throw wrongType('options.orders', 'an Array of orders', orders);
  return Array.from(orders, (order, i) => nativeOrder(`options.orders[${i}]`, order, names));
}

module.exports = { nativeOrders };
