// Written by scripts/write-types.js from the library's table.
import { Mode } from './index';

/** A column: a Float64Array is read where it is, an Array is copied. Values that are not finite count as unknown. */
export type Values = Float64Array | readonly number[];

/** NaN where there is no value yet. */
export interface IndicatorFunctions {
  /** Simple moving average: mean of the last `period` values. Unit: that of x. */
  sma(x: Values, options: { period: number; mode?: Mode }): Float64Array;
  sma(x: Values, period: number): Float64Array;
  /** Exponential moving average: e += 2/(period+1) * (x - e), seeded with the first value. Unit: that of x. */
  ema(x: Values, options: { period: number; mode?: Mode }): Float64Array;
  ema(x: Values, period: number): Float64Array;
  /** Standard deviation: sqrt(mean of (x - mean)^2) over the last `period` values (population). Unit: that of x. */
  stddev(x: Values, options: { period: number; mode?: Mode }): Float64Array;
  stddev(x: Values, period: number): Float64Array;
  /** Relative strength index: 100 * G/(G+L), G and L Wilder averages of gains and losses; both 0: 50. Unit: 0..100. */
  rsi(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  rsi(x: Values, period?: number): Float64Array;
  /** Bollinger bands: SMA(x, period) + k * STDDEV(x, period), SMA, SMA - k * STDDEV. Unit: that of x. */
  boll(x: Values, options?: { period?: number; k?: number; mode?: Mode }): { upper: Float64Array; mid: Float64Array; lower: Float64Array };
  boll(x: Values, period?: number, k?: number): { upper: Float64Array; mid: Float64Array; lower: Float64Array };
  /** Moving average convergence/divergence: EMA(x, fast) - EMA(x, slow), EMA(signal) of that line, their difference. Unit: that of x. */
  macd(x: Values, options?: { fast?: number; slow?: number; signal?: number; mode?: Mode }): { macd: Float64Array; signal: Float64Array; hist: Float64Array };
  macd(x: Values, fast?: number, slow?: number, signal?: number): { macd: Float64Array; signal: Float64Array; hist: Float64Array };
  /** Average true range: a += (TR - a)/period, seeded with the mean of the first `period` TR. Unit: price. */
  atr(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  atr(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** True range: max(high, close[1]) - min(low, close[1]); high - low on the first bar. Unit: price. */
  tr(high: Values, low: Values, close: Values, options?: { mode?: Mode }): Float64Array;
  /** Highest value: largest of the last n values, the current included. Unit: that of x. */
  highest(x: Values, options: { n: number; mode?: Mode }): Float64Array;
  highest(x: Values, n: number): Float64Array;
  /** Lowest value: smallest of the last n values, the current included. Unit: that of x. */
  lowest(x: Values, options: { n: number; mode?: Mode }): Float64Array;
  lowest(x: Values, n: number): Float64Array;
  /** Rolling sum: sum of the last n values. Unit: that of x. */
  sum(x: Values, options: { n: number; mode?: Mode }): Float64Array;
  sum(x: Values, n: number): Float64Array;
  /** Change: x - x[n]. Unit: that of x. */
  change(x: Values, options?: { n?: number; mode?: Mode }): Float64Array;
  change(x: Values, n?: number): Float64Array;
  /** Value n bars back: x[n]. Unit: that of x. */
  lag(x: Values, options: { n: number; mode?: Mode }): Float64Array;
  lag(x: Values, n: number): Float64Array;
  /** Wilder's moving average: a += (x - a)/period, seeded with the mean of the first `period` values. Unit: that of x. */
  rma(x: Values, options: { period: number; mode?: Mode }): Float64Array;
  rma(x: Values, period: number): Float64Array;
  /** Weighted moving average: mean of the last `period` values weighted by 1 (oldest) to period (newest). Unit: that of x. */
  wma(x: Values, options: { period: number; mode?: Mode }): Float64Array;
  wma(x: Values, period: number): Float64Array;
  /** Double exponential moving average: 2*e1 - e2, e1 = EMA(x), e2 = EMA(e1). Unit: that of x. */
  dema(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  dema(x: Values, period?: number): Float64Array;
  /** Triple exponential moving average: 3*e1 - 3*e2 + e3, e1 = EMA(x), e2 = EMA(e1), e3 = EMA(e2). Unit: that of x. */
  tema(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  tema(x: Values, period?: number): Float64Array;
  /** Triangular moving average: SMA of SMA: lengths (period+1)/2 both, or period/2 and period/2+1 for an even one. Unit: that of x. */
  trima(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  trima(x: Values, period?: number): Float64Array;
  /** Kaufman's adaptive moving average: a += c^2 * (x - a), c = ER*(2/3 - 2/31) + 2/31, ER = |x - x[period]| / sum of |changes|; starts at the value before. Unit: that of x. */
  kama(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  kama(x: Values, period?: number): Float64Array;
  /** Hull moving average: WMA(2*WMA(x, period/2) - WMA(x, period), sqrt(period)), lengths rounded down. Unit: that of x. */
  hma(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  hma(x: Values, period?: number): Float64Array;
  /** Tillson's T3: -v^3*e6 + 3(v^2+v^3)*e5 - (6v^2+3v+3v^3)*e4 + (1+3v+v^3+3v^2)*e3, e1..e6 EMAs of each other. Unit: that of x. */
  t3(x: Values, options?: { period?: number; vfactor?: number; mode?: Mode }): Float64Array;
  t3(x: Values, period?: number, vfactor?: number): Float64Array;
  /** Volume-weighted moving average: SUM(x * volume, period) / SUM(volume, period). Unit: that of x. */
  vwma(x: Values, volume: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  vwma(x: Values, volume: Values, period?: number): Float64Array;
  /** Volume-weighted average price of the session: sum of hlc3 * volume / sum of volume since the session began; sessions of session_minutes begin at offset_minutes after 00:00 UTC, 1 January 1970. Unit: price. */
  vwap(high: Values, low: Values, close: Values, volume: Values, time: Values, options?: { session_minutes?: number; offset_minutes?: number; mode?: Mode }): Float64Array;
  vwap(high: Values, low: Values, close: Values, volume: Values, time: Values, session_minutes?: number, offset_minutes?: number): Float64Array;
  /** Rolling volume-weighted average price: SUM(hlc3 * volume, period) / SUM(volume, period). Unit: price. */
  rvwap(high: Values, low: Values, close: Values, volume: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  rvwap(high: Values, low: Values, close: Values, volume: Values, period?: number): Float64Array;
  /** Moving average of a kind: matype 0 SMA, 1 EMA, 2 WMA, 3 DEMA, 4 TEMA, 5 TRIMA, 6 KAMA, 7 MAMA, 8 T3, 9 HMA, 10 x itself, 11 SMA, 12 ZLEMA, 13 RMA. Unit: that of x. */
  ma(x: Values, options?: { period?: number; matype?: number; mode?: Mode }): Float64Array;
  ma(x: Values, period?: number, matype?: number): Float64Array;
  /** MESA adaptive moving average: a += f * (x - a), f = fastlimit / change of phase, in slowlimit..fastlimit; fama follows mama at f/2. Unit: that of x. */
  mama(x: Values, options?: { fastlimit?: number; slowlimit?: number; mode?: Mode }): { mama: Float64Array; fama: Float64Array };
  mama(x: Values, fastlimit?: number, slowlimit?: number): { mama: Float64Array; fama: Float64Array };
  /** Instantaneous trendline: mean of the prices of one dominant cycle, weighted 4, 3, 2, 1 over four bars. Unit: that of x. */
  ht_trendline(x: Values, options?: { mode?: Mode }): Float64Array;
  /** Instantaneous trendline: mean of the prices of one dominant cycle, weighted 4, 3, 2, 1 over four bars. Unit: that of x. */
  htTrendline(x: Values, options?: { mode?: Mode }): Float64Array;
  /** Midpoint of a window: (highest + lowest of x) / 2 over the last `period` values. Unit: that of x. */
  midpoint(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  midpoint(x: Values, period?: number): Float64Array;
  /** Middle of the price range: (highest high + lowest low) / 2 over the last `period` bars. Unit: price. */
  midprice(high: Values, low: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  midprice(high: Values, low: Values, period?: number): Float64Array;
  /** Acceleration bands: SMA of high*(1+4w), of close, of low*(1-4w), w = (high-low)/(high+low). Unit: price. */
  accbands(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): { upper: Float64Array; middle: Float64Array; lower: Float64Array };
  accbands(high: Values, low: Values, close: Values, period?: number): { upper: Float64Array; middle: Float64Array; lower: Float64Array };
  /** Bollinger bands around any average: MA(x, period, matype) + nbdevup * STDDEV(x, period), MA, MA - nbdevdn * STDDEV. Unit: that of x. */
  bbands(x: Values, options?: { period?: number; nbdevup?: number; nbdevdn?: number; matype?: number; mode?: Mode }): { upper: Float64Array; middle: Float64Array; lower: Float64Array };
  bbands(x: Values, period?: number, nbdevup?: number, nbdevdn?: number, matype?: number): { upper: Float64Array; middle: Float64Array; lower: Float64Array };
  /** Bollinger %B: (x - lower) / (upper - lower) of BOLL(x, period, k). Unit: 1 at the upper band, 0 at the lower. */
  bbp(x: Values, options?: { period?: number; k?: number; mode?: Mode }): Float64Array;
  bbp(x: Values, period?: number, k?: number): Float64Array;
  /** Bollinger band width: (upper - lower) / mid of BOLL(x, period, k). Unit: ratio. */
  bbw(x: Values, options?: { period?: number; k?: number; mode?: Mode }): Float64Array;
  bbw(x: Values, period?: number, k?: number): Float64Array;
  /** Keltner channels: EMA(close, period) + k * ATR(atr_period), EMA, EMA - k * ATR. Unit: price. */
  keltner(high: Values, low: Values, close: Values, options?: { period?: number; atr_period?: number; k?: number; mode?: Mode }): { upper: Float64Array; middle: Float64Array; lower: Float64Array };
  keltner(high: Values, low: Values, close: Values, period?: number, atr_period?: number, k?: number): { upper: Float64Array; middle: Float64Array; lower: Float64Array };
  /** Donchian channel: HIGHEST(high, period), the middle, LOWEST(low, period); the current bar included. Unit: price. */
  donchian(high: Values, low: Values, options?: { period?: number; mode?: Mode }): { upper: Float64Array; middle: Float64Array; lower: Float64Array };
  donchian(high: Values, low: Values, period?: number): { upper: Float64Array; middle: Float64Array; lower: Float64Array };
  /** Parabolic stop and reverse: s += f * (extreme - s), f grows by acceleration at each new extreme up to maximum; reverses when touched. Unit: price. */
  sar(high: Values, low: Values, options?: { acceleration?: number; maximum?: number; mode?: Mode }): Float64Array;
  sar(high: Values, low: Values, acceleration?: number, maximum?: number): Float64Array;
  /** Parabolic SAR with settings for each side: as SAR; negative while short; startvalue > 0 begins long there, < 0 short. Unit: price, negative while short. */
  sarext(high: Values, low: Values, options?: { startvalue?: number; offsetonreverse?: number; accelerationinitlong?: number; accelerationlong?: number; accelerationmaxlong?: number; accelerationinitshort?: number; accelerationshort?: number; accelerationmaxshort?: number; mode?: Mode }): Float64Array;
  sarext(high: Values, low: Values, startvalue?: number, offsetonreverse?: number, accelerationinitlong?: number, accelerationlong?: number, accelerationmaxlong?: number, accelerationinitshort?: number, accelerationshort?: number, accelerationmaxshort?: number): Float64Array;
  /** Supertrend: hl2 - multiplier*ATR while up, hl2 + multiplier*ATR while down; moves towards the price only; flips when the close passes it; direction 1 up, -1 down, which is the first. Unit: price; 1 or -1. */
  supertrend(high: Values, low: Values, close: Values, options?: { period?: number; multiplier?: number; mode?: Mode }): { value: Float64Array; direction: Float64Array };
  supertrend(high: Values, low: Values, close: Values, period?: number, multiplier?: number): { value: Float64Array; direction: Float64Array };
  /** Ichimoku cloud: tenkan, kijun: MIDPRICE; senkou_a: their middle, senkou_b: MIDPRICE(senkou), both of `displacement` bars ago, as drawn at this bar. The chikou line is the close, drawn in the past: compare close with LAG(close, displacement). Unit: price. */
  ichimoku(high: Values, low: Values, options?: { tenkan?: number; kijun?: number; senkou?: number; displacement?: number; mode?: Mode }): { tenkan: Float64Array; kijun: Float64Array; senkou_a: Float64Array; senkou_b: Float64Array };
  ichimoku(high: Values, low: Values, tenkan?: number, kijun?: number, senkou?: number, displacement?: number): { tenkan: Float64Array; kijun: Float64Array; senkou_a: Float64Array; senkou_b: Float64Array };
  /** Average directional index: RMA(DX, period). Unit: 0..100. */
  adx(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  adx(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** Average directional index rating: (ADX + ADX[period-1]) / 2. Unit: 0..100. */
  adxr(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  adxr(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** Directional movement index: 100 * |PLUS_DI - MINUS_DI| / (PLUS_DI + MINUS_DI); as before where both are 0. Unit: 0..100. */
  dx(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  dx(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** Plus directional indicator: 100 * RMA(+DM, period) / RMA(TRANGE, period); 0 where there is no range. Unit: 0..100. */
  plus_di(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  plus_di(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** Plus directional indicator: 100 * RMA(+DM, period) / RMA(TRANGE, period); 0 where there is no range. Unit: 0..100. */
  plusDi(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  plusDi(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** Minus directional indicator: 100 * RMA(-DM, period) / RMA(TRANGE, period); 0 where there is no range. Unit: 0..100. */
  minus_di(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  minus_di(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** Minus directional indicator: 100 * RMA(-DM, period) / RMA(TRANGE, period); 0 where there is no range. Unit: 0..100. */
  minusDi(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  minusDi(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** Plus directional movement: RMA(+DM, period). Unit: price. */
  plus_dm(high: Values, low: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  plus_dm(high: Values, low: Values, period?: number): Float64Array;
  /** Plus directional movement: RMA(+DM, period). Unit: price. */
  plusDm(high: Values, low: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  plusDm(high: Values, low: Values, period?: number): Float64Array;
  /** Minus directional movement: RMA(-DM, period). Unit: price. */
  minus_dm(high: Values, low: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  minus_dm(high: Values, low: Values, period?: number): Float64Array;
  /** Minus directional movement: RMA(-DM, period). Unit: price. */
  minusDm(high: Values, low: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  minusDm(high: Values, low: Values, period?: number): Float64Array;
  /** Absolute price oscillator: MA(x, fast, matype) - MA(x, slow, matype). Unit: that of x. */
  apo(x: Values, options?: { fast?: number; slow?: number; matype?: number; mode?: Mode }): Float64Array;
  apo(x: Values, fast?: number, slow?: number, matype?: number): Float64Array;
  /** Percentage price oscillator: 100 * (MA(x, fast, matype) - MA(x, slow, matype)) / MA(x, slow, matype). Unit: per cent. */
  ppo(x: Values, options?: { fast?: number; slow?: number; matype?: number; mode?: Mode }): Float64Array;
  ppo(x: Values, fast?: number, slow?: number, matype?: number): Float64Array;
  /** MACD of any averages: MA(x, fast, fast_matype) - MA(x, slow, slow_matype), MA(signal, signal_matype) of that, their difference. Unit: that of x. */
  macdext(x: Values, options?: { fast?: number; fast_matype?: number; slow?: number; slow_matype?: number; signal?: number; signal_matype?: number; mode?: Mode }): { macd: Float64Array; signal: Float64Array; hist: Float64Array };
  macdext(x: Values, fast?: number, fast_matype?: number, slow?: number, slow_matype?: number, signal?: number, signal_matype?: number): { macd: Float64Array; signal: Float64Array; hist: Float64Array };
  /** MACD of 12 and 26 bars with Appel's factors: averages with factors 0.15 and 0.075, EMA(signal) of their difference, and what is left. Unit: that of x. */
  macdfix(x: Values, options?: { signal?: number; mode?: Mode }): { macd: Float64Array; signal: Float64Array; hist: Float64Array };
  macdfix(x: Values, signal?: number): { macd: Float64Array; signal: Float64Array; hist: Float64Array };
  /** Balance of power: (close - open) / (high - low); 0 where high is not above low. Unit: -1..1. */
  bop(open: Values, high: Values, low: Values, close: Values, options?: { mode?: Mode }): Float64Array;
  /** Momentum: x - x[period]. Unit: that of x. */
  mom(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  mom(x: Values, period?: number): Float64Array;
  /** Rate of change: 100 * (x / x[period] - 1). Unit: per cent. */
  roc(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  roc(x: Values, period?: number): Float64Array;
  /** Rate of change, as a fraction: x / x[period] - 1. Unit: fraction. */
  rocp(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  rocp(x: Values, period?: number): Float64Array;
  /** Rate of change, as a ratio: x / x[period]. Unit: ratio. */
  rocr(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  rocr(x: Values, period?: number): Float64Array;
  /** Rate of change, as a ratio in per cent: 100 * x / x[period]. Unit: per cent. */
  rocr100(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  rocr100(x: Values, period?: number): Float64Array;
  /** Change of a triple EMA: ROC(EMA(EMA(EMA(x))), 1). Unit: per cent a bar. */
  trix(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  trix(x: Values, period?: number): Float64Array;
  /** Aroon: 100 * (period - bars since the lowest low, the highest high of the last period + 1 bars) / period; of equal ones the newest. Unit: 0..100. */
  aroon(high: Values, low: Values, options?: { period?: number; mode?: Mode }): { down: Float64Array; up: Float64Array };
  aroon(high: Values, low: Values, period?: number): { down: Float64Array; up: Float64Array };
  /** Aroon oscillator: AROON.up - AROON.down. Unit: -100..100. */
  aroonosc(high: Values, low: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  aroonosc(high: Values, low: Values, period?: number): Float64Array;
  /** Commodity channel index: (tp - SMA(tp)) / (0.015 * AVGDEV(tp)), tp = (high + low + close) / 3; an AVGDEV of at most 2^-50 of tp is none. Unit: ratio. */
  cci(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  cci(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** Chande momentum oscillator: 100 * (G - L) / (G + L), G and L sums of the last `period` gains and losses. Unit: -100..100. */
  cmo(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  cmo(x: Values, period?: number): Float64Array;
  /** Intraday momentum index: 100 * G / (G + L), G and L sums of close - open and open - close where positive, over `period` bars. Unit: 0..100. */
  imi(open: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  imi(open: Values, close: Values, period?: number): Float64Array;
  /** Money flow index: 100 * P / (P + N), P and N sums of tp * volume on bars of rising and falling tp = (high + low + close) / 3 over `period` bars. Unit: 0..100. */
  mfi(high: Values, low: Values, close: Values, volume: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  mfi(high: Values, low: Values, close: Values, volume: Values, period?: number): Float64Array;
  /** Stochastic: slowk = MA of 100 * (close - L) / (H - L) over `fastk` bars; slowd = MA(slowk). Unit: 0..100. */
  stoch(high: Values, low: Values, close: Values, options?: { fastk?: number; slowk?: number; slowk_matype?: number; slowd?: number; slowd_matype?: number; mode?: Mode }): { slowk: Float64Array; slowd: Float64Array };
  stoch(high: Values, low: Values, close: Values, fastk?: number, slowk?: number, slowk_matype?: number, slowd?: number, slowd_matype?: number): { slowk: Float64Array; slowd: Float64Array };
  /** Stochastic fast: fastk = 100 * (close - L) / (H - L) over `fastk` bars; fastd = MA(fastk). Unit: 0..100. */
  stochf(high: Values, low: Values, close: Values, options?: { fastk?: number; fastd?: number; fastd_matype?: number; mode?: Mode }): { fastk: Float64Array; fastd: Float64Array };
  stochf(high: Values, low: Values, close: Values, fastk?: number, fastd?: number, fastd_matype?: number): { fastk: Float64Array; fastd: Float64Array };
  /** Stochastic RSI: STOCHF of RSI(x, period) in its own range; a range up to 1e-12 is none. Unit: 0..100. */
  stochrsi(x: Values, options?: { period?: number; fastk?: number; fastd?: number; fastd_matype?: number; mode?: Mode }): { fastk: Float64Array; fastd: Float64Array };
  stochrsi(x: Values, period?: number, fastk?: number, fastd?: number, fastd_matype?: number): { fastk: Float64Array; fastd: Float64Array };
  /** Ultimate oscillator: (4*a + 2*b + c) / 7 of 100 * SUM(close - min(low, close[1])) / SUM(TRANGE), a over the shortest period, c over the longest. Unit: 0..100. */
  ultosc(high: Values, low: Values, close: Values, options?: { period1?: number; period2?: number; period3?: number; mode?: Mode }): Float64Array;
  ultosc(high: Values, low: Values, close: Values, period1?: number, period2?: number, period3?: number): Float64Array;
  /** Williams %R: 100 * (close - H) / (H - L), H highest high and L lowest low of the last `period` bars. Unit: -100..0. */
  willr(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  willr(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** True range: max(high, close[1]) - min(low, close[1]); high - low on the first bar. Unit: price. */
  trange(high: Values, low: Values, close: Values, options?: { mode?: Mode }): Float64Array;
  /** Normalised average true range: 100 * ATR(period) / close; unknown where close is 0. Unit: percent. */
  natr(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  natr(high: Values, low: Values, close: Values, period?: number): Float64Array;
  /** Variance: mean of (x - mean)^2 over the last `period` values (population). Unit: that of x, squared. */
  var(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  var(x: Values, period?: number): Float64Array;
  /** Standard score: (x - SMA(x, period)) / STDDEV(x, period); unknown over a flat window. Unit: ratio. */
  zscore(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  zscore(x: Values, period?: number): Float64Array;
  /** Linear regression: the least-squares line through the last `period` values, at the newest. Unit: that of x. */
  linreg(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linreg(x: Values, period?: number): Float64Array;
  /** Linear regression slope: rise a bar of the least-squares line through the last `period` values. Unit: that of x. */
  linreg_slope(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linreg_slope(x: Values, period?: number): Float64Array;
  /** Linear regression slope: rise a bar of the least-squares line through the last `period` values. Unit: that of x. */
  linregSlope(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linregSlope(x: Values, period?: number): Float64Array;
  /** Linear regression angle: arctangent of LINREG_SLOPE(x, period), in degrees. Unit: degrees. */
  linreg_angle(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linreg_angle(x: Values, period?: number): Float64Array;
  /** Linear regression angle: arctangent of LINREG_SLOPE(x, period), in degrees. Unit: degrees. */
  linregAngle(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linregAngle(x: Values, period?: number): Float64Array;
  /** Linear regression intercept: the least-squares line through the last `period` values, at the oldest. Unit: that of x. */
  linreg_intercept(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linreg_intercept(x: Values, period?: number): Float64Array;
  /** Linear regression intercept: the least-squares line through the last `period` values, at the oldest. Unit: that of x. */
  linregIntercept(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linregIntercept(x: Values, period?: number): Float64Array;
  /** Time series forecast: the least-squares line through the last `period` values, a bar ahead. Unit: that of x. */
  tsf(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  tsf(x: Values, period?: number): Float64Array;
  /** Linear regression: the least-squares line through the last `period` values, at the newest. Unit: that of x. */
  linearreg(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linearreg(x: Values, period?: number): Float64Array;
  /** Linear regression slope: rise a bar of the least-squares line through the last `period` values. Unit: that of x. */
  linearreg_slope(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linearreg_slope(x: Values, period?: number): Float64Array;
  /** Linear regression slope: rise a bar of the least-squares line through the last `period` values. Unit: that of x. */
  linearregSlope(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linearregSlope(x: Values, period?: number): Float64Array;
  /** Linear regression angle: arctangent of LINREG_SLOPE(x, period), in degrees. Unit: degrees. */
  linearreg_angle(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linearreg_angle(x: Values, period?: number): Float64Array;
  /** Linear regression angle: arctangent of LINREG_SLOPE(x, period), in degrees. Unit: degrees. */
  linearregAngle(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linearregAngle(x: Values, period?: number): Float64Array;
  /** Linear regression intercept: the least-squares line through the last `period` values, at the oldest. Unit: that of x. */
  linearreg_intercept(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linearreg_intercept(x: Values, period?: number): Float64Array;
  /** Linear regression intercept: the least-squares line through the last `period` values, at the oldest. Unit: that of x. */
  linearregIntercept(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  linearregIntercept(x: Values, period?: number): Float64Array;
  /** Pearson's correlation coefficient: cov(x, y) / (STDDEV(x) * STDDEV(y)) over the last `period` values; unknown when either is flat. Unit: ratio. */
  correl(x: Values, y: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  correl(x: Values, y: Values, period?: number): Float64Array;
  /** Beta: cov(a, b) / var(a) over the last `period` relative changes a of x and b of y; unknown when a is flat. Unit: ratio. */
  beta(x: Values, y: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  beta(x: Values, y: Values, period?: number): Float64Array;
  /** Median: middle one of the last `period` values; of an even number, the mean of both. Unit: that of x. */
  median(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  median(x: Values, period?: number): Float64Array;
  /** Percent rank: per cent of the `period` values before that are not above x. Unit: 0..100. */
  percentrank(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  percentrank(x: Values, period?: number): Float64Array;
  /** Average deviation: mean of |x - mean| over the last `period` values. Unit: that of x. */
  avgdev(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  avgdev(x: Values, period?: number): Float64Array;
  /** On-balance volume: first volume; then + volume where x rises, - volume where it falls. Unit: volume. */
  obv(x: Values, volume: Values, options?: { mode?: Mode }): Float64Array;
  /** Accumulation/distribution line: sum from the first bar of volume * ((close - low) - (high - close)) / (high - low), nothing unless high > low. Unit: volume. */
  ad(high: Values, low: Values, close: Values, volume: Values, options?: { mode?: Mode }): Float64Array;
  /** Chaikin oscillator: EMA(AD, fast) - EMA(AD, slow). Unit: volume. */
  adosc(high: Values, low: Values, close: Values, volume: Values, options?: { fast?: number; slow?: number; mode?: Mode }): Float64Array;
  adosc(high: Values, low: Values, close: Values, volume: Values, fast?: number, slow?: number): Float64Array;
  /** Chaikin money flow: SUM(volume * ((close - low) - (high - close)) / (high - low), period) / SUM(volume, period); unknown without volume. Unit: ratio. */
  cmf(high: Values, low: Values, close: Values, volume: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  cmf(high: Values, low: Values, close: Values, volume: Values, period?: number): Float64Array;
  /** Price volume trend: 0; then + volume * (x - x[1]) / x[1], nothing where x[1] is 0. Unit: volume. */
  pvt(x: Values, volume: Values, options?: { mode?: Mode }): Float64Array;
  /** Average price: (open + high + low + close) / 4. Unit: price. */
  avgprice(open: Values, high: Values, low: Values, close: Values, options?: { mode?: Mode }): Float64Array;
  /** Median price: (high + low) / 2. Unit: price. */
  medprice(high: Values, low: Values, options?: { mode?: Mode }): Float64Array;
  /** Typical price: (high + low + close) / 3. Unit: price. */
  typprice(high: Values, low: Values, close: Values, options?: { mode?: Mode }): Float64Array;
  /** Weighted close price: (high + low + 2 * close) / 4. Unit: price. */
  wclprice(high: Values, low: Values, close: Values, options?: { mode?: Mode }): Float64Array;
  /** Zero-lag exponential moving average: EMA(2*x - x[(period-1)/2], period), the lag rounded down. Unit: that of x. */
  zlema(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  zlema(x: Values, period?: number): Float64Array;
  /** Moving average of a varying period: MA(x, whole part of periods, within minperiod..maxperiod, matype). Unit: that of x. */
  mavp(x: Values, periods: Values, options?: { minperiod?: number; maxperiod?: number; matype?: number; mode?: Mode }): Float64Array;
  mavp(x: Values, periods: Values, minperiod?: number, maxperiod?: number, matype?: number): Float64Array;
  /** Awesome oscillator: SMA(hl2, fast) - SMA(hl2, slow). Unit: price. */
  ao(high: Values, low: Values, options?: { fast?: number; slow?: number; mode?: Mode }): Float64Array;
  ao(high: Values, low: Values, fast?: number, slow?: number): Float64Array;
  /** Accelerator oscillator: AO - SMA(AO, signal). Unit: price. */
  ac(high: Values, low: Values, options?: { fast?: number; slow?: number; signal?: number; mode?: Mode }): Float64Array;
  ac(high: Values, low: Values, fast?: number, slow?: number, signal?: number): Float64Array;
  /** Coppock curve: WMA(ROC(x, roc1) + ROC(x, roc2), wma). Unit: per cent. */
  coppock(x: Values, options?: { wma?: number; roc1?: number; roc2?: number; mode?: Mode }): Float64Array;
  coppock(x: Values, wma?: number, roc1?: number, roc2?: number): Float64Array;
  /** Detrended price oscillator: x[period/2 + 1] - SMA(x, period), the lag rounded down. Unit: that of x. */
  dpo(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  dpo(x: Values, period?: number): Float64Array;
  /** Efficiency ratio: |x - x[period]| / sum of |changes|. Unit: 0..1. */
  er(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  er(x: Values, period?: number): Float64Array;
  /** Vertical horizontal filter: (HIGHEST(x, period) - LOWEST(x, period)) / sum of |changes|. Unit: 0..1. */
  vhf(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  vhf(x: Values, period?: number): Float64Array;
  /** Elder ray index: high - EMA(close), low - EMA(close). Unit: price. */
  eri(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): { bull_power: Float64Array; bear_power: Float64Array };
  eri(high: Values, low: Values, close: Values, period?: number): { bull_power: Float64Array; bear_power: Float64Array };
  /** Forecast oscillator: 100 * (x - TSF(x, period)[1]) / x. Unit: per cent. */
  fosc(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  fosc(x: Values, period?: number): Float64Array;
  /** Qstick: SMA(close - open, period). Unit: price. */
  qstick(open: Values, close: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  qstick(open: Values, close: Values, period?: number): Float64Array;
  /** True strength index: 100 * EMA(EMA(change, first), second) / EMA(EMA(|change|, first), second). Unit: -100..100. */
  tsi(x: Values, options?: { first?: number; second?: number; mode?: Mode }): Float64Array;
  tsi(x: Values, first?: number, second?: number): Float64Array;
  /** Stochastic momentum index: 200 * E(close - middle) / E(range) of the last `period` bars, E = EMA(EMA(slow), fast); EMA(signal) of that. Unit: -100..100. */
  smi(high: Values, low: Values, close: Values, options?: { period?: number; fast?: number; slow?: number; signal?: number; mode?: Mode }): { smi: Float64Array; signal: Float64Array };
  smi(high: Values, low: Values, close: Values, period?: number, fast?: number, slow?: number, signal?: number): { smi: Float64Array; signal: Float64Array };
  /** Chande momentum oscillator of plain sums: 100 * (gains - losses) / (gains + losses) of the last `period` changes. Unit: -100..100. */
  cmou(x: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  cmou(x: Values, period?: number): Float64Array;
  /** Relative volatility index: 100 * U / (U + D), U and D RMA(period) of STDDEV(x, stddev) on rising and falling bars. Unit: 0..100. */
  rvi(x: Values, options?: { period?: number; stddev?: number; mode?: Mode }): Float64Array;
  rvi(x: Values, period?: number, stddev?: number): Float64Array;
  /** Vortex indicator: SUM(|high - low[1]|) / SUM(TRANGE), SUM(|low - high[1]|) / SUM(TRANGE). Unit: ratio. */
  vortex(high: Values, low: Values, close: Values, options?: { period?: number; mode?: Mode }): { plus: Float64Array; minus: Float64Array };
  vortex(high: Values, low: Values, close: Values, period?: number): { plus: Float64Array; minus: Float64Array };
  /** KDJ: K and D of a slow stochastic, J = 3K - 2D. Unit: 0..100, J beyond. */
  kdj(high: Values, low: Values, close: Values, options?: { fastk?: number; slowk?: number; slowk_matype?: number; slowd?: number; slowd_matype?: number; mode?: Mode }): { k: Float64Array; d: Float64Array; j: Float64Array };
  kdj(high: Values, low: Values, close: Values, fastk?: number, slowk?: number, slowk_matype?: number, slowd?: number, slowd_matype?: number): { k: Float64Array; d: Float64Array; j: Float64Array };
  /** Elder's force index: EMA(change of close * volume, period). Unit: price times volume. */
  efi(close: Values, volume: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  efi(close: Values, volume: Values, period?: number): Float64Array;
  /** Market facilitation index: (high - low) / volume. Unit: price a unit of volume. */
  marketfi(high: Values, low: Values, volume: Values, options?: { mode?: Mode }): Float64Array;
  /** Negative volume index: 1000 at first; moves as the close does on bars whose volume fell. Unit: index. */
  nvi(close: Values, volume: Values, options?: { mode?: Mode }): Float64Array;
  /** Positive volume index: 1000 at first; moves as the close does on bars whose volume rose. Unit: index. */
  pvi(close: Values, volume: Values, options?: { mode?: Mode }): Float64Array;
  /** Percentage volume oscillator: PPO of volume. Unit: per cent. */
  pvo(volume: Values, options?: { fast?: number; slow?: number; matype?: number; mode?: Mode }): Float64Array;
  pvo(volume: Values, fast?: number, slow?: number, matype?: number): Float64Array;
  /** Relative volume: volume / SMA(volume, period)[1]. Unit: ratio. */
  rvol(volume: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  rvol(volume: Values, period?: number): Float64Array;
  /** Williams accumulation/distribution: sum of close - min(low, close[1]) on rising, close - max(high, close[1]) on falling bars. Unit: price. */
  wad(high: Values, low: Values, close: Values, options?: { mode?: Mode }): Float64Array;
  /** Average range of a bar: SMA(high - low, period). Unit: price. */
  adr(high: Values, low: Values, options?: { period?: number; mode?: Mode }): Float64Array;
  adr(high: Values, low: Values, period?: number): Float64Array;
  /** Chaikin volatility: ROC(EMA(high - low, period), roc). Unit: per cent. */
  cvi(high: Values, low: Values, options?: { period?: number; roc?: number; mode?: Mode }): Float64Array;
  cvi(high: Values, low: Values, period?: number, roc?: number): Float64Array;
  /** Mass index: SUM(EMA(high - low, fast) / EMA(EMA(high - low, fast), fast), slow). Unit: about slow. */
  massi(high: Values, low: Values, options?: { fast?: number; slow?: number; mode?: Mode }): Float64Array;
  massi(high: Values, low: Values, fast?: number, slow?: number): Float64Array;
  /** Heikin-Ashi bars: close: ohlc4; open: middle of the last redrawn body; high and low stretched to both. Unit: price. */
  ha(open: Values, high: Values, low: Values, close: Values, options?: { mode?: Mode }): { open: Float64Array; high: Float64Array; low: Float64Array; close: Float64Array };
  /** Swing highs and lows, when confirmed: 100 where the high rightbars ago is above those of leftbars before and rightbars after it, else 0; the same for a low below. Unit: 0 or 100. */
  fractal(high: Values, low: Values, options?: { leftbars?: number; rightbars?: number; mode?: Mode }): { swing_high: Float64Array; swing_low: Float64Array };
  fractal(high: Values, low: Values, leftbars?: number, rightbars?: number): { swing_high: Float64Array; swing_low: Float64Array };
  /** Percentile: the value that at least `percentile` per cent of the last `period` do not exceed (nearest rank). Unit: that of x. */
  percentile(x: Values, options?: { period?: number; percentile?: number; mode?: Mode }): Float64Array;
  percentile(x: Values, period?: number, percentile?: number): Float64Array;
  /** Dominant cycle period: smoothed period of the dominant cycle. Unit: bars. */
  ht_dcperiod(x: Values, options?: { mode?: Mode }): Float64Array;
  /** Dominant cycle period: smoothed period of the dominant cycle. Unit: bars. */
  htDcperiod(x: Values, options?: { mode?: Mode }): Float64Array;
  /** Dominant cycle phase: phase of the dominant cycle. Unit: degrees, -45..315. */
  ht_dcphase(x: Values, options?: { mode?: Mode }): Float64Array;
  /** Dominant cycle phase: phase of the dominant cycle. Unit: degrees, -45..315. */
  htDcphase(x: Values, options?: { mode?: Mode }): Float64Array;
  /** Phasor components: what is in phase with the dominant cycle, and a quarter ahead. Unit: that of x. */
  ht_phasor(x: Values, options?: { mode?: Mode }): { inphase: Float64Array; quadrature: Float64Array };
  /** Phasor components: what is in phase with the dominant cycle, and a quarter ahead. Unit: that of x. */
  htPhasor(x: Values, options?: { mode?: Mode }): { inphase: Float64Array; quadrature: Float64Array };
  /** Sine of the dominant cycle: sine of the phase, and of the phase 45 degrees ahead. Unit: -1..1. */
  ht_sine(x: Values, options?: { mode?: Mode }): { sine: Float64Array; leadsine: Float64Array };
  /** Sine of the dominant cycle: sine of the phase, and of the phase 45 degrees ahead. Unit: -1..1. */
  htSine(x: Values, options?: { mode?: Mode }): { sine: Float64Array; leadsine: Float64Array };
  /** Trend or cycle: 1 while the price trends: long since the sine crossed its lead, an unsteady phase, or 1.5 % from the trendline. Unit: 0 or 1. */
  ht_trendmode(x: Values, options?: { mode?: Mode }): Float64Array;
  /** Trend or cycle: 1 while the price trends: long since the sine crossed its lead, an unsteady phase, or 1.5 % from the trendline. Unit: 0 or 1. */
  htTrendmode(x: Values, options?: { mode?: Mode }): Float64Array;
}
