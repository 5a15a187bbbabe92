'use strict';
// Whole columns in one call: each function is a Promise, computed in a thread of its own, or _sync.
const { camelCase } = require('./classes');

const functions = {
  ...require('./csv'),
  compile: require('./compile').compile,
  compile_sync: require('./compile').compile_sync,
  run: require('./run').run,
  run_sync: require('./run').run_sync,
  backtest: require('./backtest').backtest,
  backtest_sync: require('./backtest').backtest_sync,
  sweep: require('./sweep').sweep,
  sweep_sync: require('./sweep').sweep_sync,
  metrics: require('./metrics').metrics,
  metrics_sync: require('./metrics').metrics_sync,
};

module.exports = {
  Bars: require('./bars').Bars,
  REASONS: require('./backtest_report').REASONS,
  ...functions,
  ...Object.fromEntries(Object.entries(functions).map(([name, each]) => [camelCase(name), each])),
};
