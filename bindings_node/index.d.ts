/// <reference types="node" />
// Declarations of the package; index.d.mts says the same for `import`.

import { Aliases } from './aliases';
import { IndicatorFunctions } from './indicators';

export * from './jobs';

// ------------------------------------------------------------------ bars

/**
 * Milliseconds since the Unix epoch, UTC, or of a duration: a whole number within 2^53-1, or a BigInt of 64 bits.
 * What is returned is a BigInt beyond 2^53-1 alone; Number(...) makes a Number of either.
 */
export type Timestamp = number | bigint;

/** One candle. */
export interface Bar {
  /** Open time. */
  timestamp: Timestamp;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Traded quantity, units of the base asset. */
  volume: number;
  /** The part of `volume` where the buyer was the taker; 0 when left out. */
  buy_volume?: number | null | undefined;
  buyVolume?: number | null | undefined;
}

/** Whole columns of bars, all of one length. Typed arrays are read where they are; Arrays are copied. */
export interface BarColumns {
  /** Milliseconds. */
  timestamp: BigInt64Array | Float64Array | readonly Timestamp[];
  open: Float64Array | readonly number[];
  high: Float64Array | readonly number[];
  low: Float64Array | readonly number[];
  close: Float64Array | readonly number[];
  volume: Float64Array | readonly number[];
  buy_volume?: Float64Array | readonly number[] | null | undefined;
  buyVolume?: Float64Array | readonly number[] | null | undefined;
}

export type FieldName = 'open' | 'high' | 'low' | 'close' | 'volume' | 'buy_volume';

/** A ring column. */
export interface Column {
  /**
   * The ring's own memory, `capacity` * 8 bytes: Float64Array, for timestamps BigInt64Array. Later bars show up in
   * it; it stays valid after `close()`. A copy where the platform forbids such buffers. Do not write to it.
   */
  buffer: ArrayBuffer;
  capacity: number;
  /** Elements held. */
  len: number;
  /** Where the next element goes. The oldest stands at 0 while `len < capacity`, at `head` once the ring is full. */
  head: number;
}

/** A copy of a column's elements, oldest first. */
export function ordered(column: Column): Float64Array;
export function ordered(column: Column, Type: typeof Float64Array): Float64Array;
export function ordered(column: Column, Type: typeof BigInt64Array): BigInt64Array;

// --------------------------------------------------------------- signals

export type Action = 'BUY' | 'SELL' | 'HOLD';

/** A strategy's answer to one bar. */
export interface Signal {
  strategy_id: number;
  action: Action;
  /** The bar's time, ms; a BigInt beyond 2^53-1, which no clock reaches. */
  timestamp: Timestamp;
}

// ------------------------------------------------------------ indicators

export const INDICATOR_SCALAR: 1;
export const INDICATOR_TRIPLE: 2;

/** The newest value of an indicator; NaN where it has none yet. */
export interface IndicatorValue {
  /** INDICATOR_SCALAR: `a` is the value. INDICATOR_TRIPLE: `a`, `b` and `c` are. */
  kind: 1 | 2;
  /** The value; BOLL: upper; MACD: the line. */
  a: number;
  /** BOLL: mid; MACD: the signal line. */
  b: number;
  /** BOLL: lower; MACD: the histogram. */
  c: number;
}

/** How an indicator starts: by this project's conventions, or with TA-Lib's values and warm-up. */
export type Mode = 'seed' | 'talib';

/** Parameters of an indicator by name, and what it reads. */
export interface IndicatorOptions {
  /** A field, or one for each input that it has. */
  field?: FieldName | readonly FieldName[] | undefined;
  mode?: Mode | undefined;
  [parameter: string]: number | FieldName | readonly FieldName[] | Mode | undefined;
}

/** Those of an indicator of an engine. */
export interface EngineIndicatorOptions {
  field?: FieldName | readonly FieldName[] | undefined;
  mode?: Mode | undefined;
  /**
   * Whether `indicator_column` has its values, true unless given. Without, the newest are all that is kept
   * (`live`, `indicator_last`): a bar comes cheaper, and 8 bytes an output and bar of the ring are saved.
   */
  history?: boolean | undefined;
  [parameter: string]: number | boolean | FieldName | readonly FieldName[] | Mode | undefined;
}

