/// <reference types="node" />
// Declarations of whole columns in one call: bars, runs, backtests, sweeps, metrics, compilation.
import { Aliases } from './aliases';
import { BarColumns, FieldName, Htf, Mode, Period, Side, Strategy, StrategySource, Timestamp } from './index';

/** Options by their snake_case names, or by the camelCase ones. */
type Options<T> = T & Partial<Aliases<Required<T>>>;

// ------------------------------------------------------------------ bars

declare class BarsMethods {
  /**
   * @param columns typed arrays or Arrays of one length; `volume: null` reads as 0
   * @param options `check: false` leaves out the look at every bar; `check()` does it later
   */
  constructor(columns: Bars | JobColumns, options?: { check?: boolean | undefined });
  readonly length: number;
  /** Open times, ms. Each column is a copy of your own, made when first asked for. */
  readonly timestamp: BigInt64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** null where the data has none. */
  readonly buy_volume: Float64Array | null;
  column(name: 'timestamp'): BigInt64Array;
  column(name: FieldName): Float64Array | null;
  /** Throw for the first bar that is no candle. */
  check(): void;
}

/** Candles in native memory, copied once and immutable: any number of jobs read them without a copy. */
export class Bars extends BarsMethods {}
export interface Bars extends Aliases<BarsMethods> {}

type Floats = Float64Array | Float32Array | readonly number[];

/** Whole columns of bars; a _sync call reads a Float64Array (for times a BigInt64Array) where it is. */
export interface JobColumns {
  /** Milliseconds. */
  timestamp: BigInt64Array | Float64Array | readonly (Timestamp | Date)[];
  open: Floats;
  high: Floats;
  low: Floats;
  close: Floats;
  /** null: the data has none; it reads as 0. */
  volume: Floats | null;
  buy_volume?: Floats | null | undefined;
}

/** Bars, or columns, which are copied unless the call is a _sync one. */
export type BarSource = Bars | JobColumns | BarColumns;

/**
 * Load candles from a CSV file: Binance klines, or any table with a header line. Errors name line and column. It is
 * read on the thread of the caller, in turns of about 20 ms with whatever else that has to do.
 */
export function load_csv(path: string): Promise<Bars>;
export function load_csv_sync(path: string): Bars;
export const loadCsv: typeof load_csv;
export const loadCsvSync: typeof load_csv_sync;

// ------------------------------------------------------------------ jobs

/** What every call takes that may last. */
export interface JobOptions {
  /**
   * Aborted, the promise is rejected with its reason at once, and the job ends within a block of bars; a compiler that
   * has begun runs on in its process until it is done or its time is up.
   */
  signal?: AbortSignal | null | undefined;
}

export interface WatchedOptions extends JobOptions {
  /**
   * Called on the thread of the caller, at most twenty times a second and at the end; `true` stops the job. It answers
   * at once: what returns a Promise, as an async function does, is refused by a TypeError.
   */
  progress?: ((done: number, total: number) => unknown) | null | undefined;
}

/** Compile a strategy's text off the main thread; it takes the Python compiler. */
export function compile(text: string, options?: JobOptions & { name?: string | undefined }): Promise<Strategy>;
export function compile_sync(text: string, options?: { name?: string | undefined }): Strategy;
export const compileSync: typeof compile_sync;

/** Text, the path of a .hq or .hqbc file, a compiled program (HQBC), or a Strategy. */
export type StrategyLike = StrategySource;

/** A period: '15m', a Period, or milliseconds. */
export type PeriodLike = string | Period | Timestamp;

// ------------------------------------------------------------------- run

interface RunNames {
  /** What else to compute: expressions by name, or a list of them, which name themselves. */
  indicators?: string | readonly string[] | { readonly [name: string]: string } | null | undefined;
  /** Names that the strategy's text assigns; true for all of them. */
  series?: boolean | string | readonly string[] | null | undefined;
  /** Values for the strategy's PARAMs. */
  params?: { readonly [name: string]: number } | null | undefined;
  /** What is seen of a higher timeframe; 'closed' unless given. */
  htf?: Htf | undefined;
  /** The bars' own period. */
  bar_period?: PeriodLike | null | undefined;
  /** How the indicators of texts that are given here start; 'seed' unless given. */
  mode?: Mode | undefined;
}
export type RunOptions = Options<RunNames> & WatchedOptions;

