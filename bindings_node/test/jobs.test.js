'use strict';
// Laws of jobs: async equals sync, Bars equal plain columns, threads do not matter; stopping, waiting, ending.
const test = require('node:test');
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { inspect } = require('node:util');
const { Worker } = require('node:worker_threads');
const hq = require('..');
const { columns, bars, CROSSES, python } = require('./jobs_support');

const text = { skip: python ? false : 'no Python with hquant_cffi to compile text' };
const alternating = (length) => Int8Array.from({ length }, (_, i) => (i % 40 === 3 ? 1 : i % 40 === 23 ? -1 : 0));
const indicators = { fast: 'SMA(close, 10)', bands: 'BOLL(20, 2)' };

/** All of a result that are its own values, so that results compare by what they hold. */
function plain(value) {
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/** A backtest without text, so that these tests need no compiler. */
const trade = (data, options) => hq.backtest(data, null, { signals: alternating(data.length ?? data.close.length), fee: 0.0004, ...options });

// ------------------------------------------------------------------------------ equal answers

test('a promise is answered by what the _sync twin answers', async () => {
  const data = bars(2000);
  const signals = alternating(2000);
  const options = { signals, curves: ['margin', 'position'] };
  assert.deepEqual(plain(await hq.backtest(data, null, options)), plain(hq.backtest_sync(data, null, options)));
  assert.deepEqual(plain(await hq.run(data, null, { indicators })), plain(hq.run_sync(data, null, { indicators })));
  const curve = { equity: data.close, time: data.timestamp };
  assert.deepEqual(plain(await hq.metrics(curve)), plain(hq.metrics_sync(curve)));
});

test("a report's figures, made with the run, are those of its curve and trades", async () => {
  for (const [data, options] of [[bars(5000), {}], [bars(1), {}], [bars(3000), { leverage: 50, maintenance_margin: 0.01 }],
    [{ a: columns(2000), b: columns(1500, { seed: 4 }) }, { signals: { a: alternating(2000), b: alternating(1500) } }]]) {
    const signals = data.length && alternating(data.length);
    const report = await hq.backtest(data, null, { fee: 0.0004, signals, ...options });
    const { equity, time, capital: initial, trades } = report;
    assert.deepEqual(plain(report.metrics), plain(hq.metrics_sync({ equity, time, initial, trades })));
  }
});

test('Bars answer as the columns that they were made of, Arrays and Float32Arrays too', async () => {
  const given = columns(800);
  const arrays = Object.fromEntries(Object.entries(given).map(([name, column]) => [name, Array.from(column)]));
  const floats = { ...given, open: Float32Array.from(given.open), timestamp: Float64Array.from(given.timestamp, Number) };
  const expected = plain(await trade(new hq.Bars(given)));
  for (const data of [given, arrays, floats, new hq.Bars(arrays), new hq.Bars(new hq.Bars(given))]) {
    assert.deepEqual(plain(await trade(data)), expected);
    assert.deepEqual(plain(hq.backtest_sync(data, null, { signals: alternating(800), fee: 0.0004 })), expected);
  }
});

test('a sweep has the same rows on 1, 2 and 4 threads, listed, combined or cut into the best', text, async () => {
  const data = bars(1500);
  const one = await hq.sweep(data, CROSSES, { metrics: 'all' });
  for (const threads of [2, 4]) {
    const { options, ...found } = plain(await hq.sweep(data, CROSSES, { metrics: 'all', threads }));
    const { options: _, ...expected } = plain(one);
    assert.deepEqual(found, expected);
  }
  const grid = Array.from({ length: one.length }, (_, i) => one.row(i).params);
  assert.deepEqual(plain((await hq.sweep(data, CROSSES, { metrics: 'all', grid })).columns), plain(one.columns));
  const sync = hq.sweep_sync(columns(1500), CROSSES, { metrics: 'all', top: 6 });
  assert.deepEqual(plain(sync.top(6)), plain(one.top(6)));
  assert.equal(sync.length, 6);
});

test('a row of a sweep is the backtest with its params', text, async () => {
  const data = bars(1500);
  const { best } = await hq.sweep(data, CROSSES, { fee: 0.001, curves: true });
  const report = await hq.backtest(data, CROSSES, { fee: 0.001, params: best.params });
  assert.equal(report.final_equity, best.row.final_equity);
  assert.equal(report.metrics.sharpe, best.row.sharpe);
  assert.equal(report.closed_trades, best.row.trades);
});

test('a CSV is read in turns with whatever else there is to do, and as by its _sync twin', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hquant-'));
  const file = path.join(folder, 'long.csv');
  const rows = Array.from({ length: 120_000 }, (_, i) => `${1_600_000_000_000 + i * 60_000},100.5,101.5,99.5,100.25,${i % 9}.5`);
  fs.writeFileSync(file, ['timestamp,open,high,low,close,volume', ...rows].join('\r\n'));
  const begin = performance.now();
  let [last, longest] = [begin, 0];
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const found = await hq.load_csv(file);
  clearInterval(timer);
  longest = Math.max(longest, performance.now() - last);
  const whole = performance.now() - begin;
  assert.ok(longest < whole / 2, `${longest} of ${whole} ms without a turn`);
  const sync = hq.load_csv_sync(file);
  for (const name of ['timestamp', 'open', 'high', 'low', 'close', 'volume']) assert.deepEqual(found[name], sync[name]);
  assert.deepEqual([found.length, found.volume[119_999]], [120_000, 119_999 % 9 + 0.5]);
  fs.rmSync(folder, { recursive: true });
});

