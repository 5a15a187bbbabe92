// Waiting signals, a batch at a time, into the rows that lib/signals.js reads.
#ifndef HQUANT_NODE_QUEUE_H
#define HQUANT_NODE_QUEUE_H

#include <cstring>

#include "hot.h"

// A time as a double, for where that is exact, and its bits.
inline double *put_time(double *out, int64_t time)
{
    out[0] = static_cast<double>(time);
    std::memcpy(out + 1, &time, sizeof time);
    return out + 2;
}

template <typename T, size_t (*Poll)(T *, Signal *, size_t)> void poll_signals(Napi::Env env, Env &own)
{
    constexpr size_t row = 4; // strategy_id, action, time, its bits
    constexpr size_t batch = Env::rows_doubles / row;
    Signal signals[batch];
    hq_clear_error();
    size_t count = Poll(staged<T>(env, own), signals, batch);
    check_last(env);
    double *out = own.rows;
    for (size_t i = 0; i < count; i++) {
        *out++ = signals[i].strategy_id;
        *out++ = signals[i].action;
        out = put_time(out, signals[i].timestamp);
    }
    own.stage[STAGE_OUT] = static_cast<double>(count);
    own.stage[STAGE_OUT + 1] = count == batch; // there may be more
}

#endif
