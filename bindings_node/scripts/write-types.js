'use strict';
// Write indicators.d.ts from the library's table; test/declarations.test.js compares the two.
const fs = require('node:fs');
const path = require('node:path');
const { indicators } = require('..');
const { camelCase } = require('../lib/classes');

const FILE = path.join(__dirname, '..', 'indicators.d.ts');

function result(row) {
  if (row.outputs.length === 1) return 'Float64Array';
  return `{ ${row.outputs.map((name) => `${name}: Float64Array`).join('; ')} }`;
}

function signature(row, name) {
  const inputs = row.inputs.map((input) => `${input.name}: Values`);
  const must = row.params.some((param) => param.default === null);
  const named = row.params.map((param) => `${param.name}${param.default === null ? '' : '?'}: number`);
  const options = `options${must ? '' : '?'}: { ${[...named, 'mode?: Mode'].join('; ')} }`;
  const positional = row.params.map((param) => `${param.name}${param.default === null ? '' : '?'}: number`);
  const calls = [`  ${name}(${[...inputs, options].join(', ')}): ${result(row)};`];
  if (positional.length > 0) calls.push(`  ${name}(${[...inputs, ...positional].join(', ')}): ${result(row)};`);
  return calls;
}

function declarations() {
  const lines = [
    "// Written by scripts/write-types.js from the library's table.",
    "import { Mode } from './index';",
    '',
    '/** A column: a Float64Array is read where it is, an Array is copied. Values that are not finite count as unknown. */',
    'export type Values = Float64Array | readonly number[];',
    '',
    '/** NaN where there is no value yet. */',
    'export interface IndicatorFunctions {',
  ];
  for (const row of indicators.table()) {
    const name = row.name.toLowerCase();
    for (const each of new Set([name, camelCase(name)])) {
      lines.push(`  /** ${row.title}: ${row.formula}. Unit: ${row.unit}. */`, ...signature(row, each));
    }
  }
  return [...lines, '}', ''].join('\n');
}

module.exports = { FILE, declarations };

if (require.main === module) fs.writeFileSync(FILE, declarations());
