'use strict';
// Waiting signals and events, taken a batch at a time from the rows that native code fills.
const { stage, rows, rowsBigInts, SLOT, OUT } = require('./staging');

const ACTIONS = [undefined, 'BUY', 'SELL', 'HOLD'];

/** The time at an index of the rows, which takes two places: a Number where that is exact, else a BigInt. */
function timeAt(index) {
  const time = rows[index];
  return Number.isSafeInteger(time) ? time : rowsBigInts[index + 1];
}

/**
 * Everything that waits, oldest first.
 * @param {number} slot  of the object
 * @param {() => void} poll  the native function
 * @param {number} width  doubles of a row
 * @param {(index: number) => object} read  a row
 */
function takeRows(slot, poll, width, read) {
  const taken = [];
  do {
    stage[SLOT] = slot;
    poll();
    const end = stage[OUT] * width;
    for (let index = 0; index < end; index += width) taken.push(read(index));
  } while (stage[OUT + 1] !== 0);
  return taken;
}

const readSignal = (index) => ({
  strategy_id: rows[index],
  action: ACTIONS[rows[index + 1]],
  timestamp: timeAt(index + 2),
});

const takeSignals = (slot, poll) => takeRows(slot, poll, 4, readSignal);

module.exports = { ACTIONS, timeAt, takeRows, takeSignals };
