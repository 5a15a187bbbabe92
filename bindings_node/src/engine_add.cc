// What is added to an engine: indicators, strategies, values of their parameters.
#include <hquant/engine.h>

#include "args.h"
#include "errors.h"
#include "handle.h"
#include "spec.h"
#include "engines.h"
#include "topics.h"

namespace {

Napi::Value id(Napi::Env env, uint32_t found) { return Napi::Number::New(env, nonzero(env, found)); }

template <uint32_t (*Add)(HQuant *, size_t)> Napi::Value add_period(const Napi::CallbackInfo &info)
{
    return id(info.Env(), Add(at<HQuant>(info, 0), whole(info, 1)));
}

Napi::Value add_boll(const Napi::CallbackInfo &info)
{
    return id(info.Env(), hquant_add_boll(at<HQuant>(info, 0), whole(info, 1), number(info, 2)));
}

Napi::Value add_macd(const Napi::CallbackInfo &info)
{
    return id(info.Env(),
              hquant_add_macd(at<HQuant>(info, 0), whole(info, 1), whole(info, 2), whole(info, 3)));
}

// (handle, code, mode, params, fields)
template <uint32_t (*Add)(HQuant *, const HqIndicatorSpec *)>
Napi::Value add_indicator(const Napi::CallbackInfo &info)
{
    HqIndicatorSpec spec = spec_at(info, 1);
    return id(info.Env(), Add(at<HQuant>(info, 0), &spec));
}

} // namespace

void init_engine_add(Napi::Object exports)
{
    add<add_period<hquant_add_rsi>>(exports, "hquant_add_rsi");
    add<add_period<hquant_add_ema_close>>(exports, "hquant_add_ema_close");
    add<add_period<hquant_add_sma_close>>(exports, "hquant_add_sma_close");
    add<add_period<hquant_add_stddev_close>>(exports, "hquant_add_stddev_close");
    add<add_boll>(exports, "hquant_add_boll");
    add<add_macd>(exports, "hquant_add_macd");
    add<add_indicator<hq_add_indicator>>(exports, "hq_add_indicator");
    add<add_indicator<hq_add_indicator_newest>>(exports, "hq_add_indicator_newest");
    add<add_strategy<HQuant, hquant_add_strategy>>(exports, "hquant_add_strategy");
    add<set_param<HQuant, hq_engine_set_param>>(exports, "hq_engine_set_param");
}