test('a sweep as JSON has its rows, ready to be read back', text, async () => {
  const data = bars(1500);
  const where = ({ fast }) => fast > 2;
  const found = await hq.sweep(data, CROSSES, { curves: true, metrics: ['sortino'], funding_interval: null, where });
  const { rows, options, ...rest } = JSON.parse(JSON.stringify(found));
  assert.equal(rows.length, found.length);
  rows.forEach((row, i) => {
    for (const [name, value] of Object.entries(found.row(i).row)) {
      assert.equal(row[name], Number.isNaN(value) ? null : value, name);
    }
  });
  assert.deepEqual(rest.params, found.params);
  assert.deepEqual([rest.combinations, rest.metric, rest.columns_of.fast], [found.combinations, 'sharpe', 'fast']);
  assert.equal(options.where, '<function>');
  assert.match(inspect(found), /^<SweepResult: \d+ combinations, best sharpe [-\d.e]+ at fast=\d+, slow=\d+>$/);
});

test('a text, its program\'s bytes and its Strategy give the same signals; texts are compiled off the main thread', text, async () => {
  const data = bars(600);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const strategy = await hq.compile(`${CROSSES}\n# ${Math.random()}`, { name: 'crosses' });
  clearInterval(timer);
  assert.ok(turns > 3, 'the event loop turned meanwhile');
  assert.equal(strategy.name, 'crosses');
  const expected = (await hq.run(data, CROSSES)).actions;
  assert.ok(expected.some((action) => action !== 0));
  for (const given of [strategy, strategy.bytecode, hq.compile_sync(CROSSES)]) {
    assert.deepEqual((await hq.run(data, given)).actions, expected);
  }
});

test('a strategy may be a file, of text or compiled, and one for each symbol', text, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hquant-'));
  const [source, program, latin] = ['a.hq', 'a.hqbc', 'b.hq'].map((name) => path.join(folder, name));
  fs.writeFileSync(source, `\ufeff${CROSSES}`);
  fs.writeFileSync(program, hq.compile_sync(CROSSES).bytecode);
  fs.writeFileSync(latin, Buffer.from([0x23, 0xe9, 0x0a]));
  const data = bars(600);
  const expected = plain((await hq.backtest(data, CROSSES)).trades);
  for (const file of [source, program]) {
    assert.deepEqual(plain((await hq.backtest(data, file)).trades), expected);
    assert.deepEqual(plain(hq.backtest_sync(data, file).trades), expected);
  }
  await assert.rejects(hq.backtest(data, latin), { code: 'HQ_EUTF8', message: /b\.hq: not UTF-8/ });
  const both = await hq.backtest({ A: data, B: data }, { A: source, B: null }, { size: 1 });
  const alone = await hq.backtest(data, source, { size: 1 });
  assert.deepEqual([both.symbols, both.closed_trades], [['A', 'B'], alone.closed_trades]);
  await assert.rejects(hq.backtest({ A: data }, { B: source }), /strategy.*symbols among A/);
  await assert.rejects(hq.run(data, source, { signal: AbortSignal.abort('why') }), (reason) => reason === 'why');
  fs.rmSync(folder, { recursive: true });
});

test('more jobs than cores wait for their turn, and all are answered', async () => {
  const data = bars(5000);
  const [first, ...others] = await Promise.all(Array.from({ length: 40 }, () => trade(data)));
  for (const other of others) assert.equal(other.final_equity, first.final_equity);
});

