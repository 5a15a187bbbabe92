'use strict';
// The addon of this platform, started for this environment.
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');
const load = require('node-gyp-build');
const { makeError } = require('./errors');

/** The addon; where there is none, an error that says how to get it. */
function loaded() {
  try {
    return load(path.join(__dirname, '..'));
  } catch (error) {
    if (!/^No native build was found/.test(error.message)) throw error;
    const lacks = `hquant: there is no binary for ${process.platform}-${process.arch} in ${path.join(__dirname, '..')}`;
    throw new Error(
      `${lacks}. Its install script, which builds one, did not run or failed (--ignore-scripts, pnpm and newer npm ` +
        'leave it out). Run `npm rebuild hquant`; where scripts need approval, first `npm install-scripts approve hquant`, ' +
        'and with pnpm `pnpm approve-builds`. It takes CMake 3.25 or newer and a C and a C++ compiler.',
      { cause: error },
    );
  }
}

const native = loaded();
// HQUANT_NODE_COPY=1: copies instead of views of the library's memory, as where views are forbidden. In a worker
// a view is not safe: src/memory.h says why.
const shared = native.start(makeError, !isMainThread || process.env.HQUANT_NODE_COPY === '1');

module.exports = { native, shared };