/** A column; of an indicator with several outputs one for each. */
export type Values = Float64Array | { readonly [output: string]: Float64Array };

interface RunFields {
  /** How many. */
  readonly bars: number;
  /** The signal at each bar's close: 0 none, 1 buy, 2 sell, 3 hold. */
  readonly actions: Uint8Array;
  /** The rule that it is of, from 0; -1 where there is none. */
  readonly rules: Int16Array;
  /** Where each rule stands in the strategy's text, from 1. */
  readonly rule_lines: readonly number[];
  /** 1 buy, -1 sell, 0 none or hold, as backtest() takes them. */
  readonly signals: Int8Array;
  /** NaN where unknown; of a condition 1 true, 0 false. */
  readonly series: { readonly [name: string]: Values };
  readonly indicators: { readonly [name: string]: Values };
  /** Bars before the first on which a rule's condition was known. */
  readonly warmup_bars: number;
  readonly buy_signals: number;
  readonly sell_signals: number;
  readonly hold_signals: number;
}
export type RunResult = RunFields & Aliases<RunFields>;

/** Compute a strategy's signals, its named series, and indicators over bars, off the main thread. */
export function run(bars: BarSource, strategy?: StrategyLike | null, options?: RunOptions): Promise<RunResult>;
export function run_sync(bars: BarSource, strategy?: StrategyLike | null, options?: RunOptions): RunResult;
export const runSync: typeof run_sync;

// -------------------------------------------------------------- backtest

/** One for all symbols, or by name. */
export type BySymbol<T> = T | { readonly [symbol: string]: T };

/** A distance: a number in price, '3%' of the fill price, or null for none. */
export type Distance = number | string | null;

/** A size: a number in its unit, '50%' of equity, or null for all that cash affords. */
export type Size = number | string | null;
export type SizeUnit = 'units' | 'notional' | 'equity' | 'margin';

/** From a position's notional on; the maintenance rate of what is inside this step; its highest leverage. */
export type MarginTier = readonly [notional_from: number, maintenance_rate: number, max_leverage: number];

interface AccountNames {
  /** Starting cash, quote currency; 10,000 unless given. */
  capital?: number | undefined;
  leverage?: number | undefined;
  contract_size?: number | undefined;
  /** Of takers, a fraction of notional. */
  fee?: number | undefined;
  /** Of makers; the takers' unless given. */
  maker_fee?: number | null | undefined;
  /** Quote currency per base asset unit, on top. */
  fee_per_unit?: number | undefined;
  /** Against market and stop fills, a fraction of the price. This, ticks, or random: one of them. */
  slippage?: number | undefined;
  slippage_ticks?: number | undefined;
  slippage_random?: number | undefined;
  /** 0..2^64-1. */
  slippage_seed?: number | bigint | undefined;
  /** Funding rates by bar, fractions of notional, NaN where missing. */
  funding?: BySymbol<Floats> | null | undefined;
  /** Such as '8h'. */
  funding_interval?: PeriodLike | null | undefined;
  /** What a missing rate is where one is due; 'error' unless given. */
  funding_missing?: 'error' | 'zero' | number | undefined;
  /** Fraction of notional. */
  maintenance_margin?: number | undefined;
  margin_tiers?: readonly MarginTier[] | null | undefined;
  /** Where a signal trades; 'next_open' unless given. */
  fill?: 'next_open' | 'close' | 'limit' | undefined;
  limit_offset?: number | undefined;
  limit_bars?: number | undefined;
  /** What is assumed of the order of prices inside a bar; 'worst' unless given. */
  intrabar?: 'worst' | 'best' | 'nearest' | 'finer' | undefined;
  /** Bars of a shorter period, for intrabar: 'finer'. */
  finer?: BySymbol<BarSource> | null | undefined;
  sides?: 'both' | 'long' | 'short' | undefined;
  position?: 'netted' | 'hedged' | undefined;
  /** Additions to a position that signals may make. */
  pyramiding?: number | undefined;
  size?: Size | undefined;
  size_unit?: SizeUnit | undefined;
  stop?: Distance | undefined;
  target?: Distance | undefined;
  trail?: Distance | undefined;
  tick_size?: BySymbol<number> | undefined;
  lot_size?: BySymbol<number> | undefined;
  min_quantity?: BySymbol<number> | undefined;
  min_notional?: BySymbol<number> | undefined;
  unaffordable?: 'clamp' | 'reject' | undefined;
  /** Bars that cannot be traded (a price <= 0) end the run, or are left out and counted. */
  bad_bars?: 'error' | 'skip' | undefined;
  htf?: Htf | undefined;
  bar_period?: PeriodLike | null | undefined;
}

