'use strict';
// Options that several classes take.
const { choice, HTF } = require('./levels');
const { periodMs } = require('./period');

const htfNumber = (value) => choice('htf', value, HTF);

/** The period of the bars that are fed, ms; 0 where it is unknown. */
const barPeriodMs = (value) => (value === null ? 0 : periodMs('bar_period', value));

module.exports = { htfNumber, barPeriodMs };
