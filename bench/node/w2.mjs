// W2 from Node: five indicators over a stream, beside the libraries of npm and the same work in C.
//   node bench/node/w2.mjs PUSH_COLUMNS [BARS] [ROUNDS]
// PUSH_COLUMNS is the program of bench/native/push_columns.c. Contenders take turns in one process, a round each;
// a line of JSON each tells minimum and median of processor time. Values are compared before anything is measured.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import technical from 'technicalindicators';
import { BollingerBands, EMA, MACD, RSI, SMA } from 'trading-signals';

const require = createRequire(import.meta.url);
const { HQuant, version } = require('../../bindings_node');

const [program, bars = '100000', rounds = '7'] = process.argv.slice(2);
const N = Number(bars);
const ROUNDS = Number(rounds);
const COLUMN_BARS = 1_000_000;

// ---------------------------------------------------------------------- data

/** A random walk, the same on every machine. */
function walk(count) {
  let state = 42;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const names = ['open', 'high', 'low', 'close', 'volume', 'buy_volume'];
  const columns = { timestamp: new BigInt64Array(count) };
  for (const name of names) columns[name] = new Float64Array(count);
  let close = 100;
  for (let i = 0; i < count; i++) {
    columns.timestamp[i] = BigInt(i * 60_000);
    columns.open[i] = close;
    close *= 1 + 0.002 * random();
    columns.close[i] = close;
    columns.high[i] = Math.max(columns.open[i], close) * 1.0005;
    columns.low[i] = Math.min(columns.open[i], close) * 0.9995;
    columns.volume[i] = 10 + random();
    columns.buy_volume[i] = 5;
  }
  return columns;
}

const columns = walk(N);
const many = walk(COLUMN_BARS);
const stream = Array.from({ length: N }, (_, i) => ({
  timestamp: Number(columns.timestamp[i]),
  open: columns.open[i],
  high: columns.high[i],
  low: columns.low[i],
  close: columns.close[i],
  volume: columns.volume[i],
  buy_volume: columns.buy_volume[i],
}));

// ---------------------------------------------------------------- contenders
// Each goes over all bars and reads the values after each; it returns SMA EMA RSI BOLL.upper MACD of the last.

function engineOfFive() {
  const engine = new HQuant(1024);
  const ids = [engine.add_sma_close(20), engine.add_ema_close(20), engine.add_rsi(14)];
  return { engine, ids: [...ids, engine.add_boll(20, 2), engine.add_macd(12, 26, 9)] };
}

function live() {
  const { engine, ids } = engineOfFive();
  const [sma, ema, rsi, boll, macd] = ids;
  const values = engine.live([sma, ema, rsi, [boll, 0], [boll, 1], [boll, 2], [macd, 0], [macd, 1], [macd, 2]]);
  let sum = 0;
  for (let i = 0; i < N; i++) {
    engine.push_bar(stream[i]);
    sum += values[0] + values[1] + values[2] + values[3] + values[4] + values[5] + values[6] + values[7] + values[8];
  }
  sink(sum);
  return [values[0], values[1], values[2], values[3], values[6]];
}

function lasts() {
  const { engine, ids } = engineOfFive();
  const [sma, ema, rsi, boll, macd] = ids;
  let sum = 0;
  for (let i = 0; i < N; i++) {
    engine.push_bar(stream[i]);
    const bands = engine.indicator_last(boll);
    const lines = engine.indicator_last(macd);
    sum += engine.indicator_last(sma).a + engine.indicator_last(ema).a + engine.indicator_last(rsi).a;
    sum += bands.a + bands.b + bands.c + lines.a + lines.b + lines.c;
  }
  sink(sum);
  return ids.map((id) => engine.indicator_last(id).a);
}

function tradingSignals() {
  const [sma, ema, rsi, boll] = [new SMA(20), new EMA(20), new RSI(14), new BollingerBands(20, 2)];
  const macd = new MACD(new EMA(12), new EMA(26), new EMA(9));
  let sum = 0;
  let last;
  for (let i = 0; i < N; i++) {
    const { close } = stream[i];
    const bands = boll.add(close);
    const lines = macd.add(close);
    last = [sma.add(close), ema.add(close), rsi.add(close), bands?.upper, lines?.macd];
    if (bands && lines) {
      sum += last[0] + last[1] + last[2] + bands.upper + bands.middle + bands.lower;
      sum += lines.macd + lines.signal + lines.histogram;
    }
  }
  sink(sum);
  return last;
}