interface OrderNames {
  /** Index of the bar after whose close it is given; -1: before the first. */
  bar: number;
  side: 'buy' | 'sell';
  size?: Size | undefined;
  size_unit?: SizeUnit | undefined;
  type?: 'market' | 'limit' | 'stop' | 'stop_limit' | undefined;
  price?: number | null | undefined;
  stop_price?: number | null | undefined;
  symbol?: string | null | undefined;
  reduce_only?: boolean | undefined;
  /** Above 0: a group, of which the first that is filled cancels the others. */
  oco?: number | undefined;
  /** Bars it works for; 0: until it is done. */
  bars?: number | undefined;
  stop?: Distance | undefined;
  target?: Distance | undefined;
  trail?: Distance | undefined;
}
/** An order that is given after the close of a bar and works from the next one on. */
export type Order = Options<OrderNames>;

interface BacktestNames extends AccountNames {
  /** In place of a strategy: what it wants at each bar's close, -1 sell, 0 nothing, 1 buy. */
  signals?: BySymbol<Int8Array | Floats> | null | undefined;
  orders?: readonly Order[] | null | undefined;
  params?: { readonly [name: string]: number } | null | undefined;
  /** Further curves to keep. */
  curves?: readonly ('position' | 'margin')[] | undefined;
}
export type BacktestOptions = Options<BacktestNames> & WatchedOptions;

/** Columns of the positions in the order they ended, open ones last. Times in ms; counts are numbers. */
export interface Trades {
  readonly entry_time: BigInt64Array;
  readonly exit_time: BigInt64Array;
  readonly entry_bar: Float64Array;
  readonly exit_bar: Float64Array;
  readonly bars_held: Float64Array;
  readonly entry_price: Float64Array;
  readonly exit_price: Float64Array;
  readonly quantity: Float64Array;
  readonly pnl: Float64Array;
  readonly fees: Float64Array;
  readonly funding: Float64Array;
  readonly margin: Float64Array;
  readonly risk: Float64Array;
  readonly r_multiple: Float64Array;
  readonly mae: Float64Array;
  readonly mfe: Float64Array;
  readonly entries: Float64Array;
  readonly symbol: Uint32Array;
  /** 1 long, -1 short. */
  readonly side: Int8Array;
  /** Indices in REASONS. */
  readonly entry_reason: Uint8Array;
  readonly exit_reason: Uint8Array;
}

/** Columns of the executions, in order. */
export interface Fills {
  readonly time: BigInt64Array;
  readonly bar: Float64Array;
  /** Index in the caller's list, -1 for anything else. */
  readonly order: Float64Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly fee: Float64Array;
  readonly pnl: Float64Array;
  readonly position: Float64Array;
  readonly symbol: Uint32Array;
  /** 1 bought, -1 sold. */
  readonly side: Int8Array;
  /** An index in REASONS. */
  readonly reason: Uint8Array;
  readonly is_maker: Uint8Array;
  readonly is_opening: Uint8Array;
}

/** Why a position was opened or closed, or a fill made. */
export type Reason = 'open' | 'signal' | 'liquidation' | 'stop' | 'target' | 'trail' | 'order';

