// Periods and candles of hquant/market.h.
#include <hquant/market.h>
#include <hquant/snapshot.h>

#include "args.h"
#include "bytes.h"
#include "queue.h"
#include "topics.h"

namespace {

Napi::Value period_parse(const Napi::CallbackInfo &info)
{
    std::string period = text(info, 0);
    int64_t ms = 0;
    check(info.Env(), hq_period_parse(period.data(), period.size(), &ms));
    return time_value(info.Env(), ms);
}

// (period_ms, timestamp)
Napi::Value bucket_start(const Napi::CallbackInfo &info)
{
    return time_value(info.Env(), hq_period_bucket_start(integer64(info, 0), integer64(info, 1)));
}

Napi::Object wrap_aggregator(Napi::Env env, HqAggregator *aggregator)
{
    return wrap(env, Kind::aggregator, std::shared_ptr<HqAggregator>(aggregator, hq_aggregator_free), 0);
}

Napi::Value aggregator_new(const Napi::CallbackInfo &info)
{
    Span<int64_t> periods = int64s(info, 0);
    HqAggregator *aggregator = nullptr;
    check(info.Env(), hq_aggregator_new(periods.data, periods.length, &aggregator));
    return wrap_aggregator(info.Env(), aggregator);
}

Napi::Value aggregator_load(const Napi::CallbackInfo &info)
{
    Span<uint8_t> snapshot = bytes(info, 0);
    HqAggregator *aggregator = nullptr;
    check(info.Env(), hq_aggregator_load(snapshot.data, snapshot.length, &aggregator));
    return wrap_aggregator(info.Env(), aggregator);
}

Napi::Value aggregator_periods(const Napi::CallbackInfo &info)
{
    HqAggregator *aggregator = at<HqAggregator>(info, 0);
    size_t count = nonzero(info.Env(), hq_aggregator_periods(aggregator, nullptr, 0));
    Napi::BigInt64Array out = Napi::BigInt64Array::New(info.Env(), count);
    hq_aggregator_periods(aggregator, out.Data(), count);
    return out;
}

void push(Napi::Env env, Env &own)
{
    check(env, hq_aggregator_push(staged<HqAggregator>(env, own), staged_bar(own)));
}

Napi::Value flush(const Napi::CallbackInfo &info)
{
    check(info.Env(), hq_aggregator_flush(at<HqAggregator>(info, 0)));
    return info.Env().Undefined();
}

Napi::Value events_len(const Napi::CallbackInfo &info)
{
    return Napi::Number::New(info.Env(),
                             static_cast<double>(hq_aggregator_events_len(at<HqAggregator>(info, 0))));
}

Napi::Value rejected(const Napi::CallbackInfo &info)
{
    return Napi::Number::New(info.Env(),
                             static_cast<double>(hq_aggregator_rejected(at<HqAggregator>(info, 0))));
}

// As poll_signals() in queue.h; lib/aggregator.js reads rows of these.
void poll_events(Napi::Env env, Env &own)
{
    constexpr size_t row = 14;
    constexpr size_t batch = Env::rows_doubles / row;
    HqCandleEvent events[batch];
    hq_clear_error();
    size_t count = hq_aggregator_poll_events(staged<HqAggregator>(env, own), events, batch);
    check_last(env);
    double *out = own.rows;
    for (size_t i = 0; i < count; i++) {
        const HqCandle &candle = events[i].candle;
        *out++ = events[i].kind;
        *out++ = events[i].period_index;
        out = put_time(out, candle.open_time);
        out = put_time(out, candle.close_time);
        out = put_time(out, candle.last_update_ts);
        for (double value : {candle.open, candle.high, candle.low, candle.close, candle.volume, candle.buy_volume})
            *out++ = value;
    }
    own.stage[STAGE_OUT] = static_cast<double>(count);
    own.stage[STAGE_OUT + 1] = count == batch;
}

} // namespace

void init_aggregator(Napi::Object exports)
{
    add<period_parse>(exports, "hq_period_parse");
    add<bucket_start>(exports, "hq_period_bucket_start");
    add<aggregator_new>(exports, "hq_aggregator_new");
    add<save<HqAggregator, hq_aggregator_save>>(exports, "hq_aggregator_save");
    add<aggregator_load>(exports, "hq_aggregator_load");
    add<aggregator_periods>(exports, "hq_aggregator_periods");
    add_hot<push>(exports, "hq_aggregator_push");
    add<flush>(exports, "hq_aggregator_flush");
    add<events_len>(exports, "hq_aggregator_events_len");
    add<rejected>(exports, "hq_aggregator_rejected");
    add_hot<poll_events>(exports, "hq_aggregator_poll_events");
}
