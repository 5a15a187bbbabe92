'use strict';
const test = require('node:test');
const assert = require('node:assert/strict');
const { bar, runNode, walk } = require('./support');
const programs = require('./programs');
const { HQuant, HquantError, Strategy } = require('..');

const signalsOf = (dsl, bars) => {
  const engine = new HQuant(64);
  engine.add_strategy('s', dsl);
  for (const each of bars) engine.push_bar(each);
  return engine.poll_signals();
};

test('text, its program and its Strategy signal the same', () => {
  const bars = walk(300);
  const expected = signalsOf(programs.TEXTS.cross, bars);
  assert.ok(expected.length > 20);
  assert.deepEqual(signalsOf(programs.cross, bars), expected);
  assert.deepEqual(signalsOf(new Uint8Array(programs.cross), bars), expected);
  assert.deepEqual(signalsOf(Strategy.compile(programs.TEXTS.cross), bars), expected);
});

test('a Strategy tells what it is', () => {
  const strategy = Strategy.compile(programs.TEXTS.cross, { name: 'cross' });
  assert.equal(strategy.name, 'cross');
  assert.equal(strategy.source, programs.TEXTS.cross);
  assert.deepEqual(strategy.params, [{ name: 'p', value: 2, minimum: 1, maximum: 50, step: 1 }]);
  assert.deepEqual([strategy.has_clauses, strategy.readsBuyVolume, strategy.timeframes], [false, false, []]);
  assert.match(strategy.disassemble(), /^HQBC /);
  const again = Strategy.from_bytecode(strategy.bytecode);
  assert.deepEqual(again.bytecode, strategy.bytecode);
  assert.equal(again.source, null);
  assert.deepEqual(Strategy.fromBytecode(programs.htf).timeframes, [300_000]);
});

test('the caller may write to the bytes it gave or was given', () => {
  const bytes = Buffer.from(programs.cross);
  const strategy = Strategy.from_bytecode(bytes);
  bytes.fill(0);
  strategy.bytecode.fill(0);
  assert.deepEqual(strategy.bytecode, programs.cross);
});

test('text that does not compile: an error with every diagnostic, for people and as data', () => {
  const compile = () => Strategy.compile('IF clse > 1 THEN BUY\nIF close > 1 THEN', { name: 'mine' });
  assert.throws(compile, (error) => {
    assert.ok(error instanceof HquantError && error instanceof Error);
    assert.deepEqual([error.name, error.code, error.line, error.column], ['HquantError', 'HQ_ECOMPILE', 1, 4]);
    assert.deepEqual(error.diagnostics.map(({ code, line, file }) => [code, line, file]), [
      ['E2001', 1, 'mine'],
      ['E1012', 2, 'mine'],
    ]);
    assert.match(error.rendered, /mine:1:4: error\[E2001\].*\n {2}1 \| IF clse > 1 THEN BUY\n/);
    return true;
  });
  assert.throws(() => new HQuant(4).add_strategy('s', 'IF clse > 1 THEN BUY'), { code: 'HQ_ECOMPILE', line: 1 });
});

test('without a compiler: an error that says how to do without one', () => {
  const source = `
    const { Strategy } = require('.');
    try { Strategy.compile('IF close > 1 THEN BUY') } catch (error) { console.log(error.name, error.code, error.message) }`;
  const printed = runNode(source, { env: { HQUANT_PYTHON: '/nonexistent/python', PATH: '/nonexistent' } });
  assert.match(printed, /^HquantError HQ_ENOCOMPILER /);
  assert.match(printed, /ship the .hqbc/);
});

test('damaged programs are refused, whatever byte is changed', () => {
  for (let i = 0; i < programs.cross.length; i += 7) {
    const bytes = Buffer.from(programs.cross);
    bytes[i] ^= 0x55;
    assert.throws(() => Strategy.from_bytecode(bytes), { name: 'HquantError', code: 'HQ_EPROGRAM' }, `byte ${i}`);
  }
});

test('a PARAM is set while the strategy runs', () => {
  const bars = walk(200);
  const engine = new HQuant(512);
  const id = engine.add_strategy('s', programs.cross);
  for (const each of bars.slice(0, 100)) engine.push_bar(each);
  engine.poll_signals();
  engine.set_param(id, 'p', 20);
  for (const each of bars.slice(100)) engine.push_bar(each);

  const expected = signalsOf(programs.TEXTS.cross.replace('p = 2', 'p = 20'), bars);
  const later = ({ timestamp }) => timestamp >= bars[100].timestamp;
  assert.deepEqual(engine.poll_signals(), expected.filter(later));
  assert.throws(() => engine.set_param(id, 'p', 51), { name: 'RangeError', code: 'HQ_EINVAL' });
  assert.throws(() => engine.set_param(id, 'q', 5), { name: 'RangeError', code: 'HQ_ENOTFOUND' });
  assert.throws(() => engine.set_param(99, 'p', 5), { name: 'RangeError', code: 'HQ_ENOTFOUND' });
});

test('while a strategy reads a higher timeframe, bars must come in order', () => {
  const engine = new HQuant(64, { bar_period: '1m', htf: 'closed' });
  engine.add_strategy('s', programs.htf);
  engine.push_bar(bar(5));
  assert.throws(() => engine.push_bar(bar(4)), { name: 'HquantError', code: 'HQ_EORDER' });
  assert.equal(engine.rejected_bars(), 1);
});