/** Names of the numbers in entry_reason, exit_reason and reason. */
export const REASONS: readonly Reason[];

/** A cell of a row for people: times are Dates, symbols and reasons texts, `is_` columns booleans. */
type Cell<Column> = Column extends `${string}time`
  ? Date
  : Column extends 'symbol'
    ? string
    : Column extends `${string}reason`
      ? Reason
      : Column extends `is_${string}`
        ? boolean
        : number;
type Cells<Columns> = { -readonly [Column in Exclude<keyof Columns, 'side'>]: Cell<Column> };

export type TradeRow = Cells<Trades> & { side: Side };
export type FillRow = Cells<Fills> & { side: 'buy' | 'sell' };
export interface CurveRow {
  time: Date;
  equity: number;
  drawdown: number;
  /** With `curves: ['margin']`. */
  margin?: number;
  /** With `curves: ['position']`; of several symbols each has its own. */
  position?: number;
  [position: `position_${string}`]: number;
}
/** A row of a table for people. */
export type Row = CurveRow | TradeRow | FillRow;

interface ReportCounts {
  readonly bars: number;
  readonly steps: number;
  readonly rejected_bars: number;
  readonly warmup_bars: number;
  readonly signals: number;
  readonly buy_signals: number;
  readonly sell_signals: number;
  readonly hold_signals: number;
  readonly orders: number;
  readonly filled_orders: number;
  readonly partial_orders: number;
  readonly ignored_same_side: number;
  readonly ignored_side: number;
  readonly rejected_orders: number;
  readonly expired_orders: number;
  readonly replaced_orders: number;
  readonly cancelled_orders: number;
  readonly dropped_last_bar: number;
  readonly working_orders: number;
  readonly fills_count: number;
  readonly closed_trades: number;
  readonly open_trades: number;
  /** Bars whose order of prices was assumed, and mattered or may have. */
  readonly ambiguous_bars: number;
  readonly final_equity: number;
  readonly total_return: number;
  readonly max_drawdown: number;
  readonly fees: number;
  readonly funding: number;
  readonly realized_pnl: number;
  readonly liquidation_loss: number;
}

declare class ReportMembers {
  protected constructor();
  readonly symbols: readonly string[];
  /** Rejected orders by reason. */
  readonly rejects: { readonly [reason: string]: number };
  readonly liquidated: boolean;
  readonly capital: number;
  readonly options: { readonly [name: string]: unknown };
  /** Times of the steps, ms. */
  readonly time: BigInt64Array;
  /** Equity at each step's close. */
  readonly equity: Float64Array;
  /** Fall of equity from its peak so far, -1..0. */
  readonly drawdown: Float64Array;
  /** Locked at each step's close; null unless asked for. */
  readonly margin: Float64Array | null;
  /** Signed units at each step's close, a step's symbols side by side; null unless asked for. */
  readonly position: Float64Array | null;
  /** Each bar's signal, symbol after symbol: 0 none, 1 buy, 2 sell, 3 hold. */
  readonly actions: Uint8Array;
  readonly trades: Trades;
  readonly fills: Fills;
  /** Made with the run. Throws where the curve cannot be measured. */
  readonly metrics: Metrics;
  rows(what?: 'curves'): CurveRow[];
  rows(what: 'trades'): TradeRow[];
  rows(what: 'fills'): FillRow[];
  rows(what?: 'curves' | 'trades' | 'fills'): Row[];
  /** Every number of the report and its options. */
  toJSON(): { [name: string]: unknown };
  summary(): string;
}

/** What a backtest found. Money is in quote currency. */
export type BacktestReport = ReportMembers & ReportCounts & Aliases<ReportCounts>;

/** Run strategies, signals or orders over the bars of one symbol, or of several by name, off the main thread. */
export function backtest(
  bars: BySymbol<BarSource>,
  strategy?: BySymbol<StrategyLike | null>,
  options?: BacktestOptions,
): Promise<BacktestReport>;
export function backtest_sync(
  bars: BySymbol<BarSource>,
  strategy?: BySymbol<StrategyLike | null>,
  options?: BacktestOptions,
): BacktestReport;
export const backtestSync: typeof backtest_sync;

