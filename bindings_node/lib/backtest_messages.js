'use strict';
// What the library says of a backtest's inputs, with the names that they have here.
const { ACCOUNT } = require('./backtest_options');

const NAMES = {
  ...Object.fromEntries(Object.entries(ACCOUNT).map(([option, field]) => [field, option])),
  funding_interval_ms: 'funding_interval',
  funding_rate: 'funding',
  funding_constant: 'funding_missing',
};
const FIELD = new RegExp(`\\b(${Object.keys(NAMES).join('|')})\\b`, 'g');

/** The error of a failed job, its message in the words of the options, the symbols and the orders. */
function translated(error, names) {
  if (!(error instanceof Error) || typeof error.code !== 'string' || !error.code.startsWith('HQ_')) return error;
  error.message = error.message
    .replace(/^order (\d+): /, 'orders[$1].')
    .replace(/\btiers(?=\[|:| exclude)/g, 'margin_tiers')
    .replace(FIELD, (field) => NAMES[field])
    .replace(/\bsymbol (\d+)\b(: )?/g, (_, index, colon = '') => {
      if (names.length > 1) return `symbol '${names[index]}'${colon}`;
      return colon ? '' : 'the symbol';
    });
  return error;
}

module.exports = { translated };
