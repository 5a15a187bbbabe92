'use strict';

module.exports = {
  /** Kinds of native handles, as in src/handle.h. */
  KIND: { ENGINE: 1, MULTI: 2, AGGREGATOR: 3, ACCOUNT: 4, PROGRAM: 5, BARS: 6 },
  /** The slot of an object that has been closed: no slot. */
  CLOSED: -1,
  CAPACITY_MAX: 2 ** 27,
  SIGNAL_CAPACITY_MAX: 2 ** 24,
  PERIOD_MAX: 2 ** 20,
  ID_MAX: 2 ** 32 - 1,
  INDICATOR_SCALAR: 1,
  INDICATOR_TRIPLE: 2,
};
