'use strict';

const { INDICATOR_SCALAR, INDICATOR_TRIPLE } = require('./constants');
const { addShortForm } = require('./inspect');

module.exports = {
  HQuant: require('./engine').HQuant,
  MultiHQuant: require('./multi').MultiHQuant,
  Aggregator: require('./aggregator').Aggregator,
  FuturesBacktest: require('./futures').FuturesBacktest,
  Period: require('./period').Period,
  Strategy: require('./strategy').Strategy,
  HquantError: require('./errors').HquantError,
  indicators: require('./indicators').indicators,
  INDICATOR_SCALAR,
  INDICATOR_TRIPLE,
  ...require('./library'),
  ...require('./jobs'),
};

for (const name of ['HQuant', 'MultiHQuant', 'Aggregator', 'Strategy', 'Bars']) addShortForm(module.exports[name]);
