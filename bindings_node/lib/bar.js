'use strict';
// A bar on its way into the library.
const { checkNumber, checkObject, checkTime } = require('./check');
const { stage, stageBigInts, TIMESTAMP, IS_BIGINT, OPEN, HIGH, LOW, CLOSE, VOLUME, BUY_VOLUME } =
  require('./staging');

/**
 * Read a bar's fields, once each, and stage them for the call that follows. Getters may do as they like:
 * nothing is staged before the last of them has run.
 */
function stageBar(bar) {
  if (typeof bar !== 'object' || bar === null) {
    checkObject('bar', bar, 'an object {timestamp, open, high, low, close, volume, buy_volume?}');
  }
  const timestamp = bar.timestamp;
  const open = bar.open;
  const high = bar.high;
  const low = bar.low;
  const close = bar.close;
  const volume = bar.volume;
  const buyVolume = bar.buy_volume ?? bar.buyVolume ?? 0;
  if (typeof timestamp !== 'number') checkTime('timestamp', timestamp);
  if (typeof open !== 'number') checkNumber('open', open);
  if (typeof high !== 'number') checkNumber('high', high);
  if (typeof low !== 'number') checkNumber('low', low);
  if (typeof close !== 'number') checkNumber('close', close);
  if (typeof volume !== 'number') checkNumber('volume', volume);
  if (typeof buyVolume !== 'number') checkNumber('buy_volume', buyVolume);
  if (Number.isSafeInteger(timestamp)) {
    stage[TIMESTAMP] = timestamp;
    stage[IS_BIGINT] = 0;
  } else {
    stageBigInts[TIMESTAMP] = checkTime('timestamp', timestamp);
    stage[IS_BIGINT] = 1;
  }
  stage[OPEN] = open;
  stage[HIGH] = high;
  stage[LOW] = low;
  stage[CLOSE] = close;
  stage[VOLUME] = volume;
  stage[BUY_VOLUME] = buyVolume;
}

module.exports = { stageBar };
