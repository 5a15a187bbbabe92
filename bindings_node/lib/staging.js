'use strict';
// The memory through which calls that are made for every bar pass arguments and answers: a property
// read here costs nothing, one through Node-API as much as the call. Indices as in src/env.h.
const { shared } = require('./native');

module.exports = {
  stage: new Float64Array(shared.stage),
  stageBigInts: new BigInt64Array(shared.stage),
  rows: new Float64Array(shared.rows),
  rowsBigInts: new BigInt64Array(shared.rows),
  SLOT: 0,
  TIMESTAMP: 1,
  IS_BIGINT: 2,
  OPEN: 3,
  HIGH: 4,
  LOW: 5,
  CLOSE: 6,
  VOLUME: 7,
  BUY_VOLUME: 8,
  OUT: 9,
};
