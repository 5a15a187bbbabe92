// Follow a stream of candles: strategies over two periods, values for a screen, a snapshot to restart from.
//
//   (cd ../../bindings_node && npm install) && npm install    once
//   node live_feed.mjs                                    a market that is made up
//   ... | node live_feed.mjs --stdin --snapshot engine    candles as lines of JSON, such as an exchange's
//                                                         websocket gives: {"t":0,"o":1,"h":1,"l":1,"c":1,"v":1},
//                                                         prices also as texts: "o":"1.5"
//
// A candle that still forms comes again and again with the same time "t": the newest version counts.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { MultiHQuant } from 'hquant';

const STRATEGY = `
# Buy a dip of the minute while the five minutes point up; leave when it is overbought.
IF RSI(7) < 30 AND close > EMA(close@5m, 10) THEN BUY
IF RSI(7) > 70 THEN SELL
`;

const { values: options } = parseArgs({
  options: {
    stdin: { type: 'boolean', default: false },
    snapshot: { type: 'string' },
    minutes: { type: 'string', default: '240' },
  },
});

/** A new engine, or the one that the last process left. */
function open(snapshot) {
  if (snapshot && existsSync(snapshot)) return MultiHQuant.load(readFileSync(snapshot));
  // Signals come once a candle, when it is final; the 5m candle is read as it stands at that moment.
  const multi = new MultiHQuant(1024, ['1m', '5m'], { emit: 'on_close', bar_period: '1m' });
  multi.add_multi_strategy('dip', STRATEGY);
  return multi;
}

/** First under another name, so that whoever kills this process never leaves half a snapshot. */
function save(multi, snapshot) {
  writeFileSync(`${snapshot}.new`, multi.save());
  renameSync(`${snapshot}.new`, snapshot);
}

/** A market that is made up: each minute's candle in four versions, the last of them final. */
async function* madeUp(minutes) {
  let state = 7;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 - 0.5;
  let price = 100;
  for (let minute = 0; minute < minutes; minute++) {
    const candle = { t: minute * 60_000, o: price, h: price, l: price, c: price, v: 0 };
    for (let version = 0; version < 4; version++) {
      price *= 1 + 0.004 * random();
      candle.c = price;
      candle.h = Math.max(candle.h, price);
      candle.l = Math.min(candle.l, price);
      candle.v += 1;
      yield candle;
    }
  }
}

async function* lines(stream) {
  for await (const line of createInterface({ input: stream })) if (line.trim()) yield line;
}

/** What a message says; what is missing stays so, and is refused. */
function barOf(message) {
  const { t, o, h, l, c, v, V } = typeof message === 'string' ? JSON.parse(message) : message;
  const number = (value) => (typeof value === 'string' ? Number(value.trim() || NaN) : value);
  const [open, high, low, close, volume, buy_volume] = [o, h, l, c, v, V].map(number);
  return { timestamp: t, open, high, low, close, volume, buy_volume };
}

/** No JSON; a field of another type, or out of range; no candle; a time that is past. Anything else is a mistake of this program. */
const isBadMessage = (error) =>
  [SyntaxError, TypeError, RangeError].some((kind) => error instanceof kind) || ['HQ_EBAR', 'HQ_EORDER'].includes(error.code);

const multi = open(options.snapshot);
const minute = multi.engine('1m');
const [average, bands] = [minute.add_ema_close(20), minute.add_boll(20, 2)];
const live = minute.live([average, [bands, 0], [bands, 2]]); // follows every feed: reading it is no call

let messages = 0;
let leftOut = 0;
for await (const message of options.stdin ? lines(process.stdin) : madeUp(Number(options.minutes))) {
  let bar;
  try {
    bar = barOf(message);
    multi.feed_bar(bar);
  } catch (error) {
    if (!isBadMessage(error)) throw error;
    leftOut++;
    console.error(`left out: ${error.message}`); // one bad message does not end a process that trades
    continue;
  }
  messages++;
  for (const { action, timestamp } of multi.poll_signals()) {
    const at = new Date(timestamp).toISOString().slice(11, 16);
    const [mean, upper, lower] = live;
    const values = `EMA ${mean.toFixed(2)}, bands ${lower.toFixed(2)} .. ${upper.toFixed(2)}`;
    console.log(`${at}  ${action.padEnd(4)}  price ${bar.close.toFixed(2)}  ${values}`);
  }
}
if (options.snapshot) save(multi, options.snapshot);
console.error(`${messages} messages, ${minute.total_bars()} minutes, ${leftOut} left out`);
