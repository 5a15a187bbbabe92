'use strict';
// Strategies from text, a file or a program's bytes.
const fs = require('node:fs');
const { types } = require('node:util');
const { checkString, wrongType } = require('./check');
const { Adopted } = require('./classes');
const { HquantError } = require('./errors');
const { checkWatchers, startJob } = require('./job');
const { takeOptions } = require('./job_options');
const { Strategy, checkName } = require('./strategy');

const JOB = 'compile';

function compileRequest(text, options) {
  const { name, signal } = takeOptions(options, { name: '<strategy>', signal: null });
  const watchers = { signal, progress: null };
  checkWatchers(watchers);
  return { request: { text: checkString('text', text), name: checkName(name) }, watchers };
}

/** Compile a strategy's text off the main thread. */
async function compile(text, options) {
  const { request, watchers } = compileRequest(text, options);
  return new Strategy(new Adopted(await startJob(JOB, request, watchers)), request.name, text);
}

/** Compile a strategy's text; for as long as it takes, nothing else happens in this thread. */
const compile_sync = (text, options) => Strategy.compile(text, options);

const EXPECTED = 'strategy text, the path of a .hq or .hqbc file, a Uint8Array of a compiled program or a Strategy';
const isPath = (text) => !text.includes('\n') && /\.hq(bc)?$/.test(text);
const isCompiled = (path) => path.endsWith('.hqbc');

/** The text of a file. */
function decoded(content, path) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw Object.assign(new HquantError(`${path}: not UTF-8; save it as UTF-8`), { code: 'HQ_EUTF8' });
  }
}

/** What is a strategy already, or its bytes; undefined for text and paths. */
function withoutCompiler(name, given) {
  if (given === null || given instanceof Strategy) return given;
  if (types.isUint8Array(given)) return Strategy.from_bytecode(given);
  if (typeof given !== 'string') throw wrongType(name, EXPECTED, given);
  checkString(name, given);
  return undefined;
}

/** Whatever stands for a strategy as one; null for null. A Promise. */
async function strategyOf(name, given, signal) {
  const known = withoutCompiler(name, given);
  if (known !== undefined) return known;
  if (!isPath(given)) return compile(given, { signal });
  const content = await fs.promises.readFile(given);
  if (isCompiled(given)) return Strategy.from_bytecode(content, { name: given });
  return compile(decoded(content, given), { name: given, signal });
}

/** The same at once. */
function strategyOfSync(name, given) {
  const known = withoutCompiler(name, given);
  if (known !== undefined) return known;
  if (!isPath(given)) return compile_sync(given);
  const content = fs.readFileSync(given);
  if (isCompiled(given)) return Strategy.from_bytecode(content, { name: given });
  return compile_sync(decoded(content, given), { name: given });
}

module.exports = { compile, compile_sync, strategyOf, strategyOfSync, isPath, EXPECTED };
