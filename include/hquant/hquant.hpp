/**
 * @file hquant.hpp
 * The whole C ABI for C++17 and newer: owners instead of pairs of new and free, spans instead of
 * pointers and counts, exceptions instead of codes. Header-only; docs/c.md is the guide.
 *
 *     hquant::Engine engine(1024);                                // bars that it keeps
 *     const auto rsi = engine.add_rsi(14);
 *     engine.add_strategy("IF RSI(14) < 30 THEN BUY");
 *     std::array<Signal, 16> room;
 *     for (const Bar &bar : bars) {
 *         engine.push_bar(bar);                                   // throws what C leaves silent
 *         for (const Signal &signal : engine.poll_signals(room))
 *             trade(signal, engine.indicator_last(rsi));
 *     }
 *
 * - Bars, signals, options and reports are the structs of the C headers. Options begin at their
 *   defaults: `hquant::BacktestOptions options; options.account.leverage = 3;`
 * - A failure throws hquant::Error. With -fno-exceptions, or HQUANT_NO_EXCEPTIONS defined before
 *   the first include, the same functions return Result<T>, `if (auto rsi = engine.add_rsi(14))
 *   use(*rsi);`, and things are made by their create() instead of a constructor.
 * - Calls may clear hq_last_error(): it is for the program's own C calls, right after them.
 * - push_bar, update_last_bar, feed_bar, push, indicator_values, indicator_last, columns, and
 *   polling into a span allocate nothing, here or below. What returns a vector or a string allocates it.
 * - What is not here stays in C: hq_set_dsl_compiler(), for a host with a compiler of its own.
 */
#ifndef HQUANT_HPP
#define HQUANT_HPP

#include "cpp/account.hpp"
#include "cpp/backtest.hpp"
#include "cpp/bars.hpp"
#include "cpp/column.hpp"
#include "cpp/engine.hpp"
#include "cpp/error.hpp"
#include "cpp/indicator.hpp"
#include "cpp/market.hpp"
#include "cpp/metrics.hpp"
#include "cpp/program.hpp"
#include "cpp/run.hpp"
#include "cpp/span.hpp"
#include "cpp/sweep.hpp"

#include "simd.h"

namespace hquant {
inline namespace HQUANT_MODE {

/** The library's version, "major.minor.patch". */
inline const char *version() noexcept { return hq_version(); }

/** A number that changes when the binary interface does. */
inline std::uint32_t abi_version() noexcept { return hq_abi_version(); }

/** The version of snapshots that the library reads and writes. */
inline std::uint32_t snapshot_version() noexcept { return hq_snapshot_version(); }

/** The widest vector instructions in use: HQ_SIMD_BASELINE, HQ_SIMD_AVX2, HQ_SIMD_AVX512. */
inline std::uint32_t simd_level() noexcept { return hq_simd_level(); }

/** Use nothing wider, in the whole process. Results are the same. */
inline Result<void> simd_limit(std::uint32_t level)
{
    return detail::answer(hq_simd_limit(level));
}

} // namespace HQUANT_MODE
} // namespace hquant

#endif
