'use strict';
// What a block run computes: a strategy, series of it, and indicators.
const { checkString, wrongType, outOfRange, checkChoice } = require('./check');
const { native } = require('./native');
const { located, ask, askSync, assignedNames } = require('./expressions');
const { decode, encode, NODE, RULE } = require('./hqbc');
const { merge } = require('./hqbc_merge');
const { TABLE } = require('./indicator_table');
const { hint } = require('./job_options');

const MODES = { seed: 0, talib: 1 };
const FIELDS = ['open', 'high', 'low', 'close', 'volume', 'buy_volume'];

/** Columns of a run's table, whatever it computes. */
const TAKEN = new Map([['time', 'a column of every run'], ['action', 'a column of every run'], ['rule', 'a column of every run']]);

// ------------------------------------------------------------------------------ calls

const CALL = /^\s*([A-Za-z]\w*)\s*\(([^()[\]@]*)\)\s*(?:\.\s*([A-Za-z]\w*)\s*)?$/;
const NUMBER = /^(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A call of an indicator over the bars' own fields, for which no compiler is needed; undefined for anything else. */
function plainCall(text, mode) {
  const [, name, inside, output] = CALL.exec(text) ?? [];
  const row = name && TABLE.get(name.toUpperCase());
  if (!row) return undefined;
  const outputs = row.outputs.length > 1 && output === undefined ? row.outputs : null;
  const index = output === undefined ? 0 : row.outputs.indexOf(output.toLowerCase());
  const bound = bind(row, inside.trim() === '' ? [] : inside.split(',').map((each) => each.trim()));
  if (bound === undefined || index < 0) return undefined;
  const column = (k) => ({ code: row.code, mode: MODES[mode], ...bound, output: k });
  return { outputs, columns: outputs ? outputs.map((_, k) => column(k)) : [column(index)] };
}

/** Arguments as the language binds them: inputs, then parameters; a number in front means the parameters. */
function bind(row, given) {
  const free = row.inputs.filter((input) => !input.is_fixed);
  const skips = given.length > 0 && NUMBER.test(given[0]) && free.every((input) => input.field !== null);
  const inputs = skips ? [] : given.slice(0, free.length);
  const numbers = skips ? given : given.slice(free.length);
  const fields = free.map((input, i) => FIELDS.indexOf((inputs[i] ?? input.field ?? '').toLowerCase()));
  const params = row.params.map((param, i) => (i < numbers.length ? numberOf(numbers[i]) : param.default));
  if (numbers.length > row.params.length || fields.includes(-1) || params.includes(null) || params.some(Number.isNaN)) {
    return undefined;
  }
  let next = 0;
  return {
    params: Float64Array.from(params),
    fields: Float64Array.from(row.inputs, (input) => (input.is_fixed ? 0 : fields[next++])),
  };
}

const numberOf = (text) => (NUMBER.test(text) ? Number(text) : NaN);

// ------------------------------------------------------------------------------ names

/** Names and texts of the indicators that are asked for. */
function wantedIndicators(indicators) {
  if (indicators === null) return [];
  const list = typeof indicators === 'string' ? [indicators] : indicators;
  const expected = 'an expression such as \'SMA(close, 10)\', an Array of them or an object of them by name';
  if (typeof list !== 'object') throw wrongType('options.indicators', expected, indicators);
  const entries = Array.isArray(list) ? list.map((text) => [text, text]) : Object.entries(list);
  for (const [name, text] of entries) checkString(`options.indicators['${name}']`, text);
  return [...new Map(entries)];
}

/** Names of the strategy's text that are asked for. */
function wantedSeries(series, strategy) {
  if (series === null || series === false) return [];
  if (strategy === null) throw new RangeError('options.series: names of a strategy, and there is none; give expressions as indicators');
  if (strategy.source === null) {
    throw new RangeError(`options.series: ${strategy.name} is a compiled program, which keeps no names; give its text`);
  }
  const known = assignedNames(strategy.source);
  if (series === true) return known;
  const names = typeof series === 'string' ? [series] : series;
  if (!Array.isArray(names)) throw wrongType('options.series', 'true, a name or an Array of names', series);
  for (const name of names) {
    if (known.includes(checkString('options.series', name))) continue;
    const expected = known.length ? `names that the strategy assigns (${known.join(', ')})` : 'nothing: this strategy assigns no names';
    const error = outOfRange('options.series', expected, name);
    error.message += hint(name, known);
    throw Object.assign(error, { code: 'HQ_ENOTFOUND' });
  }
  return [...new Set(names)];
}

function checkNames(series, indicators) {
  const seen = new Map([...TAKEN, ...series.map((name) => [name, 'a series of the strategy'])]);
  for (const [name] of indicators) {
    if (name === '') throw new RangeError('Expected options.indicators to have names but received an empty one');
    if (seen.has(name)) throw new RangeError(`options.indicators: '${name}' is ${seen.get(name)}; choose another name`);
  }
}

// ------------------------------------------------------------------------------ plan

/** Start the indicators of a program as TA-Lib does. */
function withMode(image, mode) {
  if (mode === 'talib' && image.nodes.length > 0) {
    for (const node of image.nodes) node[NODE.MODE] = MODES.talib;
    image.minor = Math.max(image.minor, 1);
  }
  return image;
}

/** The question where the value of an expression stands. */
function* expression(name, text) {
  const written = `value = ${text}`;
  const found = yield* located(written, ['value'], `indicators['${name}']`);
  if (assignedNames(written).length > 1 || found.image.rules.length > 0 || found.image.params.length > 0) {
    throw new RangeError(`Expected options.indicators['${name}'] to be one expression but received more`);
  }
  return found;
}

/** What is wanted: names of the strategy, indicators that need no compiler, and questions to it for the rest. */
function questionsOf(strategy, { series, indicators, mode }) {
  checkChoice('options.mode', mode, Object.keys(MODES));
  const wanted = wantedIndicators(indicators);
  const names = wantedSeries(series, strategy);
  checkNames(names, wanted);
  const parts = wanted.map(([name, text]) => {
    const plain = plainCall(text, mode);
    return { name, plain, question: plain ? null : expression(name, text) };
  });
  const own = names.length > 0 ? located(strategy.source, names, strategy.name) : null;
  return { names, parts, asked: [own, ...parts.map(({ question }) => question)] };
}

/** The plan, of the compiler's answers. */
function planOf(strategy, isText, { mode }, { names, parts }, [own, ...answers]) {
  const images = [];
  if (own !== null) images.push(withMode(own.image, isText ? mode : modeOf(strategy)));
  else if (strategy !== null) images.push(withMode(decode(strategy.bytecode), isText ? mode : 'seed'));
  const places = answers.map((answer) => (answer === null ? -1 : images.push(withMode(answer.image, mode)) - 1));
  const { program, rule_lines, moved } = merged(images);
  const at = ({ registers, outputs }, place) => ({ outputs, columns: registers.map((register) => ({ register: register + moved[place] })) });
  return {
    program,
    rule_lines,
    series: names.map((name) => ({ name, ...at(own.values.get(name), 0) })),
    indicators: parts.map(({ name, plain }, i) => ({ name, ...(plain ?? at(answers[i].values.get('value'), places[i])) })),
  };
}

/** How the indicators of a compiled text start; all of a program start the same way. */
function modeOf(strategy) {
  const { nodes } = decode(strategy.bytecode);
  return nodes.length > 0 && nodes.every((node) => node[NODE.MODE] === MODES.talib) ? 'talib' : 'seed';
}

function merged(images) {
  if (images.length === 0) return { program: undefined, rule_lines: [], moved: [] };
  const { whole, moved } = merge(images);
  return { program: native.hq_program_load(encode(whole)), rule_lines: whole.rules.map((rule) => rule[RULE.LINE]), moved };
}

/**
 * What a run computes: the program; where each rule stands in the text; series and indicators, each with its
 * outputs (null: it is a single column) and the columns to ask for.
 */
async function makePlan(strategy, isText, given) {
  const questions = questionsOf(strategy, given);
  const answers = await Promise.all(questions.asked.map((each) => each && ask(each, given.signal)));
  return planOf(strategy, isText, given, questions, answers);
}

function makePlanSync(strategy, isText, given) {
  const questions = questionsOf(strategy, given);
  return planOf(strategy, isText, given, questions, questions.asked.map((each) => each && askSync(each)));
}

module.exports = { makePlan, makePlanSync };
