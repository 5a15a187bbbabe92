'use strict';
const { native } = require('./native');
const { checkNumber, checkString, checkTypedArray, checkInteger, outOfRange, wrongType } = require('./check');
const { Adopted, addAliases } = require('./classes');
const { ID_MAX } = require('./constants');
const { takeOptions } = require('./job_options');

const NAME_MAX = 4096;
let handleOf;

/** A strategy's name, for messages. */
function checkName(name) {
  checkString('name', name);
  const size = Buffer.byteLength(name);
  if (size > NAME_MAX || name.includes('\0')) throw outOfRange('name', `at most ${NAME_MAX} bytes without NUL`, name);
  return name;
}

/** A compiled, verified strategy. Immutable. */
class Strategy {
  #handle;
  #name;
  #source;

  constructor(adopted, name, source) {
    if (!(adopted instanceof Adopted)) {
      throw new TypeError('Expected Strategy.compile(text) or Strategy.from_bytecode(bytes) but received new Strategy()');
    }
    this.#handle = adopted.handle;
    this.#name = name;
    this.#source = source;
  }

  static {
    handleOf = (strategy) => (#handle in strategy ? strategy.#handle : undefined);
  }

  /** Compile a text. It takes the Python compiler: the process that it runs in is found by HQUANT_PYTHON. */
  static compile(text, options) {
    const { name } = takeOptions(options, { name: '<strategy>' });
    checkName(name);
    const handle = native.hq_program_compile(name, checkString('text', text));
    return new Strategy(new Adopted(handle), name, text);
  }

  /** Verify a compiled program (HQBC). */
  static from_bytecode(bytecode, options) {
    const { name } = takeOptions(options, { name: '<bytecode>' });
    checkName(name);
    const handle = native.hq_program_load(checkTypedArray('bytecode', bytecode, ['Uint8Array']));
    return new Strategy(new Adopted(handle), name, null);
  }

  #open() {
    return this.#handle;
  }

  /** The program (HQBC), a copy. */
  get bytecode() {
    return native.hq_program_bytes(this.#open());
  }

  get name() {
    this.#open();
    return this.#name;
  }

  /** The text that it was compiled from; null for a program's bytes. */
  get source() {
    this.#open();
    return this.#source;
  }

  get params() {
    return native.program_params(this.#open());
  }

  get timeframes() {
    return native.program_timeframes(this.#open());
  }

  get has_clauses() {
    return native.hq_program_has_clauses(this.#open());
  }

  get reads_buy_volume() {
    return native.hq_program_reads_buy_volume(this.#open());
  }

  disassemble() {
    return native.hq_program_disassemble(this.#open());
  }
}

const MAGIC = [...'HQBC'].map((letter) => letter.charCodeAt(0));

function checkProgram(dsl) {
  checkTypedArray('dsl', dsl, ['Uint8Array']);
  if (!MAGIC.every((byte, i) => dsl[i] === byte)) {
    throw new RangeError('Expected dsl to be text or a program that begins with HQBC but received other bytes');
  }
  return dsl;
}

/** What an add_strategy takes as its program, for native code: text or bytes. */
function programOf(dsl) {
  if (typeof dsl === 'string') return checkString('dsl', dsl);
  if (typeof dsl === 'object' && dsl !== null) {
    if (handleOf(dsl) !== undefined) return dsl.bytecode;
    if (ArrayBuffer.isView(dsl)) return checkProgram(dsl);
  }
  throw wrongType('dsl', 'text, a Uint8Array (HQBC) or a Strategy', dsl);
}

/** The arguments of a set_param, checked. */
function checkSetting(strategy_id, name, value) {
  checkInteger('strategy_id', strategy_id, 0, ID_MAX);
  if (checkString('name', name).includes('\0')) throw outOfRange('name', 'the name of a PARAM', name);
  checkNumber('value', value);
}

addAliases(Strategy);
module.exports = { Strategy, programOf, checkName, checkSetting, handleOf };
