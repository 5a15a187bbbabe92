// Backtest a strategy over a CSV of candles, off the main thread.
//
//   (cd ../../bindings_node && npm install) && npm install    once
//   node backtest_csv.mjs CANDLES.csv [STRATEGY.hq]
import { readFileSync } from 'node:fs';
import { backtest, load_csv, HquantError } from 'hquant';

const [file, strategy] = process.argv.slice(2);
const GOLDEN_CROSS = `
PARAM fast = 50 IN 10..100 STEP 10
PARAM slow = 200 IN 100..300 STEP 50
IF CROSSOVER(SMA(fast), SMA(slow)) THEN BUY
IF CROSSUNDER(SMA(fast), SMA(slow)) THEN SELL
`;
const percent = (fraction) => `${(100 * fraction).toFixed(2)}%`;

try {
  const bars = await load_csv(file);
  const text = strategy ? readFileSync(strategy, 'utf8') : GOLDEN_CROSS;
  const report = await backtest(bars, text, { fee: 0.0004, signal: AbortSignal.timeout(60_000) });
  console.log(`bars          ${report.bars}`);
  console.log(`signals       ${report.signals}`);
  console.log(`trades        ${report.closed_trades} closed, ${report.open_trades} open`);
  console.log(`return        ${percent(report.total_return)}`);
  console.log(`max drawdown  ${percent(report.max_drawdown)}`);
  console.log(`fees          ${report.fees.toFixed(2)}`);
  for (const trade of report.rows('trades').slice(-3)) {
    console.log(`${trade.entry_time.toISOString().slice(0, 10)}  ${trade.side.padEnd(5)}  ${trade.pnl.toFixed(2)}`);
  }
} catch (error) {
  // What is wrong with the text, by line and column, as a compiler shows it.
  console.error(error instanceof HquantError && error.rendered ? error.rendered : error.message);
  process.exitCode = 1;
}
