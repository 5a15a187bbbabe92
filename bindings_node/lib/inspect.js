'use strict';
// Short forms for console.log(): one line an object, as repr() in Python.
const { inspect } = require('node:util');

const perCent = (value) => `${(value * 100).toFixed(2)}%`;
const signed = (value) => `${value >= 0 ? '+' : ''}${perCent(value)}`;
const number = (value) => String(Number(value.toPrecision(4)));

const FORMS = {
  HQuant: (engine) => `${engine.len()} of ${engine.capacity()} bars`,
  MultiHQuant: (multi) => `periods ${multi.periods().join(', ')}`,
  Aggregator: (aggregator) => `periods ${aggregator.periods().join(', ')}`,
  Strategy: (strategy) => `'${strategy.name}', ${strategy.bytecode.length} bytes, ${strategy.params.length} params`,
  Bars: (bars) => `${bars.length}`,
  BacktestReport: (report) =>
    `${report.bars} bars, ${report.closed_trades} trades, return ${signed(report.total_return)}, ` +
    `drawdown ${perCent(report.max_drawdown)}${report.liquidated ? ', liquidated' : ''}`,
  SweepResult: ({ combinations, metric, best }) =>
    `${combinations} combinations, best ${metric} ${number(Number(best.row[metric]))} at ` +
    Object.entries(best.params).map(([name, value]) => `${name}=${number(value)}`).join(', '),
};

/** The short form of a class's objects; of what has none, such as a closed one or the prototype, its name alone. */
function addShortForm(type) {
  const form = FORMS[type.name];
  Object.defineProperty(type.prototype, inspect.custom, {
    value() {
      try {
        return `<${type.name}: ${form(this)}>`;
      } catch {
        return `<${type.name}>`;
      }
    },
    writable: true,
    configurable: true,
  });
}

module.exports = { addShortForm };
