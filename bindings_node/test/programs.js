'use strict';
// Compiled programs for the tests, each when it is first asked for.
require('./support'); // which Python compiles
const { Strategy } = require('..');

const TEXTS = {
  always: 'IF close > -1e99 THEN BUY',
  cross: 'PARAM p = 2 IN 1..50\nIF CROSSOVER(close, SMA(p)) THEN BUY\nIF CROSSUNDER(close, SMA(p)) THEN SELL',
  htf: 'IF close > open@5m THEN BUY',
};

for (const [name, text] of Object.entries(TEXTS)) {
  let program;
  Object.defineProperty(exports, name, {
    enumerable: true,
    get: () => (program ??= Strategy.compile(text, { name }).bytecode),
  });
}
exports.TEXTS = TEXTS;
