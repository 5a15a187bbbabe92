'use strict';
// Every indicator as a function over whole columns: indicators.rsi(close, { period: 14 }).
const { native } = require('./native');
const { checkInteger } = require('./check');
const { camelCase } = require('./classes');
const { numberColumns } = require('./columns');
const { TABLE, bindParams, findRow, modeNumber, splitOptions } = require('./indicator_table');

const NO_FIELDS = new Uint32Array(0);

function batch(row, args) {
  const names = row.inputs.map(({ name }) => name);
  if (args.length < names.length) {
    throw new TypeError(`Expected ${row.name} to be given ${names.join(', ')} but received ${args.length} columns`);
  }
  const [positional, { mode, ...named }] = splitOptions(row, args.slice(names.length), ['mode']);
  const params = bindParams(row, positional, named);
  const number = modeNumber(mode);
  const inputs = numberColumns(names, args.slice(0, names.length));
  const outputs = row.outputs.map(() => new Float64Array(inputs[0].length));
  native.hq_indicator_batch(row.code, number, params, NO_FIELDS, inputs, outputs);
  if (outputs.length === 1) return outputs[0];
  return Object.fromEntries(row.outputs.map((name, i) => [name, outputs[i]]));
}

/** Every row, in the table's order. */
const table = () => [...TABLE.values()];

/** The 0-based bar of an indicator's first value, when its inputs have one from bar 0. */
function warmup(name, ...args) {
  const row = findRow(name);
  const [positional, { mode, output = 0, ...named }] = splitOptions(row, args, ['mode', 'output']);
  const params = bindParams(row, positional, named);
  checkInteger('output', output, 0, row.outputs.length - 1);
  const bar = native.hq_indicator_warmup(row.code, modeNumber(mode), params, NO_FIELDS, output);
  if (bar < 0) throw new RangeError(`Expected parameters of ${row.name} that go together but received ${params}`);
  return bar;
}

const indicators = { table, warmup };
for (const row of table()) {
  const name = row.name.toLowerCase();
  const run = (...args) => batch(row, args);
  Object.defineProperty(run, 'name', { value: name });
  indicators[name] = run;
  indicators[camelCase(name)] = run;
}

module.exports = { indicators: Object.freeze(indicators) };
