/* What cases name: tapes, programs, indicators, symbols and options. */
#include "vectors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *tapes, *programs;

const cJSON *program_entry(const cJSON *name) { return member(programs, text_of(name)); }

void load_inputs(const char *folder)
{
    tapes = read_file(folder, "tapes.json");
    programs = read_file(folder, "programs.json");
}

HqBars *bars_of(const cJSON *name)
{
    const cJSON *tape = member(tapes, text_of(name));
    HqBars *bars = keep(sizeof *bars);
    bars->length = size_of(member(tape, "timestamp"));
    bars->timestamp = wholes_of(member(tape, "timestamp"));
    bars->open = numbers_of(member(tape, "open"));
    bars->high = numbers_of(member(tape, "high"));
    bars->low = numbers_of(member(tape, "low"));
    bars->close = numbers_of(member(tape, "close"));
    bars->volume = numbers_of(member(tape, "volume"));
    bars->buy_volume = numbers_of(member(tape, "buy_volume"));
    return bars;
}

HqBars slice_of(const HqBars *bars, size_t from, size_t to)
{
    return (HqBars){bars->timestamp + from,  bars->open + from,  bars->high + from,
                    bars->low + from,        bars->close + from, bars->volume + from,
                    bars->buy_volume + from, to - from};
}

Bar bar_at(const HqBars *bars, size_t i)
{
    return (Bar){bars->timestamp[i], bars->open[i],   bars->high[i],      bars->low[i],
                 bars->close[i],     bars->volume[i], bars->buy_volume[i]};
}

Bar bar_of_step(const cJSON *step)
{
    const cJSON *each = step->child->next;
    Bar bar = {.timestamp = whole_of(each)};
    double *fields[] = {&bar.open, &bar.high, &bar.low, &bar.close, &bar.volume, &bar.buy_volume};
    for (size_t i = 0; i < COUNT(fields); i++) {
        each = each->next;
        *fields[i] = number_of(each);
    }
    return bar;
}

/* ----------------------------------------------------------- indicators */

#define FIELD_WORDS "open high low close volume buy_volume time"

HqIndicatorSpec spec_of(const cJSON *spec)
{
    HqIndicatorSpec made;
    if (hq_indicator_spec(text_of(member(spec, "indicator")), &made))
        return made;
    const cJSON *each;
    made.mode = choice_of(member(spec, "mode"), "seed talib");
    made.n_params = 0;
    cJSON_ArrayForEach(each, member(spec, "params"))
        made.params[made.n_params++] = number_of(each);
    made.n_fields = 0;
    cJSON_ArrayForEach(each, member(spec, "fields")) {
        uint8_t field = choice_of(each, FIELD_WORDS);
        made.fields[made.n_fields++] =
            field < 6 ? field : 0; /* the time is read whatever stands here */
    }
    return made;
}

size_t n_outputs_of(const HqIndicatorSpec *spec)
{
    for (size_t i = 0; i < hq_indicator_count(); i++)
        if (hq_indicator_info(i)->code == spec->code)
            return hq_indicator_info(i)->n_outputs;
    return 0;
}

/* ------------------------------------------------------------- backtests */

static BacktestParams account_of(const cJSON *account)
{
    return (BacktestParams){
        number_of(member(account, "initial_margin")),
        number_of(member(account, "leverage")),
        number_of(member(account, "contract_size")),
        number_of(member(account, "maker_fee_rate")),
        number_of(member(account, "taker_fee_rate")),
        number_of(member(account, "maintenance_margin_rate")),
    };
}

#define SIZES "all units notional equity margin"
#define DISTANCES "none price fraction"

