// hquant/program.h: compiled strategies.
#include <hquant/program.h>

#include <cmath>

#include "args.h"
#include "bytes.h"
#include "engines.h"
#include "topics.h"

namespace {

Napi::Value wrap_program(Napi::Env env, HqProgram *program)
{
    std::shared_ptr<HqProgram> owner(program, hq_program_free);
    return wrap(env, Kind::program, owner, hq_program_bytes(program, nullptr, 0));
}

Napi::Value load(const Napi::CallbackInfo &info)
{
    Span<uint8_t> program = bytes(info, 0);
    HqProgram *out = nullptr;
    check(info.Env(), hq_program_load(program.data, program.length, &out));
    return wrap_program(info.Env(), out);
}

// (name, text)
Napi::Value compile(const Napi::CallbackInfo &info)
{
    std::string name = text(info, 0), program = text(info, 1);
    HqProgram *out = nullptr;
    check(info.Env(), hq_program_compile(raw(name), name.size(), raw(program), program.size(), &out));
    return wrap_program(info.Env(), out);
}

size_t program_bytes(HqProgram *program, uint8_t *out, size_t cap) { return hq_program_bytes(program, out, cap); }

Napi::Value number_or_null(Napi::Env env, double value)
{
    return std::isnan(value) ? Napi::Value(env.Null()) : Napi::Number::New(env, value);
}

Napi::Value params(const Napi::CallbackInfo &info)
{
    Napi::Env env = info.Env();
    HqProgram *program = at<HqProgram>(info, 0);
    Napi::Array out = Napi::Array::New(env);
    for (uint32_t i = 0; i < hq_program_param_count(program); i++) {
        HqProgramParam found;
        check(env, hq_program_param(program, i, &found));
        Napi::Object param = Napi::Object::New(env);
        param.Set("name", found.name);
        param.Set("value", found.value);
        param.Set("minimum", number_or_null(env, found.minimum));
        param.Set("maximum", number_or_null(env, found.maximum));
        param.Set("step", number_or_null(env, found.step));
        out.Set(i, param);
    }
    return out;
}

Napi::Value has_clauses(const Napi::CallbackInfo &info)
{
    return Napi::Boolean::New(info.Env(), hq_program_has_clauses(at<HqProgram>(info, 0)) != 0);
}

Napi::Value reads_buy_volume(const Napi::CallbackInfo &info)
{
    return Napi::Boolean::New(info.Env(), hq_program_reads_buy_volume(at<HqProgram>(info, 0)) != 0);
}

Napi::Value timeframes(const Napi::CallbackInfo &info)
{
    HqProgram *program = at<HqProgram>(info, 0);
    Napi::Array out = Napi::Array::New(info.Env());
    for (uint32_t i = 0; i < hq_program_timeframe_count(program); i++)
        out.Set(i, time_value(info.Env(), hq_program_timeframe(program, i)));
    return out;
}

Napi::Value disassemble(const Napi::CallbackInfo &info)
{
    HqProgram *program = at<HqProgram>(info, 0);
    std::string out(hq_program_disassemble(program, nullptr, 0), '\0');
    hq_program_disassemble(program, out.data(), out.size() + 1); // the NUL takes the string's own place
    return Napi::String::New(info.Env(), out);
}

} // namespace

void init_program(Napi::Object exports)
{
    add<load>(exports, "hq_program_load");
    add<compile>(exports, "hq_program_compile");
    add<save<HqProgram, program_bytes>>(exports, "hq_program_bytes");
    add<params>(exports, "program_params");
    add<has_clauses>(exports, "hq_program_has_clauses");
    add<reads_buy_volume>(exports, "hq_program_reads_buy_volume");
    add<timeframes>(exports, "program_timeframes");
    add<disassemble>(exports, "hq_program_disassemble");
}
