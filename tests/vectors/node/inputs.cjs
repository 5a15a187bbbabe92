'use strict';
// What cases name, as the package takes it.
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { Strategy, indicators } = require('./package.cjs');
const { number } = require('./check.cjs');

const FIELDS = ['timestamp', 'open', 'high', 'low', 'close', 'volume', 'buy_volume'];
const ACTIONS = { BUY: 1, SELL: 2, HOLD: 3 };

const read = (folder, name) => JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));

class Inputs {
  #tapes;
  #programs;

  constructor(folder) {
    this.#tapes = read(folder, 'tapes');
    this.#programs = read(folder, 'programs');
  }

  /** A tape as columns. */
  bars(name, from = 0, to = Infinity) {
    const columns = FIELDS.map((field) => [field, Float64Array.from(this.#tapes[name][field].slice(from, to))]);
    return Object.fromEntries(columns);
  }

  rows(name, from, to) {
    const tape = this.#tapes[name];
    const rows = tape.timestamp.slice(from, to).keys();
    return [...rows].map((i) => Object.fromEntries(FIELDS.map((field) => [field, tape[field][from + i]])));
  }

  text(name) {
    return this.#programs[name].text;
  }

  mode(name) {
    return name === null ? 'seed' : this.#programs[name].mode;
  }

  program(name) {
    return Strategy.from_bytecode(Buffer.from(this.#programs[name].hqbc, 'base64'), { name });
  }
}

/** The bar that a step writes out. */
const barOf = (values) => Object.fromEntries(FIELDS.map((field, i) => [field, number(values[i])]));

const ROWS = new Map(indicators.table().map((row) => [row.name, row]));

/** What add_indicator takes of a spec: its name, its parameters, and what it reads. */
function argumentsOf({ indicator, params, mode, fields }) {
  const free = fields.filter((_, i) => !ROWS.get(indicator).inputs[i].is_fixed);
  return [indicator, ...params, free.length ? { mode, field: free } : { mode }];
}

/** The name of the status that a call ends with. */
function statusOf(call) {
  try {
    call();
    return 'HQ_OK';
  } catch (error) {
    if (error.code === undefined) throw error;
    return error.code;
  }
}

/** The signals that wait, as rows: step, strategy, action, time. */
const signalsOf = (engine, step) =>
  engine.poll_signals().map(({ strategy_id, action, timestamp }) => [step, strategy_id, ACTIONS[action], timestamp]);

module.exports = { Inputs, ROWS, argumentsOf, barOf, read, signalsOf, statusOf };
