'use strict';
// Values of a text: where in its program the names that it assigns, and expressions, stand.
//
// The compiler keeps what rules read. So a rule that compares a value with the close is written behind
// the text, the value's register is read off the compiled rule, and the rule is left out again.
const { compile, compile_sync } = require('./compile');
const { HquantError } = require('./errors');
const { decode, NODE, CODE, RULE, OP } = require('./hqbc');
const { TABLE } = require('./indicator_table');

const BY_CODE = new Map([...TABLE.values()].map((row) => [row.code, row]));

const asNumber = (value) => `IF ${value} == close THEN HOLD`;
const asCondition = (value) => `IF ${value} THEN HOLD`;

const linesOf = (text) => text.split(/\r\n|\r|\n/).length;

/** Compile texts: a generator that yields [text, name] and is sent a Strategy, or has its error thrown in. */
function* compiled(text, probes, name) {
  return yield [[text, ...probes].join('\n'), name];
}

/** Whether all that is wrong is in the lines that were written behind the text. */
const isOfProbes = (error, text) =>
  error instanceof HquantError && error.code === 'HQ_ECOMPILE' &&
  error.diagnostics.every(({ line }) => line > linesOf(text));

/** The probes that compile: each value is a number or a condition. */
function* probed(text, values, name) {
  let probes = values.map(asNumber);
  try {
    return [yield* compiled(text, probes, name), probes];
  } catch (error) {
    if (!isOfProbes(error, text)) throw error;
    const conditions = new Set(error.diagnostics.map(({ line }) => line - linesOf(text) - 1));
    probes = values.map((value, i) => (conditions.has(i) ? asCondition(value) : asNumber(value)));
  }
  return [yield* compiled(text, probes, name), probes];
}

/** The register that a compiled probe reads. */
function registerOf(image, rule, probe) {
  const condition = rule[RULE.CONDITION];
  return probe.includes(' == close') ? image.code[condition][CODE.A] : condition;
}

/** The row of several outputs that a register holds the first one of; undefined otherwise. */
function rowOf(image, register) {
  let instruction = image.code[register];
  if (instruction[CODE.OP] === OP.LAST) instruction = image.code[instruction[CODE.A]];
  if (instruction[CODE.OP] !== OP.NODE) return undefined;
  const row = BY_CODE.get(image.nodes[instruction[CODE.A]][NODE.CODE]);
  return row !== undefined && row.outputs.length > 1 ? row : undefined;
}

/** Of values that may be a whole indicator, those that are: one that has outputs to name. */
function* whole(text, candidates, name) {
  const found = new Map();
  for (const [value, row] of candidates) {
    const probes = row.outputs.map((output) => asNumber(`${value}.${output}`));
    try {
      yield* compiled(text, probes, name);
      found.set(value, row);
    } catch (error) {
      if (!isOfProbes(error, text)) throw error; // else: one of its outputs, which has none itself
    }
  }
  return found;
}

/**
 * The program of a text, without the rules of its values, and where the values stand.
 * @returns {{image, values: Map<string, {registers: number[], outputs: string[]|null}>}}
 */
function* located(text, values, name) {
  const [strategy, probes] = yield* probed(text, values, name);
  let image = decode(strategy.bytecode);
  const first = image.rules.length - probes.length;
  const candidates = values
    .map((value, i) => [value, rowOf(image, registerOf(image, image.rules[first + i], probes[i]))])
    .filter(([, row]) => row !== undefined);
  const rows = yield* whole(text, candidates, name);
  const written = values.flatMap((value, i) =>
    rows.has(value) ? rows.get(value).outputs.map((output) => asNumber(`${value}.${output}`)) : [probes[i]]);
  if (rows.size > 0) image = decode((yield* compiled(text, written, name)).bytecode);
  const registers = written.map((probe, i) => registerOf(image, image.rules[first + i], probe));
  image.rules.length = first;
  const found = new Map(values.map((value) => {
    const outputs = rows.get(value)?.outputs ?? null;
    return [value, { registers: registers.splice(0, outputs?.length ?? 1), outputs }];
  }));
  return { image, values: found };
}

async function ask(generator, signal) {
  let step = generator.next();
  while (!step.done) {
    const [text, name] = step.value;
    let strategy;
    try {
      strategy = await compile(text, { name, signal });
    } catch (error) {
      step = generator.throw(error);
      continue;
    }
    step = generator.next(strategy);
  }
  return step.value;
}

function askSync(generator) {
  let step = generator.next();
  while (!step.done) {
    const [text, name] = step.value;
    let strategy;
    try {
      strategy = compile_sync(text, { name });
    } catch (error) {
      step = generator.throw(error);
      continue;
    }
    step = generator.next(strategy);
  }
  return step.value;
}

/** The names that a text assigns, in its order. */
function assignedNames(text) {
  let depth = 0;
  const names = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const code = line.replace(/#.*/, '');
    const found = depth === 0 && /^\s*([A-Za-z_]\w*)\s*=(?!=)/.exec(code);
    if (found && !names.includes(found[1])) names.push(found[1]);
    depth += (code.match(/[([]/g) ?? []).length - (code.match(/[)\]]/g) ?? []).length;
  }
  return names;
}

module.exports = { located, ask, askSync, assignedNames };
