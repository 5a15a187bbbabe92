'use strict';
// Options of a backtest, from users' names to the fields of the C struct.
const { checkInteger, wrongType } = require('./check');
const { choice, finite, within, levelOf, sizeOf, periodOrZero, HTF } = require('./levels');

/** Every option of a run through an account, and what it is when left out. */
const RUN_DEFAULTS = {
  capital: 10_000,
  leverage: 1,
  contract_size: 1,
  fee: 0,
  maker_fee: null,
  fee_per_unit: 0,
  slippage: 0,
  slippage_ticks: 0,
  slippage_random: 0,
  slippage_seed: 0,
  funding: null,
  funding_interval: null,
  funding_missing: 'error',
  maintenance_margin: 0,
  margin_tiers: null,
  fill: 'next_open',
  limit_offset: 0,
  limit_bars: 0,
  intrabar: 'worst',
  finer: null,
  sides: 'both',
  position: 'netted',
  pyramiding: 0,
  size: null,
  size_unit: 'units',
  stop: null,
  target: null,
  trail: null,
  tick_size: 0,
  lot_size: 0,
  min_quantity: 0,
  min_notional: 0,
  unaffordable: 'clamp',
  bad_bars: 'error',
  htf: 'closed',
  bar_period: null,
};

// Options that are words, the C field of each, and the numbers of the words.
const CHOICES = {
  fill: ['fill', { next_open: 0, close: 1, limit: 2 }],
  intrabar: ['intrabar', { worst: 0, best: 1, nearest: 2, finer: 3 }],
  sides: ['sides', { both: 0, long: 1, short: 2 }],
  position: ['hedged', { netted: 0, hedged: 1 }],
  unaffordable: ['unaffordable', { clamp: 0, reject: 1 }],
  bad_bars: ['bad_bars', { error: 0, skip: 1 }],
  htf: ['htf', HTF],
};

/** Options of the account, and the C fields that take them. */
const ACCOUNT = {
  capital: 'initial_margin',
  leverage: 'leverage',
  contract_size: 'contract_size',
  maintenance_margin: 'maintenance_margin_rate',
};

const NUMBERS = ['limit_offset', 'fee_per_unit'];
const COUNTS = ['limit_bars', 'pyramiding'];
const SLIPPAGES = { slippage: 2, slippage_ticks: 1, slippage_random: 3 };
const MISSING = { error: 0, zero: 1 };
const MISSING_CONSTANT = 2;

/** Refuse options that nothing would read: a run without them would be another than asked. */
function refuseUnread(given) {
  const unread = [
    ['limit_offset', given.limit_offset !== 0, given.fill === 'limit', "fill: 'limit'"],
    ['limit_bars', given.limit_bars !== 0, given.fill === 'limit', "fill: 'limit'"],
    ['finer', given.finer !== null, given.intrabar === 'finer', "intrabar: 'finer'"],
    ['funding_interval', given.funding_interval !== null, given.funding !== null, 'funding'],
    ['funding_missing', given.funding_missing !== 'error', given.funding !== null, 'funding'],
  ];
  for (const [name, isGiven, isRead, reader] of unread) {
    if (isGiven && !isRead) throw new RangeError(`options.${name} is read only with ${reader}; give both, or leave ${name} out`);
  }
  if (given.intrabar === 'finer' && given.finer === null) {
    throw new RangeError("options.intrabar: 'finer' needs the bars of a shorter period in options.finer");
  }
}

// What orders bring themselves or do not have, with the values that say nothing.
const OF_SIGNALS = { fill: 'next_open', pyramiding: 0, size: null, stop: null, target: null, trail: null };

/** Refuse options of signals in a run that has orders only: no position would get that stop. */
function refuseWithoutSignals(given) {
  for (const [name, unset] of Object.entries(OF_SIGNALS)) {
    if (given[name] !== unset) {
      throw new RangeError(
        `options.${name} is read only of signals, and this run has orders alone; give it to the orders, or leave ${name} out`);
    }
  }
}