/** A row of the table of indicators. */
export interface IndicatorInfo {
  readonly name: string;
  readonly title: string;
  readonly formula: string;
  readonly source: string;
  /** Of its outputs. */
  readonly unit: string;
  /** Work a bar. */
  readonly cost: string;
  readonly group: string;
  /** Its number in compiled programs. */
  readonly code: number;
  readonly inputs: readonly {
    readonly name: string;
    /** The field that an engine reads unless told otherwise; null: it must be told. */
    readonly field: FieldName | 'time' | null;
    /** Whether it is always that field. */
    readonly is_fixed: boolean;
  }[];
  readonly params: readonly {
    readonly name: string;
    readonly minimum: number;
    readonly maximum: number;
    /** null: it must be given. */
    readonly default: number | null;
    readonly is_integer: boolean;
  }[];
  readonly outputs: readonly string[];
  readonly talib_name: string | null;
  readonly talib_note: string | null;
}

/** Every indicator as a function over whole columns: `indicators.rsi(close, { period: 14 })`. */
export const indicators: IndicatorFunctions & {
  /** Every row of the table. */
  table(): IndicatorInfo[];
  /** The 0-based bar of an indicator's first value: `warmup('RSI', 14)`. */
  warmup(name: string, ...params: (number | (IndicatorOptions & { output?: number }))[]): number;
};

// ------------------------------------------------------------ strategies

/** A PARAM of a strategy; without a range the last three are null. */
export interface StrategyParam {
  name: string;
  value: number;
  minimum: number | null;
  maximum: number | null;
  step: number | null;
}

declare class StrategyMethods {
  protected constructor();
  /** The program (HQBC): the same text gives the same bytes on every machine. */
  readonly bytecode: Buffer;
  readonly name: string;
  /** The text that it was compiled from; null for a program's bytes. */
  readonly source: string | null;
  readonly params: StrategyParam[];
  /** The higher timeframes that it reads, ms. */
  readonly timeframes: Timestamp[];
  /** Whether a rule carries SIZE, STOP, TARGET or TRAIL. */
  readonly has_clauses: boolean;
  readonly reads_buy_volume: boolean;
  /** The program as text, a line an instruction. */
  disassemble(): string;
  /** Compile a text; it takes the Python compiler. */
  static compile(text: string, options?: { name?: string | undefined }): Strategy;
  /** Verify a compiled program. */
  static from_bytecode(bytecode: Uint8Array, options?: { name?: string | undefined }): Strategy;
  static fromBytecode(bytecode: Uint8Array, options?: { name?: string | undefined }): Strategy;
}

/** A compiled, verified strategy. Immutable. */
export class Strategy extends StrategyMethods {}
export interface Strategy extends Aliases<StrategyMethods> {}

/** What is taken as a strategy: text, a compiled program (HQBC), or a Strategy. */
export type StrategySource = string | Uint8Array | Strategy;

// ---------------------------------------------------------------- errors

/** One thing that is wrong with a strategy's text. */
export interface Diagnostic {
  /** Such as 'E2001'; the documentation explains each. */
  code: string;
  severity: 'error' | 'warning';
  title: string;
  message: string;
  hint: string | null;
  file: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

/** A failure that is neither a wrong type (TypeError) nor a value out of range (RangeError, which has a code too). */
export class HquantError extends Error {
  /** 'HQ_ECOMPILE', 'HQ_EPROGRAM', 'HQ_ENOCOMPILER', 'HQ_EORDER', 'HQ_ESNAPSHOT', ... */
  code: string;
  /** HQ_ECOMPILE: line and column of the first error, from 1. */
  line?: number;
  column?: number;
  /** HQ_ECOMPILE: all that is wrong with the text. */
  diagnostics?: Diagnostic[];
  /** HQ_ECOMPILE: the same, for people. */
  rendered?: string;
  /** Of push_bars and feed_bars: how many bars went in before the one that was refused. */
  taken?: number;
}

// ---------------------------------------------------------------- engine

/** What strategies see of a higher timeframe: its last complete candle, or the one in progress. */
export type Htf = 'closed' | 'forming';

export interface EngineOptions {
  /** 'closed' unless given. */
  htf?: Htf | undefined;
  /** The period of the bars that are pushed: '1m', a Period, or ms. */
  bar_period?: string | Period | Timestamp | null | undefined;
  barPeriod?: string | Period | Timestamp | null | undefined;
}

/** An indicator's id, for its first output, or a pair of id and output. */
export type Output = number | readonly [id: number, output: number];

declare class HQuantMethods {
  /** @param capacity bars that the ring keeps, 1..2^27; indicators of any period work with any capacity */
  constructor(capacity: number, options?: EngineOptions);
  /** Give the memory back now. Views of it stay valid; everything else throws from here on. */
  close(): void;
  /** `using engine = ...` closes it at the end of the block. */
  [Symbol.dispose](): void;
  /** The whole state, from which `HQuant.load` goes on with the same bits. */
  save(): Buffer;
  static load(snapshot: Uint8Array): HQuant;