test('a report with more trades than there is room for at first has all of them', async () => {
  const length = 600_000;
  const close = Float64Array.from({ length }, (_, i) => 100 + (i % 3));
  const column = { open: close, high: close, low: close, close, volume: close };
  const data = new hq.Bars({ timestamp: BigInt64Array.from(close, (_, i) => BigInt(i)), ...column });
  const seen = [];
  const progress = (done) => void seen.push(done);
  const report = await hq.backtest(data, null, { signals: Int8Array.from(close, (_, i) => (i % 2 ? 1 : -1)), size: 1, progress });
  assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b), 'it is told to the end once');
  assert.ok(report.closed_trades > 2 ** 19);
  assert.equal(report.trades.pnl.length, report.closed_trades + report.open_trades);
  assert.equal(report.fills.price.length, report.fills_count);
  const sum = report.trades.pnl.reduce((total, pnl) => total + pnl, 0);
  assert.ok(Math.abs(sum - (report.final_equity - report.capital)) < 1e-6);
});

test('a report is JSON: its numbers and options', async () => {
  const report = await trade(bars(400), { margin_tiers: [[0, 0.01, 10]], slippage_seed: 5n });
  const found = JSON.parse(JSON.stringify(report));
  assert.equal(found.final_equity, report.final_equity);
  assert.equal(found.trades, report.closed_trades);
  assert.deepEqual(found.options.margin_tiers, [[0, 0.01, 10]]);
  assert.equal(found.options.signals, '<Int8Array>');
  assert.equal(JSON.parse(JSON.stringify(report.metrics)).beta, null);
});

test('camelCase options and names of results are the snake_case ones', async () => {
  const data = columns(900);
  const signals = alternating(900);
  const snake = await hq.backtest(data, null, { signals, fee_per_unit: 0.1, maintenance_margin: 0.01 });
  const camel = await hq.backtestSync(data, null, { signals, feePerUnit: 0.1, maintenanceMargin: 0.01 });
  assert.equal(camel.finalEquity, snake.final_equity);
  assert.equal(camel.metrics.maxDrawdown, snake.metrics.max_drawdown);
  assert.equal((await hq.run(data, null, { indicators, barPeriod: '1h' })).warmupBars, 0);
  await assert.rejects(hq.backtest(data, null, { signals, fee_per_unit: 0, feePerUnit: 0 }), /feePerUnit is options.fee_per_unit/);
});

// ------------------------------------------------------------------------------ columns and ownership

test('Bars are a copy: what becomes of the arrays does not matter, nor what is written to their columns', async () => {
  const given = columns(500);
  const data = new hq.Bars(given);
  const expected = (await trade(data)).final_equity;
  given.close.fill(1);
  structuredClone(given.open.buffer, { transfer: [given.open.buffer] });
  data.close.fill(NaN);
  assert.equal((await trade(data)).final_equity, expected);
  assert.equal(data.buyVolume, data.buy_volume);
  assert.equal(new hq.Bars({ ...columns(3), buy_volume: undefined }).buy_volume, null);
  assert.equal(data.length, 500);
});

test('columns that change while a job runs are not what it reads', async () => {
  const given = columns(200_000);
  const expected = trade(new hq.Bars(given));
  const found = trade(given);
  given.close.fill(3);
  for (const column of Object.values(given)) structuredClone(column.buffer, { transfer: [column.buffer] });
  assert.equal((await found).final_equity, (await expected).final_equity);
});

test('columns of results outlive their report', async () => {
  let { equity } = await trade(bars(50_000));
  const copy = Float64Array.from(equity);
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
  assert.deepEqual(equity, copy);
  // What Node does with memory that is not JavaScript's: older ones clone it, newer ones refuse to move it.
  try {
    assert.deepEqual(structuredClone(equity, { transfer: [equity.buffer] }), copy);
  } catch (error) {
    assert.equal(error.name, 'DataCloneError');
  }
  assert.deepEqual(equity, copy);
  equity = null;
});

