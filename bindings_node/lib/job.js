'use strict';
// Long calls of the library: at once in the caller's thread, or in a thread of their own.
const { types } = require('node:util');
const { native } = require('./native');
const { makeError } = require('./errors');
const { wrongType } = require('./check');

function checkWatchers({ signal, progress }) {
  if (signal !== null && !(typeof signal === 'object' && typeof signal.aborted === 'boolean' && 'reason' in signal &&
      typeof signal.addEventListener === 'function')) {
    throw wrongType('options.signal', 'an AbortSignal or null', signal);
  }
  if (progress !== null && typeof progress !== 'function') {
    throw wrongType('options.progress', 'a function (done, total) or null', progress);
  }
}

/** What is to be done when a signal is aborted: any number of jobs take one of its listeners. */
const onAbort = new WeakMap();

function listen(signal, stop) {
  if (!onAbort.has(signal)) {
    const stops = new Set();
    const abort = () => [...stops].forEach((each) => each());
    onAbort.set(signal, { stops, abort });
  }
  const { stops, abort } = onAbort.get(signal);
  if (stops.size === 0) signal.addEventListener('abort', abort);
  stops.add(stop);
}

function unlisten(signal, stop) {
  const { stops, abort } = onAbort.get(signal);
  stops.delete(stop);
  if (stops.size === 0) signal.removeEventListener('abort', abort);
}

/** Tell how far a job is; whether to stop it. */
function isToStop(progress, done, total) {
  const answer = progress(done, total);
  if (!types.isPromise(answer)) return answer === true;
  answer.then(undefined, () => {}); // this error is the one that is told
  throw new TypeError('Expected options.progress to be a function that answers at once but it returned a Promise, as async ones do');
}

const cancelled = () => makeError('HQ_ECANCELLED', 'cancelled by the progress callback', 0, 0, '', '[]');

/**
 * Do a job here and now.
 * @param {string} name  of the native job
 * @param {object} request  as the native job reads it
 * @param {{signal: AbortSignal|null, progress: Function|null}} watchers
 */
function doJob(name, request, { signal, progress }) {
  if (signal && signal.aborted) throw signal.reason;
  let thrown;
  const told = (done, total) => {
    try {
      if (isToStop(progress, done, total)) thrown = { error: cancelled() };
      else if (signal && signal.aborted) thrown = { error: signal.reason };
    } catch (error) {
      thrown = { error };
    }
    return thrown !== undefined;
  };
  try {
    const result = native[`${name}_sync`](request, progress ? told : undefined);
    if (thrown === undefined) return result;
  } catch (error) {
    if (thrown === undefined) throw error;
  }
  throw thrown.error;
}

/** Do a job in a thread of its own; a Promise of its result. As doJob(). */
function startJob(name, request, { signal, progress }) {
  return new Promise((resolve, reject) => {
    if (signal && signal.aborted) return reject(signal.reason);
    let number = null;
    const settle = (how, value) => {
      if (number === null) return;
      number = null;
      if (signal) unlisten(signal, abort);
      how(value);
    };
    const stop = (error) => {
      if (number === null) return;
      native.job_stop(number);
      settle(reject, error);
    };
    const abort = () => stop(signal.reason);
    const told = (done, total) => {
      if (number === null) return;
      try {
        if (isToStop(progress, done, total)) stop(cancelled());
      } catch (error) {
        stop(error);
      }
    };
    const ended = (error, result) => (error === undefined ? settle(resolve, result) : settle(reject, error));
    number = native[`${name}_start`](request, ended, progress ? told : undefined);
    if (signal) listen(signal, abort);
  });
}

module.exports = { checkWatchers, doJob, startJob };
