// Facts about the library: hquant/status.h, hquant/simd.h, hquant/snapshot.h.
#include <hquant/simd.h>
#include <hquant/snapshot.h>

#include "args.h"
#include "errors.h"
#include "topics.h"

namespace {

Napi::Value version(const Napi::CallbackInfo &info) { return Napi::String::New(info.Env(), hq_version()); }

template <uint32_t (*Read)()> Napi::Value number_of(const Napi::CallbackInfo &info)
{
    return Napi::Number::New(info.Env(), Read());
}

Napi::Value limit(const Napi::CallbackInfo &info)
{
    check(info.Env(), hq_simd_limit(whole32(info, 0)));
    return info.Env().Undefined();
}

} // namespace

void init_library(Napi::Object exports)
{
    add<version>(exports, "hq_version");
    add<number_of<hq_abi_version>>(exports, "hq_abi_version");
    add<number_of<hq_snapshot_version>>(exports, "hq_snapshot_version");
    add<number_of<hq_simd_level>>(exports, "hq_simd_level");
    add<limit>(exports, "hq_simd_limit");
}
