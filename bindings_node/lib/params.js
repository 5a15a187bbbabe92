'use strict';
// PARAMs of strategies and the values that they take.
const { checkObject, wrongType } = require('./check');
const { hint } = require('./job_options');

function unknownParam(where, name, known) {
  const expected = known.length ? `one of ${known.join(', ')}` : 'no name, for the strategy has no PARAM';
  return Object.assign(new RangeError(`Expected ${where} to name ${expected} but received '${name}'${hint(name, known)}`), {
    code: 'HQ_ENOTFOUND',
  });
}

const allowed = ({ minimum, maximum }) => (minimum === null ? 'a finite number' : `${minimum}..${maximum}`);

/** Whether a PARAM takes a value. */
const takes = ({ minimum, maximum }, value) =>
  Number.isFinite(value) && (minimum === null || (value >= minimum && value <= maximum));

/** A value for each PARAM: those given, else their own. */
function paramValues(strategy, given) {
  const known = strategy.params.map((param) => param.name);
  for (const name of Object.keys(checkObject('options.params', given))) {
    if (!known.includes(name)) throw unknownParam('options.params', name, known);
  }
  return Float64Array.from(strategy.params, (param) => {
    const value = Object.hasOwn(given, param.name) ? given[param.name] : param.value;
    const where = `options.params.${param.name}`;
    if (typeof value !== 'number') throw wrongType(where, 'a number', value);
    if (!takes(param, value)) throw new RangeError(`Expected ${where} to be ${allowed(param)} but received ${value}`);
    return value + 0; // -0 is 0
  });
}

module.exports = { paramValues, unknownParam, allowed, takes };