// --------------------------------------------------------------- metrics

interface MetricNumbers {
  readonly periods_per_year: number;
  readonly days_per_year: number;
  readonly risk_free: number;
  readonly returns: number;
  readonly daily_returns: number;
  readonly benchmark_returns: number;
  readonly trades: number;
  readonly total_return: number;
  readonly cagr: number;
  readonly volatility: number;
  readonly sharpe: number;
  readonly sortino: number;
  readonly omega: number;
  readonly calmar: number;
  readonly annual_return_geometric: number;
  readonly volatility_geometric: number;
  readonly sharpe_geometric: number;
  readonly sortino_geometric: number;
  readonly calmar_geometric: number;
  readonly max_drawdown: number;
  readonly longest_drawdown: number;
  readonly longest_drawdown_bars: number;
  readonly ulcer_index: number;
  readonly recovery_factor: number;
  readonly skew: number;
  readonly kurtosis: number;
  readonly best_return: number;
  readonly worst_return: number;
  readonly exposure: number;
  readonly bar_win_rate: number;
  readonly bar_payoff_ratio: number;
  readonly bar_profit_factor: number;
  readonly bar_kelly: number;
  readonly value_at_risk: number;
  readonly cvar: number;
  readonly value_at_risk_historical: number;
  readonly cvar_historical: number;
  readonly tail_ratio: number;
  readonly beta: number;
  readonly alpha: number;
  readonly alpha_compounded: number;
  readonly win_rate: number;
  readonly payoff_ratio: number;
  readonly profit_factor: number;
  readonly kelly: number;
  readonly expectancy: number;
  readonly avg_win: number;
  readonly avg_loss: number;
  readonly sqn: number;
  readonly avg_trade: number;
  readonly best_trade: number;
  readonly worst_trade: number;
  readonly avg_bars_held: number;
  readonly exposure_time: number;
}

interface MetricFields extends MetricNumbers {
  /** Where the number of steps that make a year comes from. */
  readonly periods_per_year_from: string;
  readonly days_per_year_from: string;
}

declare class MetricMembers {
  protected constructor();
  /** Every figure by name; null where it is undefined. */
  toJSON(): { [name: string]: number | string | null };
  summary(): string;
}

/** The figures of a curve, by name. Undefined ones are NaN. */
export type Metrics = MetricMembers & MetricFields & Aliases<MetricFields>;

interface YearNames {
  /** Steps that make a year, a market's days a year ('365d', '252d'), or null: what the times show. */
  periods_per_year?: number | '365d' | '252d' | null | undefined;
  days_per_year?: number | null | undefined;
  /** Yearly return without risk, a fraction. */
  risk_free?: number | undefined;
}

interface CurveNames extends YearNames {
  /** Equity after each step. This or `returns`. */
  equity?: Floats | null | undefined;
  returns?: Floats | null | undefined;
  /** Of each step, ms. */
  time: BigInt64Array | Float64Array | readonly (Timestamp | Date)[];
  /** Equity before the first step. */
  initial?: number | null | undefined;
  trades?: Trades | null | undefined;
  /** Closes at the steps, NaN where there is none; of Bars, those with the time of a step. */
  benchmark?: Bars | Floats | null | undefined;
}
export type Curve = Options<CurveNames> & JobOptions;

/** Work out the figures of an equity curve, or of returns, off the main thread. */
export function metrics(curve: Curve): Promise<Metrics>;
export function metrics_sync(curve: Curve): Metrics;
export const metricsSync: typeof metrics_sync;

// ----------------------------------------------------------------- sweep

/** Names of a sweep's figures: those of a run, and those of Metrics. */
export type Figure = Exclude<keyof MetricNumbers, 'periods_per_year' | 'days_per_year' | 'risk_free'> | RunFigure;
type RunFigure =
  | 'signals' | 'orders' | 'rejected_orders' | 'fills' | 'trades' | 'open_trades' | 'ambiguous_bars' | 'warmup_bars'
  | 'liquidated' | 'final_equity' | 'total_return' | 'max_drawdown' | 'cagr' | 'volatility' | 'sharpe' | 'calmar'
  | 'win_rate' | 'profit_factor' | 'expectancy' | 'fees' | 'funding' | 'realized_pnl' | 'liquidation_loss';