test('results are the same where memory outside of the heap is forbidden', async () => {
  const script = `
    const hq = require(${JSON.stringify(path.join(__dirname, '..'))});
    const { bars } = require(${JSON.stringify(path.join(__dirname, 'jobs_support.js'))});
    hq.run(bars(3000), null, { indicators: ['SMA(close, 10)', 'MACD(12, 26, 9)'] }).then(({ indicators }) => {
      const sum = (column) => column.reduce((total, value) => total + (value || 0), 0);
      console.log(sum(indicators['SMA(close, 10)']), sum(indicators['MACD(12, 26, 9)'].hist));
    });`;
  const [views, copies] = ['', '1'].map((HQUANT_NODE_COPY) =>
    spawnSync(process.execPath, ['-e', script], { env: { ...process.env, HQUANT_NODE_COPY }, encoding: 'utf8' }));
  assert.match(views.stdout, /^\d/);
  assert.equal(copies.stdout, views.stdout, copies.stderr);
});

// ------------------------------------------------------------------------------ progress and stopping

test('progress rises, ends with the whole, and reports on the main thread', async () => {
  const data = bars(400_000);
  for (const call of [(progress) => trade(data, { progress }), async (progress) =>
    hq.backtest_sync(data, null, { signals: alternating(400_000), progress })]) {
    const seen = [];
    await call((done, total) => {
      seen.push([done, total]);
    });
    assert.deepEqual(seen.at(-1), [400_000, 400_000]);
    for (let i = 1; i < seen.length; i++) assert.ok(seen[i][0] > seen[i - 1][0]);
  }
});

test('progress that answers true stops with HQ_ECANCELLED; what it throws is thrown', async () => {
  const data = bars(400_000);
  const signals = alternating(400_000);
  const mine = new Error('mine');
  const stops = () => true;
  const throws = () => {
    throw mine;
  };
  await assert.rejects(trade(data, { progress: stops }), { name: 'HquantError', code: 'HQ_ECANCELLED' });
  await assert.rejects(trade(data, { progress: throws }), mine);
  assert.throws(() => hq.backtest_sync(data, null, { signals, progress: stops }), { code: 'HQ_ECANCELLED' });
  assert.throws(() => hq.backtest_sync(data, null, { signals, progress: throws }), mine);
  const refused = { name: 'TypeError', message: /options\.progress.*returned a Promise/ };
  for (const progress of [async () => true, async () => throws()]) {
    await assert.rejects(trade(data, { progress }), refused);
    assert.throws(() => hq.backtest_sync(data, null, { signals, progress }), refused);
  }
  await new Promise(setImmediate); // where a rejection that nobody handles would be seen
});