HqBacktestOptions options_of(const cJSON *given)
{
    HqBacktestOptions made;
    hq_backtest_options_init(&made);
    made.account = account_of(member(given, "account"));
    made.htf = choice_of(member(given, "htf"), "closed forming");
    made.bar_period_ms = whole_of(member(given, "bar_period_ms"));
    made.fill = choice_of(member(given, "fill"), "next_open close limit");
    made.intrabar = choice_of(member(given, "intrabar"), "worst best nearest finer");
    made.sides = choice_of(member(given, "sides"), "both long short");
    made.hedged = (uint8_t)whole_of(member(given, "hedged"));
    made.unaffordable = choice_of(member(given, "unaffordable"), "clamp reject");
    made.bad_bars = choice_of(member(given, "bad_bars"), "error skip");
    made.slippage_kind = choice_of(member(given, "slippage_kind"), "none ticks fraction random");
    made.slippage = number_of(member(given, "slippage"));
    made.slippage_seed = (uint64_t)whole_of(member(given, "slippage_seed"));
    made.funding_missing = choice_of(member(given, "funding_missing"), "error zero constant");
    made.funding_interval_ms = whole_of(member(given, "funding_interval_ms"));
    made.funding_constant = number_of(member(given, "funding_constant"));
    made.size_unit = choice_of(member(given, "size_unit"), SIZES);
    made.size = number_of(member(given, "size"));
    made.stop_unit = choice_of(member(given, "stop_unit"), DISTANCES);
    made.stop = number_of(member(given, "stop"));
    made.target_unit = choice_of(member(given, "target_unit"), DISTANCES);
    made.target = number_of(member(given, "target"));
    made.trail_unit = choice_of(member(given, "trail_unit"), DISTANCES);
    made.trail = number_of(member(given, "trail"));
    made.pyramiding = (uint32_t)whole_of(member(given, "pyramiding"));
    made.limit_bars = (uint32_t)whole_of(member(given, "limit_bars"));
    made.limit_offset = number_of(member(given, "limit_offset"));
    made.fee_per_unit = number_of(member(given, "fee_per_unit"));

    const cJSON *each, *list = member(given, "tiers");
    HqMarginTier *tiers = keep(size_of(list) * sizeof *tiers);
    made.tiers = size_of(list) ? tiers : NULL;
    cJSON_ArrayForEach(each, list)
        memcpy(&tiers[made.n_tiers++], numbers_of(each), sizeof *tiers);
    return made;
}

HqSymbol *symbols_of(const cJSON *list)
{
    HqSymbol *symbols = keep(size_of(list) * sizeof *symbols), *next = symbols;
    const cJSON *each;
    cJSON_ArrayForEach(each, list) {
        HqSymbol *symbol = next++;
        const cJSON *params = member(each, "params");
        const cJSON *signals = member(each, "signals"), *rates = member(each, "funding_rate");
        const cJSON *finer = member(each, "finer"), *signal;
        hq_symbol_init(symbol);
        symbol->bars = bars_of(member(each, "tape"));
        symbol->params = cJSON_IsNull(params) ? NULL : numbers_of(params);
        symbol->n_params = cJSON_IsNull(params) ? 0 : size_of(params);
        symbol->funding_rate = cJSON_IsNull(rates) ? NULL : numbers_of(rates);
        symbol->finer = cJSON_IsNull(finer) ? NULL : bars_of(finer);
        symbol->tick_size = number_of(member(each, "tick_size"));
        symbol->lot_size = number_of(member(each, "lot_size"));
        symbol->min_quantity = number_of(member(each, "min_quantity"));
        symbol->min_notional = number_of(member(each, "min_notional"));
        if (cJSON_IsNull(signals))
            continue;
        int8_t *column = keep(size_of(signals));
        symbol->signals = column;
        cJSON_ArrayForEach(signal, signals)
            *column++ = (int8_t)whole_of(signal);
    }
    return symbols;
}

HqOrder order_of(const cJSON *given)
{
    HqOrder order = {
        .bar = whole_of(member(given, "bar")),
        .symbol = (uint32_t)whole_of(member(given, "symbol")),
        .bars = (uint32_t)whole_of(member(given, "bars")),
        .oco = (uint32_t)whole_of(member(given, "oco")),
        .type = (uint8_t)(1 + choice_of(member(given, "type"), "market limit stop stop_limit")),
        .side = (int8_t)whole_of(member(given, "side")),
        .reduce_only = (uint8_t)whole_of(member(given, "reduce_only")),
        .size_unit = choice_of(member(given, "size_unit"), "all units notional equity margin"),
        .stop_unit = choice_of(member(given, "stop_unit"), "none price fraction"),
        .target_unit = choice_of(member(given, "target_unit"), "none price fraction"),
        .trail_unit = choice_of(member(given, "trail_unit"), "none price fraction"),
        .size = number_of(member(given, "size")),
        .price = number_of(member(given, "price")),
        .stop_price = number_of(member(given, "stop_price")),
        .stop = number_of(member(given, "stop")),
        .target = number_of(member(given, "target")),
        .trail = number_of(member(given, "trail")),
    };
    return order;
}
