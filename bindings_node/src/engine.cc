// hquant.h and hquant/engine.h: an engine's life, its bars, counters and signals.
#include <hquant/engine.h>
#include <hquant/snapshot.h>

#include "args.h"
#include "bytes.h"
#include "columns.h"
#include "engines.h"
#include "queue.h"
#include "topics.h"

namespace {

Napi::Object wrap_engine(Napi::Env env, HQuant *engine)
{
    std::shared_ptr<HQuant> owner(engine, hquant_free);
    return wrap(env, Kind::engine, owner, hquant_capacity(engine) * sizeof(Bar) + queue_bytes);
}

Napi::Value engine_new(const Napi::CallbackInfo &info)
{
    return wrap_engine(info.Env(), nonzero(info.Env(), hquant_new(whole(info, 0))));
}

Napi::Value engine_load(const Napi::CallbackInfo &info)
{
    Span<uint8_t> snapshot = bytes(info, 0);
    HQuant *engine = nullptr;
    check(info.Env(), hq_engine_load(snapshot.data, snapshot.length, &engine));
    return wrap_engine(info.Env(), engine);
}

// lib/bar.js has written the bar into the stage.
template <HqStatus (*Take)(HQuant *, int64_t, double, double, double, double, double, double)>
void take_bar(Napi::Env env, Env &own)
{
    Handle &handle = staged(env, own, Kind::engine);
    const double *s = own.stage;
    check(env, Take(static_cast<HQuant *>(handle.object.get()), staged_time(own), s[STAGE_OPEN],
                    s[STAGE_HIGH], s[STAGE_LOW], s[STAGE_CLOSE], s[STAGE_VOLUME], s[STAGE_BUY_VOLUME]));
    refresh(*handle.mirrors);
}

// (handle, seven columns): the status' error is thrown by lib/columns.js, which says how many bars went in.
Napi::Value push_bars(const Napi::CallbackInfo &info)
{
    Handle &handle = handle_at(info, 0, Kind::engine);
    Columns columns(info, 1);
    size_t pushed = 0;
    HqStatus status = hq_push_bars(at<HQuant>(info, 0), &columns.bars(), &pushed);
    refresh(*handle.mirrors);
    return taken(info.Env(), status, pushed);
}

} // namespace

void init_engine(Napi::Object exports)
{
    add<engine_new>(exports, "hquant_new");
    add<save<HQuant, hq_engine_save>>(exports, "hq_engine_save");
    add<engine_load>(exports, "hq_engine_load");
    add<set_htf<HQuant, hq_engine_set_htf>>(exports, "hq_engine_set_htf");
    add<count<HQuant, size_t, hquant_len>>(exports, "hquant_len");
    add<count<HQuant, size_t, hquant_capacity>>(exports, "hquant_capacity");
    add<count<HQuant, size_t, hquant_signals_len>>(exports, "hquant_signals_len");
    add<count<HQuant, uint64_t, hq_rejected_bars>>(exports, "hq_rejected_bars");
    add<count<HQuant, uint64_t, hq_total_bars>>(exports, "hq_total_bars");
    add<count<HQuant, uint64_t, hq_signals_dropped>>(exports, "hq_signals_dropped");
    add<set_signal_capacity<HQuant, hq_set_signal_capacity>>(exports, "hq_set_signal_capacity");
    add<push_bars>(exports, "hq_push_bars");
    add_hot<take_bar<hq_push_bar>>(exports, "hq_push_bar");
    add_hot<take_bar<hq_update_last_bar>>(exports, "hq_update_last_bar");
    add_hot<poll_signals<HQuant, hquant_poll_signals>>(exports, "hquant_poll_signals");
}
