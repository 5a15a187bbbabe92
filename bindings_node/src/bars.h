// Bars in native memory: copied once from typed arrays, never written again, shared by the jobs that
// read them.
#ifndef HQUANT_NODE_BARS_H
#define HQUANT_NODE_BARS_H

#include "handle.h"

struct Bars {
    HqBars columns = {};
    std::unique_ptr<double[]> memory; // the columns one behind the other, times first
};

template <> constexpr Kind kind_of<Bars>() { return Kind::bars; }

// What a job reads its bars from: Bars, of which it has a share, or typed arrays where they lie.
struct BarsInput {
    std::shared_ptr<Bars> owner;
    HqBars columns = {};
};

// Typed arrays can be read where they lie only while no JavaScript runs.
enum class Arrays { allowed, refused };

// A handle of Bars, or an object of typed arrays; a TypeError for anything else.
BarsInput read_bars(Napi::Value value, Arrays arrays);

#endif
