'use strict';
// What is known here of compiled programs is what the library knows: its lists of operations are the truth.
const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { root } = require('./support');
const { OP, BINARY } = require('../lib/hqbc');

const source = (name) => fs.readFileSync(path.join(root, '..', 'csrc', name), 'utf8');

test('every operation of the library is known by its number and by how many registers it reads', () => {
  const pure = [...source('graph/op.h').matchAll(/\bX\((\w+), (\d+), ([12]),/g)].map(([, name, code, operands]) =>
    ({ name, code: Number(code), operands: Number(operands) }));
  const others = [...source('vm/program.h').matchAll(/\bHQ_OP_(\w+) = (\d+),/g)].map(([, name, code]) => [name, Number(code)]);
  assert.ok(pure.length >= 20 && others.length >= 6);
  const { EQ, ...own } = OP;
  assert.deepEqual(own, Object.fromEntries(others), 'lib/hqbc_merge.js moves the operands of each of these in its own way');
  assert.equal(EQ, pure.find(({ name }) => name === 'EQ').code);
  const binary = pure.filter(({ operands }) => operands === 2).map(({ code }) => code);
  assert.deepEqual([...BINARY].sort((a, b) => a - b), binary.sort((a, b) => a - b));
});
