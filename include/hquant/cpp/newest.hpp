/**
 * @file newest.hpp
 * Newest values of an engine's indicators, read where they are computed.
 */
#ifndef HQUANT_CPP_NEWEST_HPP
#define HQUANT_CPP_NEWEST_HPP

#include "../engine.h"

#include <cstddef>

namespace hquant {

/**
 * View of newest values, as newest() of an engine makes it: it always shows the newest bar's, and costs a
 * push nothing. The memory is the engine's, which must outlive it. One that nobody made is empty.
 */
class Newest {
  public:
    Newest() noexcept = default;
    explicit Newest(const HqNewest &newest) noexcept : newest_(newest) {}

    std::size_t size() const noexcept { return newest_.count; }
    bool empty() const noexcept { return size() == 0; }

    /**
     * The value of output `index`, in the order in which they were asked for; NaN where there is none yet.
     * `index` is less than size(), which is not checked.
     */
    double operator[](std::size_t index) const noexcept { return hq_newest_value(&newest_, index); }

  private:
    HqNewest newest_{};
};

} // namespace hquant

#endif