  /** Relative strength index of the close. Each add_ method returns the indicator's id, from 1. */
  add_rsi(period: number): number;
  /** Exponential moving average of the close. */
  add_ema_close(period: number): number;
  /** Mean of the last closes. */
  add_sma_close(period: number): number;
  /** Population standard deviation of the last closes. */
  add_stddev_close(period: number): number;
  /** Bollinger bands of the close, `k` standard deviations wide. */
  add_boll(period: number, k: number): number;
  /** Moving average convergence/divergence of the close; `fast < slow`. */
  add_macd(fast: number, slow: number, signal: number): number;
  /** Average true range. */
  add_atr(period: number): number;
  /** Any indicator of the table: `add_indicator('SMA', 20)`, `add_indicator('SMA', { period: 20, field: 'volume' })`. */
  add_indicator(name: string, ...params: (number | EngineIndicatorOptions)[]): number;
  /** The newest value of an indicator. */
  indicator_last(id: number): IndicatorValue;
  /** The newest values of all its outputs. */
  indicator_values(id: number): number[];
  /** The newest values of outputs as memory that follows the bars: reading it is no call. Ask once, not per bar. */
  live(outputs: readonly Output[]): Float64Array;

  /** Add a strategy; it emits nothing until the next bar. */
  add_strategy(name: string, dsl: StrategySource): number;
  /** Set a PARAM of a strategy while it runs; it takes over at the next push. */
  set_param(strategy_id: number, name: string, value: number): void;

  /** Append a bar; it forms until the next one comes. */
  push_bar(bar: Readonly<Bar>): void;
  /** Replace the newest bar, as if only this version had been pushed. */
  update_last_bar(bar: Readonly<Bar>): void;
  /** Push whole columns; returns how many bars. */
  push_bars(bars: Readonly<BarColumns>): number;

  /** Bars held. */
  len(): number;
  capacity(): number;
  /** Bars refused so far. */
  rejected_bars(): number;
  /** Bars pushed so far, those that the ring has dropped included. */
  total_bars(): number;
  /** Signals that wait to be polled. */
  signals_len(): number;
  /** Signals dropped because the queue was full. */
  signals_dropped(): number;
  /** 1..2^24; 65,536 unless set. */
  set_signal_capacity(capacity: number): void;
  /** Take the waiting signals, oldest first. */
  poll_signals(): Signal[];

