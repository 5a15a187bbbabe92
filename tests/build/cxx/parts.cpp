// Compiled four times; PART says which part it is.
#include "parts.hpp"

#include <vector>
#if PART == 20
#  include <numeric>
#  include <span>
#endif

#if PART == 17

#  include <cstdio>

hquant::Engine part_17(std::size_t capacity) { return hquant::Engine(capacity); }

int main()
{
    const std::vector<double> closes{1, 2, 3, 4};
    hquant::Engine engine = part_17(3);
    const double sum = part_20(engine, closes);
    const bool is_right = sum == 9 && part_no_exceptions() == HQ_EINVAL && part_results() == HQ_EBAR;
    std::printf("parts: %s\n", is_right ? "ok" : "wrong");
    return !is_right;
}

#elif PART == 20

double part_20(hquant::Engine &engine, hquant::span<const double> closes)
{
    const std::span<const double> standard = closes;
    for (const double close : standard)
        engine.push_bar({0, close, close, close, close, 1, 0});
    const hquant::ColumnF64 column = engine.close_column();
    try {
        engine.add_rsi(0);
    } catch (const hquant::Error &error) {
        return error.code() == HQ_EINVAL ? std::accumulate(column.begin(), column.end(), 0.0) : -1;
    }
    return -2;
}

#elif PART == 1

int part_no_exceptions() { return hquant::Engine::create(0).code(); }

#else

int part_results()
{
    auto engine = hquant::Engine::create(4);
    return engine ? engine->push_bar({0, 1e300, 1, 1, 1, 1, 0}).code() : 1;
}

#endif