function technicalIndicators() {
  const values = [];
  const sma = new technical.SMA({ period: 20, values });
  const ema = new technical.EMA({ period: 20, values });
  const rsi = new technical.RSI({ period: 14, values });
  const boll = new technical.BollingerBands({ period: 20, stdDev: 2, values });
  const periods = { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 };
  const macd = new technical.MACD({ ...periods, values, SimpleMAOscillator: false, SimpleMASignal: false });
  let sum = 0;
  let last;
  for (let i = 0; i < N; i++) {
    const { close } = stream[i];
    const bands = boll.nextValue(close);
    const lines = macd.nextValue(close);
    last = [sma.nextValue(close), ema.nextValue(close), rsi.nextValue(close), bands?.upper, lines?.MACD];
    if (bands && lines?.signal) {
      sum += last[0] + last[1] + last[2] + bands.upper + bands.middle + bands.lower;
      sum += lines.MACD + lines.signal + lines.histogram;
    }
  }
  sink(sum);
  return last;
}

function pushBars(data) {
  const { engine, ids } = engineOfFive();
  engine.push_bars(data);
  return ids.map((id) => engine.indicator_last(id).a);
}

let sunk = 0;
function sink(value) {
  sunk += value;
}

// --------------------------------------------------------------- measurement

const times = new Map();

function note(name, ns) {
  if (!times.has(name)) times.set(name, []);
  times.get(name).push(ns);
}

function measure(name, count, run) {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start); // microseconds of all threads: collecting garbage counts
  note(name, ((user + system) * 1000) / count);
}

function inC(file) {
  const [push, block] = execFileSync(program, [file, '1'], { encoding: 'utf8' }).split(' ').map(Number);
  note('C: hq_push_bars', push);
  note('C: hq_run, nine columns', block);
}

const CONTENDERS = {
  'hquant: push_bar, live values': live,
  'hquant: push_bar, indicator_last': lasts,
  'trading-signals': tradingSignals,
  technicalindicators: technicalIndicators,
};

/** Values of the last bar, which start-up differences no longer reach. */
function agree() {
  const expected = live();
  for (const [name, run] of [...Object.entries(CONTENDERS), ['hquant: push_bars', () => pushBars(columns)]]) {
    run().forEach((value, i) => {
      const limit = name.startsWith('hquant') ? 0 : name === 'technicalindicators' && i === 2 ? 0.006 : 1e-6;
      if (!(Math.abs(value - expected[i]) <= limit)) throw new Error(`${name}: value ${i} is ${value}, not ${expected[i]}`);
    });
  }
}

function columnsFile(folder) {
  const file = path.join(folder, 'columns');
  const parts = [BigUint64Array.of(BigInt(COLUMN_BARS)), ...Object.values(many)];
  writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(part.buffer))));
  return file;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'hquant-bench-'));
try {
  const file = columnsFile(folder);
  agree();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(CONTENDERS)) measure(name, N, run);
    measure('hquant: push_bars', COLUMN_BARS, () => pushBars(many));
    inC(file);
  }
} finally {
  rmSync(folder, { recursive: true });
}

const minimum = (name) => Math.min(...times.get(name));
const median = (name) => [...times.get(name)].sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
const about = `node ${process.version}, hquant ${version()}, ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}`;
console.log(`W2 from Node: five indicators, ns of processor time a bar, minimum / median of ${ROUNDS} rounds; ${about}`);
for (const name of times.keys()) {
  console.log(`  ${name.padEnd(34)} ${minimum(name).toFixed(1).padStart(8)} / ${median(name).toFixed(1)}`);
  console.log(JSON.stringify({ name: 'W2 Node', who: name, bars: name.includes('push_bars') || name.startsWith('C:') ? COLUMN_BARS : N, rounds: ROUNDS, min_ns: minimum(name), median_ns: median(name), machine: about })); // prettier-ignore
}

const GOALS = [
  ['hquant: push_bar, live values', 'trading-signals', 1.5],
  ['hquant: push_bar, live values', 'technicalindicators', 5],
  ['hquant: push_bars', 'trading-signals', 20],
  ['hquant: push_bars', 'technicalindicators', 20],
  ['hquant: push_bars', 'C: hq_push_bars', 1 / 1.2],
  ['hquant: push_bars', 'C: hq_run, nine columns', 1 / 1.2],
];
for (const [ours, theirs, goal] of GOALS) {
  const ratio = minimum(theirs) / minimum(ours);
  console.log(`  ${ours} is ${ratio.toFixed(2)} x as fast as ${theirs}: goal ${goal.toFixed(2)}, ${ratio >= goal ? 'met' : 'MISSED'}`);
}
