// What a TypeScript program sees of whole columns in one call.
import hquant = require('hquant');
import { expectAssignable, expectError, expectType } from 'tsd';

const column = Float64Array.of(1);
const columns = { timestamp: column, open: column, high: column, low: column, close: column, volume: column };
const bars = new hquant.Bars(columns);
expectType<hquant.Bars>(new hquant.Bars({ ...columns, timestamp: [new Date(0)], volume: null }, { check: false }));
expectType<BigInt64Array>(bars.timestamp);
expectType<Float64Array | null>(bars.buyVolume);
expectError(new hquant.Bars({ ...columns, close: new Int32Array(1) }));
expectType<Promise<hquant.Bars>>(hquant.load_csv('a.csv'));
expectType<hquant.Bars>(hquant.loadCsvSync('a.csv'));

expectType<Promise<hquant.Strategy>>(hquant.compile('IF close > open THEN BUY', { signal: AbortSignal.timeout(1) }));
expectType<hquant.Strategy>(hquant.compileSync('IF close > open THEN BUY'));

const ran = hquant.run_sync(columns, null, { indicators: { fast: 'SMA(close, 10)' }, barPeriod: '1m' });
expectType<Uint8Array>(ran.actions);
expectType<number>(ran.warmupBars);
expectType<hquant.Values | undefined>(ran.indicators['fast'] as hquant.Values | undefined);
expectType<Promise<hquant.RunResult>>(hquant.run(bars, 'IF close > open THEN BUY', { series: true, progress: () => undefined }));
expectError(hquant.run(bars, 5));
expectError(hquant.run(bars, null, { indicator: 'RSI(14)' }));

expectType<Promise<hquant.BacktestReport>>(
  hquant.backtest({ A: bars, B: columns }, 'IF close > open THEN BUY', {
    fee: 0.0004,
    makerFee: 0.0002,
    slippage_seed: 5n,
    margin_tiers: [[0, 0.01, 20]],
    tick_size: { A: 0.1, B: 1 },
    orders: [{ bar: 1, side: 'buy', stopPrice: 3 }],
    signal: new AbortController().signal,
  }),
);
const report = hquant.backtestSync(bars, null, { signals: Int8Array.of(1), curves: ['margin'] });
expectType<number>(report.final_equity);
expectType<number>(report.finalEquity);
expectType<Float64Array>(report.trades.pnl);
expectType<number>(report.metrics.sharpe);
expectType<number>(report.metrics.maxDrawdown);
expectType<hquant.TradeRow[]>(report.rows('trades'));
expectType<Date>(report.rows()[0]!.time);
expectType<number>(report.rows('curves')[0]!.equity);
expectType<number | undefined>(report.rows()[0]!.margin);
expectType<number>(report.rows()[0]!['position_BTC']!);
expectType<Date>(report.rows('trades')[0]!.entry_time);
expectType<hquant.Reason>(report.rows('trades')[0]!.exit_reason);
expectType<'long' | 'short'>(report.rows('trades')[0]!.side);
expectType<number>(report.rows('trades')[0]!.pnl);
expectType<'buy' | 'sell'>(report.rows('fills')[0]!.side);
expectType<boolean>(report.rows('fills')[0]!.is_maker);
expectType<string>(report.rows('fills')[0]!.symbol);
expectType<hquant.Row[]>(report.rows('fills' as 'fills' | 'trades'));
expectError(report.rows('fills')[0]!.exit_reason);
expectType<readonly hquant.Reason[]>(hquant.REASONS);
expectError(hquant.backtest(bars, 'x', { fil: 'close' }));
expectError(hquant.backtest(bars, 'x', { fill: 'now' }));
expectError(hquant.backtest(bars, null, { orders: [{ bar: 1 }] }));

expectType<Promise<hquant.Metrics>>(hquant.metrics({ equity: [1, 2], time: [0, 1], periodsPerYear: '365d' }));
expectType<number>(hquant.metrics_sync({ returns: column, time: BigInt64Array.of(0n), benchmark: bars }).beta);
expectError(hquant.metrics({ equity: [1, 2] }));

const swept = hquant.sweep_sync(bars, 'x', { params: { fast: [1, 2], slow: null }, where: ({ fast }) => fast! < 2, threads: 2 });
expectType<hquant.Combination>(swept.best);
expectType<hquant.Combination[]>(swept.top(3));
expectType<number>(swept.best.row.total_return);
expectType<number>(swept.best.row['fast']!);
expectType<number>(swept.best.row['sortino']!);
expectType<boolean>(swept.best.row.refused);
expectType<boolean>(swept.row(0).row.liquidated);
expectType<Float64Array>(swept.columns.sharpe);
expectType<Float64Array>(swept.columns['fast']!);
expectType<Uint8Array>(swept.columns.liquidated);
expectAssignable<Promise<{ length: number }>>(hquant.sweep(bars, 'x', { grid: [{ fast: 1 }], metric: 'sortino', top: 5 }));
expectError(hquant.sweep(bars, 'x', { metric: 'sharp' }));
expectError(hquant.sweep(bars));