  column(name: FieldName | 'timestamp'): Column;
  open_column(): Column;
  high_column(): Column;
  low_column(): Column;
  close_column(): Column;
  volume_column(): Column;
  buy_volume_column(): Column;
  /** Its buffer holds a BigInt64Array, ms. */
  timestamp_column(): Column;
  /** The ring column of an indicator's output; ask again to see newer bars in it. */
  indicator_column(id: number, output?: number): Column;
}

/** A single-period engine: a ring of bars, indicators over them, strategies over those, signals out. */
export class HQuant extends HQuantMethods {}
export interface HQuant extends Aliases<HQuantMethods> {}

// ---------------------------------------------------------- many periods

declare class PeriodMethods {
  /** @param text digits, then ms, s, m, h or d: '15m' */
  constructor(text: string);
  static parse(text: string): Period;
  readonly ms: Timestamp;
  as_ms(): Timestamp;
  /** Open time of the candle that holds a time. */
  bucket_start(timestamp: Timestamp): Timestamp;
  toString(): string;
  toJSON(): string;
}

/** A candle's length. */
export class Period extends PeriodMethods {}
export interface Period extends Aliases<PeriodMethods> {}

export interface MultiOptions {
  /** When strategies are evaluated: at every bar that changes their candle ('every_update'), or once a candle. */
  emit?: 'every_update' | 'on_close' | undefined;
  /** 'forming' unless given. */
  htf?: Htf | undefined;
  bar_period?: string | Period | Timestamp | null | undefined;
  barPeriod?: string | Period | Timestamp | null | undefined;
}

declare class MultiHQuantMethods {
  /** @param periods such as ['15m', '4h']; the first is what cross-period strategies read without @period */
  constructor(capacity: number, periods: readonly (string | Period)[], options?: MultiOptions);
  close(): void;
  /** `using engine = ...` closes it at the end of the block. */
  [Symbol.dispose](): void;
  save(): Buffer;
  static load(snapshot: Uint8Array): MultiHQuant;
  /** Split a signal's strategy_id: period_index is 0 across periods, else the place of the period from 1. */
  static decode_id(strategy_id: number): { period_index: number; local_id: number };
  static decodeId(strategy_id: number): { period_index: number; local_id: number };
  periods(): Period[];
  emit(): 'every_update' | 'on_close';
  /** A period's engine, to add indicators and strategies to and to read from; ms where a number. */
  engine(period: string | Period | Timestamp): HQuant;
  add_multi_strategy(name: string, dsl: StrategySource): number;
  set_param(strategy_id: number, name: string, value: number): void;
  /** Feed one base bar; one with the time of the bar before takes its place. */
  feed_bar(bar: Readonly<Bar>): void;
  feed_bars(bars: Readonly<BarColumns>): number;
  /** Close every candle in progress. */
  flush(): void;
  rejected_bars(): number;
  signals_len(): number;
  signals_dropped(): number;
  set_signal_capacity(capacity: number): void;
  poll_signals(): Signal[];
}

/** Engines over several periods fed from one stream of base bars, and strategies across them. */
export class MultiHQuant extends MultiHQuantMethods {}
export interface MultiHQuant extends Aliases<MultiHQuantMethods> {}

export interface AggregateCandle {
  open_time: Timestamp;
  close_time: Timestamp;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  buy_volume: number;
  /** Time of the newest base bar in it. */
  last_update_ts: Timestamp;
}

export interface AggregatorEvent {
  kind: 'KlineUpdated' | 'KlineClosed';
  period: Period;
  candle: AggregateCandle;
}

declare class AggregatorMethods {
  constructor(periods: readonly (string | Period)[]);
  close(): void;
  /** `using engine = ...` closes it at the end of the block. */
  [Symbol.dispose](): void;
  save(): Buffer;
  static load(snapshot: Uint8Array): Aggregator;
  periods(): Period[];
  push(bar: Readonly<Bar>): void;
  flush(): void;
  events_len(): number;
  /** Bars refused so far. */
  rejected(): number;
  poll_events(): AggregatorEvent[];
}

/** Candles of several periods from one stream of base bars. */
export class Aggregator extends AggregatorMethods {}
export interface Aggregator extends Aliases<AggregatorMethods> {}

// --------------------------------------------------------------- account

/** Fields may have their camelCase names: `initialMargin`. */
export interface BacktestParams {
  /** Starting cash, quote currency, > 0. */
  initial_margin: number;
  /** Notional over margin, >= 1. */
  leverage: number;
  /** Base asset units per contract. */
  contract_size: number;
  /** Fractions of notional. */
  maker_fee_rate: number;
  taker_fee_rate: number;
  maintenance_margin_rate: number;
}

export interface BacktestResult {
  equity: number;
  profit: number;
  profit_rate: number;
  /** -1..0. */
  max_drawdown_rate: number;
  liquidated: boolean;
}

export type Side = 'long' | 'short';

declare class FuturesBacktestMethods {
  constructor(params: Readonly<BacktestParams> | Readonly<Aliases<BacktestParams> & Pick<BacktestParams, 'leverage'>>);
  close(): void;
  /** `using engine = ...` closes it at the end of the block. */
  [Symbol.dispose](): void;
  /** Trade at market: close the opposite side, then open or add to this one; HOLD only marks. */
  apply_signal(action: Action, price: number, margin: number): void;
  /** Mark the account at a price: drawdown, then liquidation. */
  on_price(price: number): void;
  /** The account valued at a price; nothing changes. */
  result(price: number): BacktestResult;
  open_long(price: number, margin: number, fee_rate: number): void;
  open_short(price: number, margin: number, fee_rate: number): void;
  close_long(price: number, fee_rate: number): void;
  close_short(price: number, fee_rate: number): void;
  cash(): number;
  liquidated(): boolean;
  max_open_margin(fee_rate: number): number;
  equity(price: number): number;
  locked_margin(): number;
  total_notional(price: number): number;
  maintenance_margin(price: number): number;
  contracts(side: Side): number;
  entry_price(side: Side): number;
  fees(): number;
  realized_pnl(): number;
  liquidation_loss(): number;
}

/** A futures account with a long and a short position. */
export class FuturesBacktest extends FuturesBacktestMethods {}
export interface FuturesBacktest extends Aliases<FuturesBacktestMethods> {}

// --------------------------------------------------------------- library

export type SimdLevel = 'baseline' | 'avx2' | 'avx512';

export function version(): string;
export function abi_version(): number;
export function abiVersion(): number;
export function snapshot_version(): number;
export function snapshotVersion(): number;
/** The widest vector instructions in use. */
export function simd_level(): SimdLevel;
export function simdLevel(): SimdLevel;
/** Use nothing wider, in the whole process. The results are the same. */
export function simd_limit(level: SimdLevel): void;
export function simdLimit(level: SimdLevel): void;

export {};
