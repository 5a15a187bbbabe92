# Made by scripts/generate_stubs.py from the C core's table. Do not edit.
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._indicator_table import Indicator as Indicator
from hquant_cffi._indicator_table import IndicatorInput as IndicatorInput
from hquant_cffi._indicator_table import IndicatorParam as IndicatorParam
from hquant_cffi._indicator_table import Mode as Mode
from hquant_cffi._indicator_table import find as find
from hquant_cffi._indicator_table import table as table

_Floats: TypeAlias = npt.NDArray[np.float64]

class BollResult(NamedTuple):
    upper: _Floats
    mid: _Floats
    lower: _Floats

class MacdResult(NamedTuple):
    macd: _Floats
    signal: _Floats
    hist: _Floats

class MamaResult(NamedTuple):
    mama: _Floats
    fama: _Floats

class AccbandsResult(NamedTuple):
    upper: _Floats
    middle: _Floats
    lower: _Floats

class BbandsResult(NamedTuple):
    upper: _Floats
    middle: _Floats
    lower: _Floats

class KeltnerResult(NamedTuple):
    upper: _Floats
    middle: _Floats
    lower: _Floats

class DonchianResult(NamedTuple):
    upper: _Floats
    middle: _Floats
    lower: _Floats

class SupertrendResult(NamedTuple):
    value: _Floats
    direction: _Floats

class IchimokuResult(NamedTuple):
    tenkan: _Floats
    kijun: _Floats
    senkou_a: _Floats
    senkou_b: _Floats

class MacdextResult(NamedTuple):
    macd: _Floats
    signal: _Floats
    hist: _Floats

class MacdfixResult(NamedTuple):
    macd: _Floats
    signal: _Floats
    hist: _Floats

class AroonResult(NamedTuple):
    down: _Floats
    up: _Floats

class StochResult(NamedTuple):
    slowk: _Floats
    slowd: _Floats

class StochfResult(NamedTuple):
    fastk: _Floats
    fastd: _Floats

class StochrsiResult(NamedTuple):
    fastk: _Floats
    fastd: _Floats

class EriResult(NamedTuple):
    bull_power: _Floats
    bear_power: _Floats

class SmiResult(NamedTuple):
    smi: _Floats
    signal: _Floats

class VortexResult(NamedTuple):
    plus: _Floats
    minus: _Floats

class KdjResult(NamedTuple):
    k: _Floats
    d: _Floats
    j: _Floats

class HaResult(NamedTuple):
    open: _Floats
    high: _Floats
    low: _Floats
    close: _Floats

class FractalResult(NamedTuple):
    swing_high: _Floats
    swing_low: _Floats

class HtPhasorResult(NamedTuple):
    inphase: _Floats
    quadrature: _Floats

class HtSineResult(NamedTuple):
    sine: _Floats
    leadsine: _Floats

