'use strict';
// CSV of candles: Binance klines with or without a header line, and any OHLCV table with one.
const fs = require('node:fs');
const { Bars } = require('./bars');
const { checkString } = require('./check');
const { HquantError } = require('./errors');

const DELIMITERS = [',', ';', '\t'];
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ]((?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?)?$/;

/** The kline files of data.binance.vision, which came without a header line until 2022. */
const BINANCE_KLINE = [
  'open_time', 'open', 'high', 'low', 'close', 'volume', 'close_time', 'quote_volume', 'count', 'taker_buy_volume',
  'taker_buy_quote_volume', 'ignore',
];

/** How columns are called, without regard to case, blanks, _ and -. */
const ALIASES = {
  timestamp: ['timestamp', 'time', 'datetime', 'date', 'opentime', 'ts', 't', 'unix', 'unixtime'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v'],
  buy_volume: ['buyvolume', 'takerbuyvolume', 'takerbuybasevolume', 'takerbuybaseassetvolume'],
};

/** Epoch times by their magnitude, which the median of the column tells: from, below, and how many make a ms. */
const UNITS = [
  { name: 'seconds', from: 1e8, below: 1e10, toMs: (time) => time * 1000 },
  { name: 'microseconds', from: 1e14, below: 1e16, toMs: (time) => Math.floor(time / 1000) },
  { name: 'milliseconds', from: 0, below: 1e13, toMs: (time) => time },
];

/** YYYYMMDD: from, below. */
const CALENDAR = { from: 18_000_101, below: 22_001_232 };

/** What begins a file that is no text in UTF-8. */
const OTHERS = [
  { first: [0x1f, 0x8b], found: 'gzip; unpack it first, as by zlib.gunzipSync()' },
  { first: [0x28, 0xb5, 0x2f, 0xfd], found: 'zstd; unpack it first' },
  { first: [0x50, 0x4b, 0x03, 0x04], found: 'zip; unpack it first' },
  { first: [0xff, 0xfe], found: 'UTF-16; save it as UTF-8' },
  { first: [0xfe, 0xff], found: 'UTF-16; save it as UTF-8' },
];

const refuse = (message) => Object.assign(new HquantError(message), { code: 'HQ_EBAR' });
const quoted = (text) => `'${text.length > 40 ? `${text.slice(0, 37)}...` : text}'`;

/** The column of each field: its name in the file and its index. */
function columnsOf(names, source) {
  const plain = names.map((name) => name.toLowerCase().replace(/[ _\t-]/g, ''));
  const columns = {};
  for (const [field, aliases] of Object.entries(ALIASES)) {
    const places = plain.flatMap((name, i) => (aliases.includes(name) ? [i] : []));
    if (places.length > 1) {
      throw refuse(`${source}: more than one column could be ${field}: ${places.map((i) => quoted(names[i])).join(', ')}`);
    }
    if (places.length === 1) columns[field] = { index: places[0], name: names[places[0]] };
    else if (field !== 'buy_volume') {
      throw refuse(`${source}: no column for ${field}; the columns are ${names.slice(0, 12).map(quoted).join(', ')}`);
    }
  }
  return columns;
}

/** Where the rows begin, and the columns. */
function layoutOf(lines, source) {
  const top = lines.findIndex((line) => line.trim() !== '');
  if (top < 0) throw refuse(`${source}: expected a CSV of candles, found only blank lines`);
  const delimiter = DELIMITERS.find((mark) => lines[top].includes(mark)) ?? ',';
  const fields = cells(lines[top], delimiter);
  const isHeader = !fields.some((field) => NUMBER.test(field));
  if (!isHeader && fields.length !== BINANCE_KLINE.length) {
    throw refuse(`${source}: expected a header line, or the 12 columns of Binance klines, found ${fields.length} columns without names`);
  }
  const names = isHeader ? fields : BINANCE_KLINE;
  return { first: isHeader ? top + 1 : top, delimiter, width: names.length, columns: columnsOf(names, source) };
}

const cells = (line, delimiter) => line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

// Reading is a generator that halts every so many rows, so that a long file can be read in turns with others.
const ROWS_A_STEP = 1024;
const TURN_MS = 20;

/** The lines of a text. */
function* linesOf(text) {
  const lines = [];
  let from = text.startsWith('\ufeff') ? 1 : 0;
  for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', from)) {
    lines.push(text.slice(from, text[end - 1] === '\r' ? Math.max(from, end - 1) : end));
    from = end + 1;
    if (lines.length % ROWS_A_STEP === 0) yield;
  }
  lines.push(text.slice(from));
  return lines;
}

/** A column of what each text is read as. */
function* filled(column, texts, read) {
  for (let i = 0; i < texts.length; i++) {
    column[i] = read(texts[i], i);
    if (i % ROWS_A_STEP === 0) yield;
  }
  return column;
}

/** The rows' cells of the columns, with the line of each. */
function* rowsOf(lines, { first, delimiter, width, columns }, source) {
  const fields = Object.keys(columns);
  const table = Object.fromEntries(fields.map((field) => [field, []]));
  const places = [];
  for (let i = first; i < lines.length; i++) {
    if (lines[i].trim() === '') continue;
    const row = cells(lines[i], delimiter);
    if (row.length !== width) throw refuse(`${source}, line ${i + 1}: expected ${width} fields, found ${row.length}`);
    places.push(i + 1);
    for (const field of fields) table[field].push(row[columns[field].index]);
    if (i % ROWS_A_STEP === 0) yield;
  }
  if (places.length === 0) throw refuse(`${source}: expected rows below the header line, found none`);
  return { table, places };
}

/** Why a cell is refused: where, what was expected, what was found. */
const cellError = (source, line, name, expected, found) =>
  refuse(`${source}, line ${line}, column '${name}': expected ${expected}, found ${quoted(found)}`);

function valuesOf(texts, places, name, source) {
  return filled(new Float64Array(texts.length), texts, (text, i) => {
    if (!NUMBER.test(text)) throw cellError(source, places[i], name, 'a number', text);
    return Number(text);
  });
}

function isoMs(text) {
  const [, date, clock = '00:00', zone = 'Z'] = ISO.exec(text) ?? [];
  if (date === undefined) return NaN;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const [, seconds, fraction = ''] = /^([^.]*)(?:\.(\d+))?$/.exec(clock);
  const ms = Date.parse(`${date}T${seconds.length === 5 ? `${seconds}:00` : seconds}.${`${fraction}000`.slice(0, 3)}${offset}`);
  const isReal = new Date(`${date}T00:00:00Z`).toISOString().startsWith(date); // no 31st of February
  return isReal ? ms : NaN;
}

const safely = (parse) => (text) => {
  try {
    return parse(text);
  } catch { // what Date has no text of
    return NaN;
  }
};

const isWithin = (size, { from, below }) => size >= from && size < below;

/** A date as YYYYMMDD. */
const compactMs = (text) => (/^\+?\d{8}(\.0*)?$/.test(text) && isWithin(Number(text), CALENDAR)
  ? isoMs(text.replace(/^\+?(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3')) : NaN);

/** A form of times: what it is called, and the ms of a text, NaN where it has another form. */
const ISO_FORM = { expected: 'an ISO 8601 date or datetime such as 2024-01-31 or 2024-01-31 23:59:00', ms: safely(isoMs) };
const COMPACT_FORM = { expected: 'a date as YYYYMMDD, as in the rest of the column', ms: safely(compactMs) };

function epochForm(numbers) {
  const sizes = numbers.filter((number) => !Number.isNaN(number)).map(Math.abs).sort();
  const middle = sizes[sizes.length >> 1];
  const unit = UNITS.find((each) => isWithin(middle, each)) ?? UNITS.at(-1);
  // Among milliseconds of today, seconds and dates would read as January 1970.
  const others = unit === UNITS.at(-1) && middle >= UNITS[0].below ? [UNITS[0], CALENDAR] : [];
  return {
    expected: `an epoch time in ${unit.name}, as in the rest of the column`,
    ms: (_, number) => {
      const size = Math.abs(number);
      return isWithin(size, unit) && !others.some((other) => isWithin(size, other)) ? unit.toMs(number) : NaN;
    },
  };
}

/** The form that most rows have is the column's: a row of another is refused, never read on its own. */
function* timesOf(texts, places, name, source) {
  const numbers = yield* filled(new Float64Array(texts.length), texts,
    (text) => (/^[+-]?\d+(\.\d*)?$/.test(text) ? Number(text) : NaN));
  const dates = yield* filled(new Float64Array(texts.length), texts, COMPACT_FORM.ms);
  const isMost = (values) => 2 * values.filter((value) => !Number.isNaN(value)).length > values.length;
  const form = isMost(dates) ? COMPACT_FORM : isMost(numbers) ? epochForm(numbers) : ISO_FORM;
  return yield* filled(new BigInt64Array(texts.length), texts, (text, i) => {
    const ms = form.ms(text, numbers[i]);
    if (Number.isNaN(ms)) throw cellError(source, places[i], name, form.expected, text);
    return BigInt(Math.floor(ms));
  });
}

/** The text of a file's bytes. */
function textOf(content, source) {
  const other = OTHERS.find(({ first }) => first.every((byte, i) => content[i] === byte));
  if (other) throw refuse(`${source}: expected CSV text, found ${other.found}`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (error) {
    if (error.code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw refuse(`${source}: expected UTF-8 text, found other bytes; save it as UTF-8`);
  }
}

/** Bars of a CSV's text. */
function* parse(text, source) {
  const lines = yield* linesOf(text);
  const layout = layoutOf(lines, source);
  const { table, places } = yield* rowsOf(lines, layout, source);
  const columns = {};
  for (const [field, texts] of Object.entries(table)) {
    const read = field === 'timestamp' ? timesOf : valuesOf;
    columns[field] = yield* read(texts, places, layout.columns[field].name, source);
  }
  try {
    return new Bars(columns);
  } catch (error) {
    throw withLine(error, places, source);
  }
}

/** The error of a bar that is no candle, with the line that it stands on. */
function withLine(error, places, source) {
  const bar = /\bbar (\d+)\b/.exec(error.message);
  error.message = bar ? `${source}, line ${places[Number(bar[1])]}: ${error.message}` : `${source}: ${error.message}`;
  return error;
}

/** All steps in one go. */
function atOnce(steps) {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** All steps, and between them whatever else this thread has to do. */
async function inTurns(steps) {
  let turn = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - turn < TURN_MS) continue;
    await new Promise(setImmediate);
    turn = performance.now();
  }
}

/**
 * Load candles from a CSV file and check every row. It is read on this thread, in turns with whatever else there is.
 * @param {string} path
 */
async function load_csv(path) {
  return inTurns(parse(textOf(await fs.promises.readFile(checkString('path', path)), path), path));
}

/** The same at once. */
function load_csv_sync(path) {
  return atOnce(parse(textOf(fs.readFileSync(checkString('path', path)), path), path));
}

module.exports = { load_csv, load_csv_sync };
