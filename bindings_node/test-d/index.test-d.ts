// What a TypeScript program in CommonJS sees.
import hquant = require('hquant');
import { expectAssignable, expectError, expectType } from 'tsd';

const engine = new hquant.HQuant(1024, { htf: 'closed', bar_period: '1m' });
expectType<number>(engine.add_rsi(14));
expectType<number>(engine.addRsi(14));
expectType<number>(engine.add_boll(20, 2));
expectType<number>(engine.add_indicator('SMA', 20, { field: 'volume', mode: 'talib' }));
expectType<number>(engine.add_indicator('SMA', { period: 20, history: false }));
expectError(engine.add_indicator('SMA', { period: 20, history: 0n }));
expectType<number>(engine.addIndicator('SMA', { period: 20 }));
expectError(engine.add_rsi('14'));
expectError(engine.add_boll(20));
expectError(engine.addEma(14));

const bar: hquant.Bar = { timestamp: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 };
expectType<void>(engine.push_bar(bar));
expectType<void>(engine.pushBar({ ...bar, timestamp: 0n, buy_volume: 0.5 }));
expectError(engine.push_bar({ timestamp: 0, open: 1, high: 1, low: 1, close: 1 }));
expectError(engine.push_bar({ ...bar, timestamp: '0' }));

const column = Float64Array.of(1);
const columns = { timestamp: column, open: column, high: column, low: column, close: column, volume: column };
expectType<number>(engine.push_bars(columns));
expectType<number>(engine.pushBars({ ...columns, timestamp: BigInt64Array.of(1n) }));
expectError(engine.push_bars({ ...columns, close: new Float32Array(1) }));

expectType<hquant.IndicatorValue>(engine.indicator_last(1));
expectType<number[]>(engine.indicatorValues(1));
expectType<Float64Array>(engine.live([1, [2, 0]]));
expectType<hquant.Signal[]>(engine.poll_signals());
expectType<hquant.Column>(engine.close_column());
expectAssignable<{ buffer: ArrayBuffer; capacity: number; len: number; head: number }>(engine.timestampColumn());
expectType<Float64Array>(hquant.ordered(engine.close_column()));
expectType<BigInt64Array>(hquant.ordered(engine.timestamp_column(), BigInt64Array));
expectType<hquant.HQuant>(hquant.HQuant.load(engine.save()));

const multi = new hquant.MultiHQuant(100, ['15m', new hquant.Period('4h')], { emit: 'on_close' });
expectType<hquant.HQuant>(multi.engine('15m'));
expectType<number>(multi.addMultiStrategy('s', 'IF close > open THEN BUY'));
expectType<void>(multi.feedBar(bar));
expectError(new hquant.MultiHQuant(100, '15m'));

const strategy = hquant.Strategy.compile('IF close > open THEN BUY', { name: 's' });
expectType<hquant.Strategy>(strategy);
expectType<number>(engine.add_strategy('s', strategy));
expectType<number>(engine.addStrategy('s', strategy.bytecode));
expectType<boolean>(strategy.hasClauses);
// @ts-expect-error: it has no constructor
new hquant.Strategy();

expectType<Float64Array>(hquant.indicators.rsi(column, { period: 14, mode: 'talib' }));
expectType<Float64Array>(hquant.indicators.sma([1, 2, 3], 2));
expectType<{ upper: Float64Array; mid: Float64Array; lower: Float64Array }>(hquant.indicators.boll(column, 20, 2));
expectError(hquant.indicators.rsi());
expectError(hquant.indicators.sma(column, { periods: 2 }));

const account = new hquant.FuturesBacktest({
  initial_margin: 1000,
  leverage: 10,
  contract_size: 1,
  maker_fee_rate: 0.0002,
  taker_fee_rate: 0.0004,
  maintenance_margin_rate: 0.005,
});
new hquant.FuturesBacktest({
  initialMargin: 1000,
  leverage: 10,
  contractSize: 1,
  makerFeeRate: 0.0002,
  takerFeeRate: 0.0004,
  maintenanceMarginRate: 0.005,
});
expectError(new hquant.FuturesBacktest({ leverage: 10 }));
expectType<void>(account.apply_signal('BUY', 50, 100));
expectError(account.apply_signal('buy', 50, 100));
expectType<hquant.BacktestResult>(account.result(50));

expectType<hquant.AggregatorEvent[]>(new hquant.Aggregator(['5m']).pollEvents());
expectType<hquant.SimdLevel>(hquant.simd_level());
expectAssignable<Error>(new hquant.HquantError('x'));

expectType<void>(engine[Symbol.dispose]());
expectType<void>(multi[Symbol.dispose]());
expectType<void>(account[Symbol.dispose]());
expectType<void>(new hquant.Aggregator(['5m'])[Symbol.dispose]());
expectAssignable<Disposable>(engine);

// Times are Numbers up to 2^53-1, BigInts beyond.
expectType<number | bigint>(engine.poll_signals()[0]!.timestamp);
expectType<number | bigint>(new hquant.Period('5m').ms);
expectType<number | bigint>(new hquant.Period('5m').asMs());
expectType<number | bigint>(new hquant.Period('5m').bucketStart(1));
expectType<(number | bigint)[]>(strategy.timeframes);
expectType<number | bigint>(new hquant.Aggregator(['5m']).poll_events()[0]!.candle.open_time);
