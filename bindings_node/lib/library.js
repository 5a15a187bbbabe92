'use strict';
// Facts about the library, and small helpers.
const { native } = require('./native');
const { checkChoice, checkInteger, checkObject, wrongType } = require('./check');

const LEVELS = ['baseline', 'avx2', 'avx512'];

const version = () => native.hq_version();
const abi_version = () => native.hq_abi_version();
const snapshot_version = () => native.hq_snapshot_version();
/** The widest vector instructions in use. */
const simd_level = () => LEVELS[native.hq_simd_level()];
/** Use nothing wider, in the whole process. The results are the same. */
const simd_limit = (level) => native.hq_simd_limit(LEVELS.indexOf(checkChoice('level', level, LEVELS)));

/**
 * A copy of a column's elements, oldest first.
 * @param column  as a *_column() returns it
 * @param Type  Float64Array, or BigInt64Array for timestamps
 */
function ordered(column, Type = Float64Array) {
  const { buffer, capacity, len, head } = checkObject('column', column, 'a column { buffer, capacity, len, head }');
  if (Type !== Float64Array && Type !== BigInt64Array) throw wrongType('Type', 'Float64Array or BigInt64Array', Type);
  const ring = new Type(buffer);
  checkInteger('capacity', capacity, ring.length, ring.length);
  checkInteger('len', len, 0, capacity);
  if (len < capacity) return ring.slice(0, len);
  checkInteger('head', head, 0, capacity);
  const out = new Type(len);
  out.set(ring.subarray(head));
  out.set(ring.subarray(0, head), capacity - head);
  return out;
}

module.exports = {
  version,
  abi_version,
  abiVersion: abi_version,
  snapshot_version,
  snapshotVersion: snapshot_version,
  simd_level,
  simdLevel: simd_level,
  simd_limit,
  simdLimit: simd_limit,
  ordered,
};
