'use strict';
// examples/node and the snippets of README.md run in a folder that has nothing but the package.
const test = require('node:test');
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const { root, walk } = require('./support');

const repository = path.join(root, '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hquant-examples-'));
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));
fs.mkdirSync(path.join(folder, 'node_modules'));
fs.symlinkSync(root, path.join(folder, 'node_modules', 'hquant'));
for (const name of ['live_feed.mjs', 'backtest_csv.mjs']) {
  fs.copyFileSync(path.join(repository, 'examples', 'node', name), path.join(folder, name));
}

function run(...args) {
  const input = typeof args.at(-1) === 'object' ? args.pop().input : '';
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** The S&P 500 that ships with the Python package, its dates as ISO 8601. */
function sp500() {
  const file = path.join(repository, 'hquant_cffi', 'data', 'sp500.csv.gz');
  const text = zlib.gunzipSync(fs.readFileSync(file)).toString();
  return text.replace(/^(\d+)\/(\d+)\/(\d{4}),/gm, (_, month, day, year) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')},`);
}

test('backtest_csv: the golden cross on the S&P 500, as the repository README has it', () => {
  fs.writeFileSync(path.join(folder, 'sp500.csv'), sp500());
  const { status, stdout, stderr } = run('backtest_csv.mjs', 'sp500.csv');
  assert.equal(stderr, '');
  assert.equal(status, 0);
  const lines = Object.fromEntries(stdout.split('\n').map((line) => line.split(/ {2,}/)).map(([name, ...rest]) => [name, rest.join(' ')]));
  assert.deepEqual(
    [lines.bars, lines.signals, lines.trades, lines.return, lines['max drawdown'], lines.fees],
    ['5031', '19', '18 closed, 1 open', '241.52%', '-38.71%', '303.59'],
  );
});

test('backtest_csv: what is wrong with a strategy is shown by line and column', () => {
  fs.writeFileSync(path.join(folder, 'wrong.hq'), 'IF clse > 1 THEN BUY\n');
  const { status, stderr } = run('backtest_csv.mjs', 'sp500.csv', 'wrong.hq');
  assert.equal(status, 1);
  assert.match(stderr, /:1:4: error\[E2001\]/);
});

test('live_feed: signals of a made-up market', () => {
  const { status, stdout, stderr } = run('live_feed.mjs');
  assert.equal(stderr, '960 messages, 240 minutes, 0 left out\n');
  assert.equal(status, 0);
  assert.match(stdout, /^\d\d:\d\d {2}(BUY |SELL) {2}price \d+\.\d\d {2}EMA /m);
});

test('live_feed: a process that takes over from its snapshot goes on as one that was never stopped', () => {
  const lines = walk(300).map(({ timestamp, open, high, low, close, volume }) =>
    JSON.stringify({ t: timestamp, o: open, h: high, l: low, c: close, v: volume }));
  lines.splice(100, 0, JSON.stringify({ t: 100 * 60_000, o: null, h: 1, l: 1, c: 1, v: 1 }).replace('null', '1e200'));
  const whole = run('live_feed.mjs', '--stdin', { input: lines.join('\n') });
  assert.match(whole.stderr, /^left out: .*open.*\n300 messages, 300 minutes, 1 left out\n$/);
  const first = run('live_feed.mjs', '--stdin', '--snapshot', 'engine', { input: lines.slice(0, 170).join('\n') });
  const second = run('live_feed.mjs', '--stdin', '--snapshot', 'engine', { input: lines.slice(170).join('\n') });
  assert.ok(whole.stdout.split('\n').length > 10);
  assert.equal(first.stdout + second.stdout, whole.stdout);
});

test('live_feed: prices as texts are read, and what is no candle ends nothing', () => {
  const good = (t, price) => JSON.stringify({ t, o: price, h: price, l: price, c: price, v: '2' });
  const bad = ['{"t":60000,', 'null', '7', '{"t":60000,"o":1,"h":1,"l":1,"c":1}', good(60_000, null), good(60_000, '1x'), good(60_000, ''),
    good(60_000.5, 1), good(1e300, 1)];
  const { status, stderr } = run('live_feed.mjs', '--stdin', { input: [good(0, '1.5'), ...bad, good(60_000, 1.5)].join('\n') });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /\n2 messages, 2 minutes, 9 left out\n$/);
});

/** Blocks of JavaScript, each with the block of text below it: what it prints. */
function snippets() {
  const text = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, body]) => ({ language, body }));
  return blocks.flatMap(({ language, body }, i) =>
    language === 'js' ? [{ body, prints: blocks[i + 1]?.language === 'text' ? blocks[i + 1].body : '' }] : []);
}

test('every snippet of the README prints what stands below it', () => {
  const found = snippets();
  assert.ok(found.length >= 5);
  found.forEach(({ body, prints }, i) => {
    const name = `snippet${i}.${/^import /m.test(body) ? 'mjs' : 'js'}`;
    fs.writeFileSync(path.join(folder, name), body);
    const { status, stdout, stderr } = run(name);
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: prints, stderr: '' }, body);
  });
});
