// MultiHQuant of hquant/market.h.
#include <hquant/market.h>
#include <hquant/snapshot.h>

#include "args.h"
#include "bytes.h"
#include "columns.h"
#include "engines.h"
#include "queue.h"
#include "topics.h"

namespace {

std::vector<int64_t> periods_of(HqMulti *multi)
{
    std::vector<int64_t> periods(hq_multi_period_count(multi));
    hq_multi_periods(multi, periods.data(), periods.size());
    return periods;
}

Napi::Object wrap_multi(Napi::Env env, HqMulti *multi)
{
    std::shared_ptr<HqMulti> owner(multi, hq_multi_free);
    std::vector<int64_t> periods = periods_of(multi);
    size_t capacity = hquant_capacity(hq_multi_engine(multi, periods[0]));
    return wrap(env, Kind::multi, owner, capacity * sizeof(Bar) * periods.size() + queue_bytes);
}

// (capacity, periods, emit)
Napi::Value multi_new(const Napi::CallbackInfo &info)
{
    Span<int64_t> periods = int64s(info, 1);
    HqMulti *multi = nullptr;
    check(info.Env(), hq_multi_new(whole(info, 0), periods.data, periods.length, whole32(info, 2), &multi));
    return wrap_multi(info.Env(), multi);
}

Napi::Value multi_load(const Napi::CallbackInfo &info)
{
    Span<uint8_t> snapshot = bytes(info, 0);
    HqMulti *multi = nullptr;
    check(info.Env(), hq_multi_load(snapshot.data, snapshot.length, &multi));
    return wrap_multi(info.Env(), multi);
}

Napi::Value multi_periods(const Napi::CallbackInfo &info)
{
    std::vector<int64_t> periods = periods_of(at<HqMulti>(info, 0));
    Napi::BigInt64Array out = Napi::BigInt64Array::New(info.Env(), periods.size());
    std::copy(periods.begin(), periods.end(), out.Data());
    return out;
}

Napi::Value emit(const Napi::CallbackInfo &info)
{
    return Napi::Number::New(info.Env(), hq_multi_emit(at<HqMulti>(info, 0)));
}

// The engine of a period; it keeps all of the MultiHQuant alive.
Napi::Value engine(const Napi::CallbackInfo &info)
{
    Handle &handle = handle_at(info, 0, Kind::multi);
    std::shared_ptr<HqMulti> multi = shared_at<HqMulti>(info, 0);
    HQuant *found = nonzero(info.Env(), hq_multi_engine(multi.get(), integer64(info, 1)));
    return wrap(info.Env(), Kind::engine, std::shared_ptr<HQuant>(multi, found), 0, handle.mirrors);
}

void feed_bar(Napi::Env env, Env &own)
{
    Handle &handle = staged(env, own, Kind::multi);
    check(env, hq_multi_feed_bar(static_cast<HqMulti *>(handle.object.get()), staged_bar(own)));
    refresh(*handle.mirrors);
}

Napi::Value feed_bars(const Napi::CallbackInfo &info)
{
    Handle &handle = handle_at(info, 0, Kind::multi);
    Columns columns(info, 1);
    size_t fed = 0;
    HqStatus status = hq_multi_feed_bars(at<HqMulti>(info, 0), &columns.bars(), &fed);
    refresh(*handle.mirrors);
    return taken(info.Env(), status, fed);
}

Napi::Value flush(const Napi::CallbackInfo &info)
{
    check(info.Env(), hq_multi_flush(at<HqMulti>(info, 0)));
    refresh(*handle_at(info, 0, Kind::multi).mirrors);
    return info.Env().Undefined();
}

} // namespace

void init_multi(Napi::Object exports)
{
    add<multi_new>(exports, "hq_multi_new");
    add<save<HqMulti, hq_multi_save>>(exports, "hq_multi_save");
    add<multi_load>(exports, "hq_multi_load");
    add<multi_periods>(exports, "hq_multi_periods");
    add<emit>(exports, "hq_multi_emit");
    add<engine>(exports, "hq_multi_engine");
    add_hot<feed_bar>(exports, "hq_multi_feed_bar");
    add<feed_bars>(exports, "hq_multi_feed_bars");
    add<flush>(exports, "hq_multi_flush");
    add<set_htf<HqMulti, hq_multi_set_htf>>(exports, "hq_multi_set_htf");
    add<add_strategy<HqMulti, hq_multi_add_strategy>>(exports, "hq_multi_add_strategy");
    add<set_param<HqMulti, hq_multi_set_param>>(exports, "hq_multi_set_param");
    add<count<HqMulti, size_t, hq_multi_signals_len>>(exports, "hq_multi_signals_len");
    add<count<HqMulti, uint64_t, hq_multi_rejected>>(exports, "hq_multi_rejected");
    add<count<HqMulti, uint64_t, hq_multi_signals_dropped>>(exports, "hq_multi_signals_dropped");
    add<set_signal_capacity<HqMulti, hq_multi_set_signal_capacity>>(exports, "hq_multi_set_signal_capacity");
    add_hot<poll_signals<HqMulti, hq_multi_poll_signals>>(exports, "hq_multi_poll_signals");
}
