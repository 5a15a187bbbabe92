'use strict';
// Failures of the library as exceptions.

/**
 * A failure that is neither a wrong type nor a value out of range: text that does not compile, bytes that are
 * no program, a bar out of order. `code` says which: 'HQ_ECOMPILE', 'HQ_EPROGRAM', 'HQ_EORDER', ...
 */
class HquantError extends Error {}
Object.defineProperty(HquantError.prototype, 'name', { value: 'HquantError', writable: true, configurable: true });

/** Statuses that say that an argument's value is out of range. */
const OUT_OF_RANGE = new Set(['HQ_EINVAL', 'HQ_EBAR', 'HQ_ENOTFOUND', 'HQ_ELIMIT', 'HQ_EUTF8']);

/**
 * The exception of a failed call. Native code calls it with the thread's last error.
 * @param {string} code  such as 'HQ_EINVAL'
 * @param {string} message
 * @param {number} line  in strategy text, from 1; 0 where it does not apply
 * @param {number} column
 * @param {string} rendered  all that is wrong with the text, for people
 * @param {string} json  the same as data
 */
function makeError(code, message, line, column, rendered, json) {
  const error = OUT_OF_RANGE.has(code) ? new RangeError(message) : new HquantError(message);
  error.code = code;
  if (code === 'HQ_ECOMPILE') Object.assign(error, { line, column, rendered, diagnostics: JSON.parse(json) });
  return error;
}

module.exports = { HquantError, makeError };
