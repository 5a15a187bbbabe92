'use strict';
// What is declared, exported and built is the same set of names.
const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { inspect } = require('node:util');
const { root } = require('./support');
const hquant = require('..');
const { FILE, declarations } = require('../scripts/write-types');
const { camelCase } = require('../lib/classes');

const text = ['index.d.ts', 'jobs.d.ts'].map((name) => fs.readFileSync(path.join(root, name), 'utf8')).join('\n');

/** The members that a class is declared with, camelCase names included. */
function declared(name) {
  const [, body] = text.match(new RegExp(`declare class ${name}Methods \\{\\n([\\s\\S]*?)\\n\\}`));
  const members = [...body.matchAll(/^ {2}(static |readonly |)(\w+)[(:]/gm)].map(([, kind, member]) => [kind, member]);
  const own = members.filter(([kind]) => kind !== 'static ').map(([, member]) => member);
  return {
    instance: unique([...own, ...own.map(camelCase)].filter((member) => member !== 'constructor')),
    static: unique(members.filter(([kind]) => kind === 'static ').map(([, member]) => member)),
  };
}

const unique = (names) => [...new Set(names)].sort();
/** What every function has, and every prototype. */
const USUAL = { static: ['length', 'name', 'prototype'], instance: ['constructor', 'toString'] };
const namesOf = (holder, usual) => unique(Object.getOwnPropertyNames(holder).filter((name) => !usual.includes(name)));

test('the declarations of indicators are those of the table', () => {
  assert.equal(fs.readFileSync(FILE, 'utf8'), declarations(), 'run node scripts/write-types.js');
});

test('every class has the members that it is declared with, and no others', () => {
  const classes = ['HQuant', 'MultiHQuant', 'Aggregator', 'FuturesBacktest', 'Period', 'Strategy', 'Bars'];
  for (const name of classes) {
    const members = declared(name);
    const instance = members.instance.filter((member) => !USUAL.instance.includes(member));
    assert.deepEqual(namesOf(hquant[name].prototype, USUAL.instance), instance, name);
    assert.deepEqual(namesOf(hquant[name], USUAL.static), members.static, name);
  }
});

test('what require gives is what import gives, and what is declared', async () => {
  const module = await import('hquant');
  assert.deepEqual(Object.keys(module).sort(), [...Object.keys(hquant), 'default'].sort());
  assert.equal(module.default, hquant);
  for (const [name, value] of Object.entries(hquant)) assert.equal(module[name], value, name);
  const names = [...text.matchAll(/^export (?:const|function|class) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(unique(names), Object.keys(hquant).sort());
});

test('console.log shows an object in a line, whatever has become of it', () => {
  const engine = new hquant.HQuant(8);
  engine.push_bar({ timestamp: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 });
  assert.equal(inspect(engine), '<HQuant: 1 of 8 bars>');
  engine.close();
  assert.equal(inspect(engine), '<HQuant>');
  assert.equal(inspect(new hquant.MultiHQuant(8, ['1m', '1h'])), '<MultiHQuant: periods 1m, 1h>');
  assert.equal(inspect(new hquant.Aggregator(['5m'])), '<Aggregator: periods 5m>');
  const one = Float64Array.of(1);
  const bars = new hquant.Bars({ timestamp: [0], open: one, high: one, low: one, close: one, volume: null });
  assert.equal(inspect(bars), '<Bars: 1>');
  const report = hquant.backtest_sync(bars, null, { signals: [0] });
  assert.equal(inspect(report), '<BacktestReport: 1 bars, 0 trades, return +0.00%, drawdown 0.00%>');
});
