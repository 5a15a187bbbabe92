// Arguments as lib/ has checked them. What does not fit here is a mistake in lib/: a TypeError, no crash.
#ifndef HQUANT_NODE_ARGS_H
#define HQUANT_NODE_ARGS_H

#include <napi.h>

#include <cstdint>
#include <string>

double number(const Napi::CallbackInfo &info, size_t index);
// A whole number of 0..2^53-1.
size_t whole(const Napi::CallbackInfo &info, size_t index);
// A whole number of 0..2^32-1.
uint32_t whole32(const Napi::CallbackInfo &info, size_t index);
// A Number that is whole and safe, or a BigInt of 64 bits.
int64_t integer64(const Napi::CallbackInfo &info, size_t index);
std::string text(const Napi::CallbackInfo &info, size_t index);

// An int64 as JavaScript likes it: a Number where that is exact, else a BigInt.
Napi::Value time_value(Napi::Env env, int64_t value);

// A typed array of T, where it lies. Valid until JavaScript runs again.
template <typename T> struct Span {
    T *data;
    size_t length;
};
Span<double> doubles(const Napi::CallbackInfo &info, size_t index);
Span<int64_t> int64s(const Napi::CallbackInfo &info, size_t index);
Span<uint32_t> uint32s(const Napi::CallbackInfo &info, size_t index);
Span<uint8_t> bytes(const Napi::CallbackInfo &info, size_t index);
// The same of a value that is no argument.
Span<double> doubles(Napi::Value value);
Span<int64_t> int64s(Napi::Value value);
Span<int8_t> int8s(Napi::Value value);

#endif