def sma(x: npt.ArrayLike, /, period: int, *, mode: Mode = "seed") -> _Floats: ...
def ema(x: npt.ArrayLike, /, period: int, *, mode: Mode = "seed") -> _Floats: ...
def stddev(x: npt.ArrayLike, /, period: int, *, mode: Mode = "seed") -> _Floats: ...
def rsi(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def boll(
    x: npt.ArrayLike, /, period: int = 20, k: float = 2.0, *, mode: Mode = "seed"
) -> BollResult: ...
def macd(
    x: npt.ArrayLike, /, fast: int = 12, slow: int = 26, signal: int = 9, *, mode: Mode = "seed"
) -> MacdResult: ...
def atr(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def tr(
    high: npt.ArrayLike, low: npt.ArrayLike, close: npt.ArrayLike, /, *, mode: Mode = "seed"
) -> _Floats: ...
def highest(x: npt.ArrayLike, /, n: int, *, mode: Mode = "seed") -> _Floats: ...
def lowest(x: npt.ArrayLike, /, n: int, *, mode: Mode = "seed") -> _Floats: ...
def sum(x: npt.ArrayLike, /, n: int, *, mode: Mode = "seed") -> _Floats: ...
def change(x: npt.ArrayLike, /, n: int = 1, *, mode: Mode = "seed") -> _Floats: ...
def lag(x: npt.ArrayLike, /, n: int, *, mode: Mode = "seed") -> _Floats: ...
def rma(x: npt.ArrayLike, /, period: int, *, mode: Mode = "seed") -> _Floats: ...
def wma(x: npt.ArrayLike, /, period: int, *, mode: Mode = "seed") -> _Floats: ...
def dema(x: npt.ArrayLike, /, period: int = 30, *, mode: Mode = "seed") -> _Floats: ...
def tema(x: npt.ArrayLike, /, period: int = 30, *, mode: Mode = "seed") -> _Floats: ...
def trima(x: npt.ArrayLike, /, period: int = 30, *, mode: Mode = "seed") -> _Floats: ...
def kama(x: npt.ArrayLike, /, period: int = 30, *, mode: Mode = "seed") -> _Floats: ...
def hma(x: npt.ArrayLike, /, period: int = 20, *, mode: Mode = "seed") -> _Floats: ...
def t3(
    x: npt.ArrayLike, /, period: int = 5, vfactor: float = 0.7, *, mode: Mode = "seed"
) -> _Floats: ...
def vwma(
    x: npt.ArrayLike, volume: npt.ArrayLike, /, period: int = 30, *, mode: Mode = "seed"
) -> _Floats: ...
def vwap(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    volume: npt.ArrayLike,
    time: npt.ArrayLike,
    /,
    session_minutes: int = 1440,
    offset_minutes: int = 0,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def rvwap(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    volume: npt.ArrayLike,
    /,
    period: int = 20,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def ma(
    x: npt.ArrayLike, /, period: int = 30, matype: int = 0, *, mode: Mode = "seed"
) -> _Floats: ...
def mama(
    x: npt.ArrayLike, /, fastlimit: float = 0.5, slowlimit: float = 0.05, *, mode: Mode = "seed"
) -> MamaResult: ...
def ht_trendline(x: npt.ArrayLike, /, *, mode: Mode = "seed") -> _Floats: ...
def midpoint(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def midprice(
    high: npt.ArrayLike, low: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed"
) -> _Floats: ...
def accbands(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 20,
    *,
    mode: Mode = "seed",
) -> AccbandsResult: ...
def bbands(
    x: npt.ArrayLike,
    /,
    period: int = 20,
    nbdevup: float = 2.0,
    nbdevdn: float = 2.0,
    matype: int = 0,
    *,
    mode: Mode = "seed",
) -> BbandsResult: ...
def bbp(
    x: npt.ArrayLike, /, period: int = 20, k: float = 2.0, *, mode: Mode = "seed"
) -> _Floats: ...
def bbw(
    x: npt.ArrayLike, /, period: int = 20, k: float = 2.0, *, mode: Mode = "seed"
) -> _Floats: ...
def keltner(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 20,
    atr_period: int = 10,
    k: float = 2.0,
    *,
    mode: Mode = "seed",
) -> KeltnerResult: ...
def donchian(
    high: npt.ArrayLike, low: npt.ArrayLike, /, period: int = 20, *, mode: Mode = "seed"
) -> DonchianResult: ...
def sar(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    /,
    acceleration: float = 0.02,
    maximum: float = 0.2,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def sarext(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    /,
    startvalue: float = 0.0,
    offsetonreverse: float = 0.0,
    accelerationinitlong: float = 0.02,
    accelerationlong: float = 0.02,
    accelerationmaxlong: float = 0.2,
    accelerationinitshort: float = 0.02,
    accelerationshort: float = 0.02,
    accelerationmaxshort: float = 0.2,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def supertrend(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 10,
    multiplier: float = 3.0,
    *,
    mode: Mode = "seed",
) -> SupertrendResult: ...
def ichimoku(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    /,
    tenkan: int = 9,
    kijun: int = 26,
    senkou: int = 52,
    displacement: int = 26,
    *,
    mode: Mode = "seed",
) -> IchimokuResult: ...
def adx(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def adxr(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def dx(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def plus_di(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def minus_di(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def plus_dm(
    high: npt.ArrayLike, low: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed"
) -> _Floats: ...
def minus_dm(
    high: npt.ArrayLike, low: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed"
) -> _Floats: ...
def apo(
    x: npt.ArrayLike, /, fast: int = 12, slow: int = 26, matype: int = 1, *, mode: Mode = "seed"
) -> _Floats: ...
def ppo(
    x: npt.ArrayLike, /, fast: int = 12, slow: int = 26, matype: int = 1, *, mode: Mode = "seed"
) -> _Floats: ...
def macdext(
    x: npt.ArrayLike,
    /,
    fast: int = 12,
    fast_matype: int = 0,
    slow: int = 26,
    slow_matype: int = 0,
    signal: int = 9,
    signal_matype: int = 0,
    *,
    mode: Mode = "seed",
) -> MacdextResult: ...
def macdfix(x: npt.ArrayLike, /, signal: int = 9, *, mode: Mode = "seed") -> MacdfixResult: ...
def bop(
    open: npt.ArrayLike,
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def mom(x: npt.ArrayLike, /, period: int = 10, *, mode: Mode = "seed") -> _Floats: ...
def roc(x: npt.ArrayLike, /, period: int = 10, *, mode: Mode = "seed") -> _Floats: ...
def rocp(x: npt.ArrayLike, /, period: int = 10, *, mode: Mode = "seed") -> _Floats: ...
def rocr(x: npt.ArrayLike, /, period: int = 10, *, mode: Mode = "seed") -> _Floats: ...
def rocr100(x: npt.ArrayLike, /, period: int = 10, *, mode: Mode = "seed") -> _Floats: ...
def trix(x: npt.ArrayLike, /, period: int = 30, *, mode: Mode = "seed") -> _Floats: ...
def aroon(
    high: npt.ArrayLike, low: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed"
) -> AroonResult: ...
def aroonosc(
    high: npt.ArrayLike, low: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed"
) -> _Floats: ...
def cci(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def cmo(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def imi(
    open: npt.ArrayLike, close: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed"
) -> _Floats: ...
def mfi(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    volume: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def stoch(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    fastk: int = 5,
    slowk: int = 3,
    slowk_matype: int = 0,
    slowd: int = 3,
    slowd_matype: int = 0,
    *,
    mode: Mode = "seed",
) -> StochResult: ...
def stochf(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    fastk: int = 5,
    fastd: int = 3,
    fastd_matype: int = 0,
    *,
    mode: Mode = "seed",
) -> StochfResult: ...
def stochrsi(
    x: npt.ArrayLike,
    /,
    period: int = 14,
    fastk: int = 5,
    fastd: int = 3,
    fastd_matype: int = 0,
    *,
    mode: Mode = "seed",
) -> StochrsiResult: ...
def ultosc(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period1: int = 7,
    period2: int = 14,
    period3: int = 28,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def willr(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def trange(
    high: npt.ArrayLike, low: npt.ArrayLike, close: npt.ArrayLike, /, *, mode: Mode = "seed"
) -> _Floats: ...
def natr(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def var(x: npt.ArrayLike, /, period: int = 5, *, mode: Mode = "seed") -> _Floats: ...
def zscore(x: npt.ArrayLike, /, period: int = 20, *, mode: Mode = "seed") -> _Floats: ...
def linreg(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def linreg_slope(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def linreg_angle(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def linreg_intercept(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def tsf(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def linearreg(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def linearreg_slope(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def linearreg_angle(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def linearreg_intercept(
    x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed"
) -> _Floats: ...
def correl(
    x: npt.ArrayLike, y: npt.ArrayLike, /, period: int = 30, *, mode: Mode = "seed"
) -> _Floats: ...
def beta(
    x: npt.ArrayLike, y: npt.ArrayLike, /, period: int = 5, *, mode: Mode = "seed"
) -> _Floats: ...
def median(x: npt.ArrayLike, /, period: int = 3, *, mode: Mode = "seed") -> _Floats: ...
def percentrank(x: npt.ArrayLike, /, period: int = 100, *, mode: Mode = "seed") -> _Floats: ...
def avgdev(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def obv(x: npt.ArrayLike, volume: npt.ArrayLike, /, *, mode: Mode = "seed") -> _Floats: ...
def ad(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    volume: npt.ArrayLike,
    /,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def adosc(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    volume: npt.ArrayLike,
    /,
    fast: int = 3,
    slow: int = 10,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def cmf(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    volume: npt.ArrayLike,
    /,
    period: int = 20,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def pvt(x: npt.ArrayLike, volume: npt.ArrayLike, /, *, mode: Mode = "seed") -> _Floats: ...
def avgprice(
    open: npt.ArrayLike,
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def medprice(high: npt.ArrayLike, low: npt.ArrayLike, /, *, mode: Mode = "seed") -> _Floats: ...
def typprice(
    high: npt.ArrayLike, low: npt.ArrayLike, close: npt.ArrayLike, /, *, mode: Mode = "seed"
) -> _Floats: ...
def wclprice(
    high: npt.ArrayLike, low: npt.ArrayLike, close: npt.ArrayLike, /, *, mode: Mode = "seed"
) -> _Floats: ...
def zlema(x: npt.ArrayLike, /, period: int = 30, *, mode: Mode = "seed") -> _Floats: ...
def mavp(
    x: npt.ArrayLike,
    periods: npt.ArrayLike,
    /,
    minperiod: int = 2,
    maxperiod: int = 30,
    matype: int = 0,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def ao(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    /,
    fast: int = 5,
    slow: int = 34,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def ac(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    /,
    fast: int = 5,
    slow: int = 34,
    signal: int = 5,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def coppock(
    x: npt.ArrayLike, /, wma: int = 10, roc1: int = 11, roc2: int = 14, *, mode: Mode = "seed"
) -> _Floats: ...
def dpo(x: npt.ArrayLike, /, period: int = 20, *, mode: Mode = "seed") -> _Floats: ...
def er(x: npt.ArrayLike, /, period: int = 10, *, mode: Mode = "seed") -> _Floats: ...
def vhf(x: npt.ArrayLike, /, period: int = 28, *, mode: Mode = "seed") -> _Floats: ...
def eri(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 13,
    *,
    mode: Mode = "seed",
) -> EriResult: ...
def fosc(x: npt.ArrayLike, /, period: int = 5, *, mode: Mode = "seed") -> _Floats: ...
def qstick(
    open: npt.ArrayLike, close: npt.ArrayLike, /, period: int = 10, *, mode: Mode = "seed"
) -> _Floats: ...
def tsi(
    x: npt.ArrayLike, /, first: int = 25, second: int = 13, *, mode: Mode = "seed"
) -> _Floats: ...
def smi(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 13,
    fast: int = 2,
    slow: int = 25,
    signal: int = 9,
    *,
    mode: Mode = "seed",
) -> SmiResult: ...
def cmou(x: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed") -> _Floats: ...
def rvi(
    x: npt.ArrayLike, /, period: int = 14, stddev: int = 10, *, mode: Mode = "seed"
) -> _Floats: ...
def vortex(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    period: int = 14,
    *,
    mode: Mode = "seed",
) -> VortexResult: ...
def kdj(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    fastk: int = 9,
    slowk: int = 3,
    slowk_matype: int = 13,
    slowd: int = 3,
    slowd_matype: int = 13,
    *,
    mode: Mode = "seed",
) -> KdjResult: ...
def efi(
    close: npt.ArrayLike, volume: npt.ArrayLike, /, period: int = 13, *, mode: Mode = "seed"
) -> _Floats: ...
def marketfi(
    high: npt.ArrayLike, low: npt.ArrayLike, volume: npt.ArrayLike, /, *, mode: Mode = "seed"
) -> _Floats: ...
def nvi(close: npt.ArrayLike, volume: npt.ArrayLike, /, *, mode: Mode = "seed") -> _Floats: ...
def pvi(close: npt.ArrayLike, volume: npt.ArrayLike, /, *, mode: Mode = "seed") -> _Floats: ...
def pvo(
    volume: npt.ArrayLike,
    /,
    fast: int = 12,
    slow: int = 26,
    matype: int = 1,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def rvol(volume: npt.ArrayLike, /, period: int = 20, *, mode: Mode = "seed") -> _Floats: ...
def wad(
    high: npt.ArrayLike, low: npt.ArrayLike, close: npt.ArrayLike, /, *, mode: Mode = "seed"
) -> _Floats: ...
def adr(
    high: npt.ArrayLike, low: npt.ArrayLike, /, period: int = 14, *, mode: Mode = "seed"
) -> _Floats: ...
def cvi(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    /,
    period: int = 10,
    roc: int = 10,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def massi(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    /,
    fast: int = 9,
    slow: int = 25,
    *,
    mode: Mode = "seed",
) -> _Floats: ...
def ha(
    open: npt.ArrayLike,
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    close: npt.ArrayLike,
    /,
    *,
    mode: Mode = "seed",
) -> HaResult: ...
def fractal(
    high: npt.ArrayLike,
    low: npt.ArrayLike,
    /,
    leftbars: int = 2,
    rightbars: int = 2,
    *,
    mode: Mode = "seed",
) -> FractalResult: ...
def percentile(
    x: npt.ArrayLike, /, period: int = 30, percentile: float = 50.0, *, mode: Mode = "seed"
) -> _Floats: ...
def ht_dcperiod(x: npt.ArrayLike, /, *, mode: Mode = "seed") -> _Floats: ...
def ht_dcphase(x: npt.ArrayLike, /, *, mode: Mode = "seed") -> _Floats: ...
def ht_phasor(x: npt.ArrayLike, /, *, mode: Mode = "seed") -> HtPhasorResult: ...
def ht_sine(x: npt.ArrayLike, /, *, mode: Mode = "seed") -> HtSineResult: ...
def ht_trendmode(x: npt.ArrayLike, /, *, mode: Mode = "seed") -> _Floats: ...