test('a signal that is aborted already: rejected with its reason, nothing is run', async () => {
  const data = bars(300);
  const signal = AbortSignal.abort('why');
  const calls = [
    () => trade(data, { signal }),
    () => hq.run(data, null, { indicators, signal }),
    () => hq.metrics({ equity: data.close, time: data.timestamp, signal }),
    () => hq.compile('IF close > open THEN BUY', { signal }),
    async () => hq.backtest_sync(data, null, { signals: alternating(300), signal }),
    async () => hq.run_sync(data, null, { indicators, signal }),
  ];
  for (const call of calls) await assert.rejects(call, (reason) => reason === 'why');
  await assert.rejects(trade(data, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('a signal that is aborted meanwhile rejects at once, while the job runs and while it waits', async () => {
  const data = bars(500_000);
  const controller = new AbortController();
  const jobs = Array.from({ length: 12 }, () => trade(data, { signal: controller.signal }));
  const settled = Promise.allSettled(jobs);
  controller.abort(new Error('enough'));
  for (const { status, reason } of await settled) {
    assert.equal(status, 'rejected');
    assert.equal(reason.message, 'enough');
  }
  const inside = new AbortController();
  await assert.rejects(trade(data, { signal: inside.signal, progress: () => inside.abort('now') }), (reason) => reason === 'now');
  assert.equal((await trade(bars(1000))).bars, 1000, 'the next job has its turn');
});

test('a sweep is stopped between blocks of bars', text, async () => {
  const strategy = await hq.compile(CROSSES);
  const data = bars(1_500_000);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 30);
  const params = { fast: Array.from({ length: 19 }, (_, i) => i + 2), slow: Array.from({ length: 41 }, (_, i) => i + 10) };
  await assert.rejects(hq.sweep(data, strategy, { params, threads: 2, signal: controller.signal }), { name: 'AbortError' });
});

test('a signal that is aborted after the end changes nothing and is not held on to', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let listening = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args) => (listening++, add(...args));
  signal.removeEventListener = (...args) => (listening--, remove(...args));
  const report = await trade(bars(300), { signal });
  assert.equal(listening, 0);
  controller.abort();
  assert.equal(report.bars, 300);
});

test('a progress function may start and stop other jobs', async () => {
  const data = bars(300_000);
  const inner = [];
  await trade(data, { progress: () => {
    const controller = new AbortController();
    inner.push(trade(data, { signal: controller.signal }).catch((error) => error.name));
    controller.abort();
    inner.push(trade(bars(200)).then(({ bars: count }) => count));
  } });
  const answers = await Promise.all(inner);
  assert.ok(answers.length >= 2 && answers.every((each) => each === 'AbortError' || each === 200));
});

// ------------------------------------------------------------------------------ the end of an environment

const HOME = JSON.stringify(path.join(__dirname, '..'));
const SUPPORT = JSON.stringify(path.join(__dirname, 'jobs_support.js'));

/** Start long jobs, then do something. */
const script = (then) => `
  const hq = require(${HOME});
  const column = new Float64Array(600_000).fill(100);
  const timestamp = BigInt64Array.from(column, (_, i) => BigInt(i));
  const data = new hq.Bars({ timestamp, open: column, high: column, low: column, close: column, volume: column });
  const signals = Int8Array.from(column, (_, i) => (i % 2 ? 1 : -1));
  for (let i = 0; i < 8; i++) hq.backtest(data, null, { signals, progress() {} });
  ${then}`;
const COMPILE = "hq.compile('IF close > open THEN BUY # ' + Math.random()).catch(() => {});";

for (const [name, then, status] of [
  ['process.exit()', `${COMPILE} setTimeout(() => process.exit(7), 5);`, 7],
  ['an exception', 'setTimeout(() => { throw new Error("end"); }, 5);', 1],
  ['a signal', 'setTimeout(() => process.kill(process.pid, "SIGTERM"), 5);', null],
  ['process.exit() at once', 'process.exit(0);', 0],
]) {
  test(`a process ends cleanly while jobs run: ${name}`, () => {
    const ended = spawnSync(process.execPath, ['-e', script(then)], { encoding: 'utf8', timeout: 20_000 });
    assert.equal(ended.status, status, ended.stderr);
    assert.equal(ended.signal, status === null ? 'SIGTERM' : null);
  });
}

test('a process waits for the answers that are awaited and ends by itself then', () => {
  const then = 'hq.backtest(bars(1000), null, { signals: new Int8Array(1000) }).then(({ bars: n }) => console.log(n));';
  const ended = spawnSync(process.execPath, ['-e', `const hq = require(${HOME}); const { bars } = require(${SUPPORT}); ${then}`],
    { encoding: 'utf8', timeout: 20_000 });
  assert.equal(ended.stdout, '1000\n');
  assert.equal(ended.status, 0);
});

test('a process does not wait for the jobs of a worker that is not referenced', () => {
  const code = `
    const worker = new (require('node:worker_threads').Worker)(${JSON.stringify(script(''))} +
      "require('node:worker_threads').parentPort.postMessage('started');", { eval: true });
    worker.on('message', () => { console.log('started'); worker.unref(); });`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8', timeout: 20_000 });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, 'started\n');
});

test('workers can be terminated and can exit while their jobs run', async () => {
  const started = "require('node:worker_threads').parentPort.postMessage('started');";
  for (const end of [started, COMPILE + started, 'process.exit(3);', "throw new Error('end');", started]) {
    const worker = new Worker(script(end), { eval: true });
    let isTerminated = false;
    worker.on('error', () => {});
    worker.on('message', () => {
      isTerminated = true;
      worker.terminate();
    });
    const code = await new Promise((resolve) => worker.on('exit', resolve));
    assert.equal(code, end.includes('exit(3)') ? 3 : 1, `terminated: ${isTerminated}`);
  }
});

test('a process lives on after a worker whose text is being compiled', text, () => {
  // The process itself has not loaded the addon: it would go with the worker, under the thread that waits.
  const inside = `
    const { compile } = require(${HOME});
    compile('IF close > open THEN BUY # ' + Math.random()).catch(() => {});
    require('node:worker_threads').parentPort.postMessage('started');`;
  const code = `
    const worker = new (require('node:worker_threads').Worker)(${JSON.stringify(inside)}, { eval: true });
    worker.on('message', () => worker.terminate());
    worker.on('exit', () => setTimeout(() => console.log('alive'), 1500));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8', timeout: 20_000 });
  assert.equal(stdout, 'alive\n', stderr);
  assert.equal(status, 0);
});

test('a worker has jobs of its own, whose results can be sent', async () => {
  const code = `
    const hq = require(${HOME});
    const { bars } = require(${SUPPORT});
    hq.backtest(bars(4000), null, { signals: new Int8Array(4000).fill(1) })
      .then(({ equity }) => require('node:worker_threads').parentPort.postMessage(equity));`;
  const workers = [1, 2, 3].map(() => new Promise((resolve, reject) => {
    new Worker(code, { eval: true }).on('message', resolve).on('error', reject);
  }));
  const expected = (await hq.backtest(bars(4000), null, { signals: new Int8Array(4000).fill(1) })).equity;
  for (const equity of await Promise.all(workers)) assert.deepEqual(equity, expected);
});

test('jobs whose results are dropped leave no memory behind', { skip: globalThis.gc ? false : 'needs --expose-gc' }, async () => {
  const data = bars(20_000);
  const cycle = async () => {
    for (let i = 0; i < 40; i++) await trade(data, { curves: ['margin', 'position'] });
    globalThis.gc();
    await new Promise(setImmediate);
    globalThis.gc();
    return process.memoryUsage().rss;
  };
  await cycle();
  const before = await cycle();
  for (let i = 0; i < 4; i++) await cycle();
  const grown = (await cycle()) - before;
  assert.ok(grown < 40e6, `${grown} bytes more after 200 backtests of 640 kB of curves each`);
});

test('what a job reads is what its options were at the call, whoever goes on with them', text, async () => {
  const data = new hq.Bars(bars(1500));
  const strategy = hq.Strategy.compile(CROSSES);
  const params = {};
  const values = { fast: [0] };
  const grid = [{ fast: 0, slow: 30 }];
  const indicators = ['SMA(5)'];
  const jobs = [];
  const expected = [];
  for (const fast of [3, 6, 9]) {
    params.fast = values.fast[0] = grid[0].fast = fast;
    indicators[0] = `SMA(${fast})`;
    jobs.push(hq.backtest(data, strategy, { params }), hq.sweep(data, strategy, { params: values }),
      hq.sweep(data, strategy, { grid }), hq.run(data, strategy, { params, indicators }));
    const [one, listed, given, ran] = [hq.backtest_sync(data, strategy, { params }), hq.sweep_sync(data, strategy, { params: values }),
      hq.sweep_sync(data, strategy, { grid }), hq.run_sync(data, strategy, { params, indicators })];
    expected.push(one.final_equity, listed.columns.final_equity[0], given.columns.final_equity[0], ran.indicators[indicators[0]][20]);
  }
  values.fast.length = 0;
  const found = await Promise.all(jobs);
  found.forEach((each, i) => {
    const [value, fast] = [[each.final_equity, each.options?.params?.fast], [each.columns?.final_equity[0], each.options?.params?.fast[0]],
      [each.columns?.final_equity[0], each.options?.grid?.[0].fast], [Object.values(each.indicators ?? {})[0]?.[20], undefined]][i % 4];
    assert.equal(value, expected[i]);
    if (i % 4 < 3) assert.equal(fast, [3, 6, 9][Math.floor(i / 4)]);
  });
  assert.equal(new Set(expected).size, 6); // both sweeps are of one combination, which is the backtest
});

test('options that an object inherits, or has getters for, are options', text, () => {
  class Costs {
    get fee() {
      return 0.01;
    }

    other() {}
  }
  const data = bars(800);
  const expected = hq.backtest_sync(data, CROSSES, { fee: 0.01 }).final_equity;
  assert.notEqual(expected, hq.backtest_sync(data, CROSSES).final_equity);
  function Old() {
    this.fee = 0.01;
  }
  Old.prototype.describe = () => 'costs';
  const bare = Object.assign(Object.create(null), { fee: 0.01 });
  for (const options of [new Costs(), new Old(), bare, Object.create(bare), Object.create({ fee: 0.01 })]) {
    assert.equal(hq.backtest_sync(data, CROSSES, options).final_equity, expected);
  }
  assert.throws(() => hq.backtest_sync(data, CROSSES, Object.create({ fees: 0.01 })), /options\.fees: there is no such option/);
});

test('a symbol may be called like a column', text, () => {
  const data = new hq.Bars(bars(400));
  const named = (first, second) => hq.backtest_sync({ [first]: data, [second]: data }, CROSSES, { size: '20%' });
  assert.deepEqual(named('close', 'open').symbols, ['close', 'open']);
  assert.equal(named('close', 'open').final_equity, named('A', 'B').final_equity);
});