function fees(given) {
  const rate = (name) => within(`options.${name}`, given[name], 'a number in 0..1e100', (x) => x >= 0 && x <= 1e100);
  const taker = rate('fee');
  return { taker_fee_rate: taker, maker_fee_rate: given.maker_fee === null ? taker : rate('maker_fee') };
}

function slippage(given) {
  const chosen = [];
  for (const name of Object.keys(SLIPPAGES)) {
    const isTicks = name === 'slippage_ticks';
    within(`options.${name}`, given[name], isTicks ? 'a number in 0..1e100' : 'a number >= 0 and < 1',
      (x) => x >= 0 && (isTicks ? x <= 1e100 : x < 1));
    if (given[name] > 0) chosen.push(name);
  }
  if (chosen.length > 1) throw new RangeError(`options.${chosen.join(' and options.')} exclude each other; give one of them`);
  const found = { slippage_seed: seed(given.slippage_seed) };
  for (const name of chosen) Object.assign(found, { slippage_kind: SLIPPAGES[name], slippage: given[name] });
  return found;
}

function seed(value) {
  if (typeof value !== 'bigint') return checkInteger('options.slippage_seed', value, 0, Number.MAX_SAFE_INTEGER);
  if (BigInt.asUintN(64, value) !== value) throw new RangeError('Expected options.slippage_seed to be in 0..2^64-1');
  return value;
}

function funding(given) {
  const found = { funding_interval_ms: periodOrZero('options.funding_interval', given.funding_interval) };
  const missing = given.funding_missing;
  if (typeof missing === 'string') found.funding_missing = choice('options.funding_missing', missing, MISSING);
  else if (typeof missing !== 'number') throw wrongType('options.funding_missing', "'error', 'zero' or a rate", missing);
  else Object.assign(found, { funding_missing: MISSING_CONSTANT, funding_constant: finite('options.funding_missing', missing) });
  return found;
}

const TIER = ['notional_from', 'maintenance_rate', 'max_leverage'];

/** Three numbers a tier, one tier behind the other. */
function tiers(given) {
  if (given === null) return undefined;
  if (!Array.isArray(given)) throw wrongType('options.margin_tiers', `an Array of [${TIER.join(', ')}]`, given);
  if (given.length === 0) throw new RangeError('Expected options.margin_tiers to have at least one tier; null: no tiers');
  return Float64Array.from(Array.from(given, (tier, i) => { // map() passes over holes
    const name = `options.margin_tiers[${i}]`;
    if (!Array.isArray(tier) || tier.length !== TIER.length) throw wrongType(name, `[${TIER.join(', ')}]`, tier);
    return Array.from(tier, (value, k) => finite(`${name}.${TIER[k]}`, value));
  }).flat());
}

/** The fields of HqBacktestOptions and of its account, of all options of RUN_DEFAULTS. */
function optionFields(given) {
  const fields = {};
  for (const [name, [field, known]] of Object.entries(CHOICES)) fields[field] = choice(`options.${name}`, given[name], known);
  refuseUnread(given);
  for (const [name, field] of Object.entries(ACCOUNT)) fields[field] = finite(`options.${name}`, given[name]);
  for (const name of NUMBERS) fields[name] = finite(`options.${name}`, given[name]);
  for (const name of COUNTS) fields[name] = checkInteger(`options.${name}`, given[name], 0, 2 ** 32 - 1);
  [fields.size, fields.size_unit] = sizeOf(given.size, given.size_unit, 'options.');
  for (const name of ['stop', 'target', 'trail']) {
    [fields[name], fields[`${name}_unit`]] = levelOf(`options.${name}`, given[name]);
  }
  fields.bar_period_ms = periodOrZero('options.bar_period', given.bar_period);
  fields.tiers = tiers(given.margin_tiers);
  return Object.assign(fields, fees(given), slippage(given), funding(given));
}

module.exports = { RUN_DEFAULTS, ACCOUNT, optionFields, refuseWithoutSignals };
