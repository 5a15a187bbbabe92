/* Every row of the table, in the order users see. Adding an indicator adds one line here. */
#ifndef HQ_INDICATOR_LIST_H
#define HQ_INDICATOR_LIST_H

#include "indicator/row.h"

#define HQ_ROW_LIST(X) \
    X(sma) X(ema) X(stddev) X(rsi) X(boll) X(macd) X(atr) X(tr) X(highest) X(lowest) X(sum) \
    X(change) X(lag) X(rma) X(wma) X(dema) X(tema) X(trima) X(kama) X(hma) X(t3) X(vwma) \
    X(vwap) X(rvwap) X(ma) X(mama) X(ht_trendline) X(midpoint) X(midprice) X(accbands) X(bbands) X(bbp) \
    X(bbw) X(keltner) X(donchian) X(sar) X(sarext) X(supertrend) X(ichimoku) X(adx) X(adxr) \
    X(dx) X(plus_di) X(minus_di) X(plus_dm) X(minus_dm) X(apo) X(ppo) X(macdext) X(macdfix) \
    X(bop) X(mom) X(roc) X(rocp) X(rocr) X(rocr100) X(trix) \
    X(aroon) X(aroonosc) X(cci) X(cmo) X(imi) X(mfi) X(stoch) X(stochf) X(stochrsi) X(ultosc) X(willr) \
    X(trange) X(natr) X(var) \
    X(zscore) X(linreg) X(linreg_slope) X(linreg_angle) X(linreg_intercept) X(tsf) X(linearreg) X(linearreg_slope) X(linearreg_angle) X(linearreg_intercept) X(correl) X(beta) X(median) X(percentrank) X(avgdev) X(obv) X(ad) X(adosc) X(cmf) X(pvt) \
    X(avgprice) X(medprice) X(typprice) X(wclprice) X(zlema) X(mavp) X(ao) X(ac) X(coppock) X(dpo) \
    X(er) X(vhf) X(eri) X(fosc) X(qstick) X(tsi) X(smi) X(cmou) X(rvi) X(vortex) X(kdj) X(efi) \
    X(marketfi) X(nvi) X(pvi) X(pvo) X(rvol) X(wad) X(adr) X(cvi) X(massi) X(ha) X(fractal) \
    X(percentile) X(ht_dcperiod) X(ht_dcphase) X(ht_phasor) X(ht_sine) X(ht_trendmode) \
    X(crossover) X(crossunder) X(cross) \
    X(rising) X(falling) X(barssince) X(valuewhen)

/* Rows that only other rows are made of: no name in the language, codes from HQ_HIDDEN_CODE. */
#define HQ_HIDDEN_ROW_LIST(X) \
    X(seeded) X(factor_ema) X(skip) X(blend) X(affine) X(ratio) X(product) X(absolute) \
    X(gain_loss) X(line) X(line_fit) X(relative_change) X(money_flow_volume) X(hilbert) X(mama_core) X(trendline) X(wing) X(movement) X(running) \
    X(choose) X(at_least) X(at_most) X(by_direction) X(swing) X(shown) X(phase) X(trendmode) \
    X(extreme_age) X(place) X(money_flow) X(buying) X(moments) X(pooled_mean) X(pooled_deviation)

#define HQ_ROW_DECLARE(name) extern const HqRow hq_row_##name;
HQ_ROW_LIST(HQ_ROW_DECLARE)
HQ_HIDDEN_ROW_LIST(HQ_ROW_DECLARE)
#undef HQ_ROW_DECLARE

#endif