interface SweepNames extends AccountNames, YearNames {
  /** Values of PARAMs, every combination of which is run; null in place of values: those of the PARAM's range. */
  params?: { readonly [name: string]: Iterable<number> | number | null } | null | undefined;
  /** In place of `params`: the combinations themselves. */
  grid?: readonly ({ readonly [name: string]: number } | readonly number[] | Float64Array)[] | null | undefined;
  /** Which combinations to keep; called for each before the sweep begins, on the thread of the caller. */
  where?: ((params: { [name: string]: number }) => unknown) | null | undefined;
  /** What `best` goes by; 'sharpe' unless given. */
  metric?: Figure | undefined;
  /** Whether more of it is better; true unless given. */
  maximize?: boolean | undefined;
  /** Keep only so many rows, the best, best first. */
  top?: number | null | undefined;
  /** Figures of Metrics to add; slower. */
  metrics?: 'all' | readonly Figure[] | null | undefined;
  /** Keep every row's equity. */
  curves?: boolean | undefined;
  /** 1..1024, or -1 for all cores; no result depends on it. */
  threads?: number | undefined;
}
export type SweepOptions = Options<SweepNames> & WatchedOptions;

type SweepFlag = 'refused' | 'liquidated';
type SweepNumber = Exclude<RunFigure, SweepFlag>;

/** The figures of a row; PARAMs and figures of Metrics that were asked for as well. */
export type SweepRow = { [figure in SweepNumber]: number } & { [flag in SweepFlag]: boolean } & { [column: string]: number };

/** The columns of a table, as SweepRow. */
export type SweepColumns = { readonly [figure in SweepNumber]: Float64Array } & {
  readonly [flag in SweepFlag]: Uint8Array;
} & { readonly [column: string]: Float64Array };

/** A row of a sweep's table. */
export interface Combination {
  /** Values of the PARAMs, as backtest() takes them. */
  params: { [name: string]: number };
  row: SweepRow;
}

declare class SweepMembers {
  protected constructor();
  /** Rows. */
  readonly length: number;
  /** A column a PARAM, then one a figure: in the grid's order, or with `top` best first. */
  readonly columns: SweepColumns;
  /** The values that were tried, of each PARAM that took more than one. */
  readonly params: { readonly [name: string]: readonly number[] };
  /** The column of each PARAM. */
  readonly columns_of: { readonly [param: string]: string };
  readonly columnsOf: { readonly [param: string]: string };
  readonly metric: Figure;
  readonly maximize: boolean;
  readonly combinations: number;
  /** How many of them the strategy cannot be run with, and why, of the first. */
  readonly refused: number;
  readonly refusal: string | null;
  /** Times of the curves' steps, ms; null without curves. */
  readonly time: BigInt64Array | null;
  readonly curves: Float64Array | null;
  readonly options: { readonly [name: string]: unknown };
  readonly best: Combination;
  row(index: number): Combination;
  /** The best rows, best first; 10 unless told otherwise. */
  top(count?: number): Combination[];
  /** Equity at each step's close of a row. */
  curve(index: number): Float64Array;
  /** The table as `rows`, what was tried, and the options. */
  toJSON(): { [name: string]: unknown };
}

/** What a sweep found. */
export type SweepResult = SweepMembers;

/** Run a strategy with every combination of some values of its PARAMs, off the main thread. */
export function sweep(
  bars: BySymbol<BarSource>,
  strategy: BySymbol<StrategyLike>,
  options?: SweepOptions,
): Promise<SweepResult>;
export function sweep_sync(
  bars: BySymbol<BarSource>,
  strategy: BySymbol<StrategyLike>,
  options?: SweepOptions,
): SweepResult;
export const sweepSync: typeof sweep_sync;
