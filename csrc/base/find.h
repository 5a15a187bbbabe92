/* A search through columns in blocks: whether one of a block is it first, which one only then. */
#ifndef HQ_BASE_FIND_H
#define HQ_BASE_FIND_H

#include <stddef.h>
#include <stdint.h>

enum { HQ_FIND_BLOCK = 1024 };

/** Return from a function the first i of from..n - 1 for which `is_it`, an expression in i, is not 0; n when none. */
#define HQ_FIND(from, n, is_it)                                         \
    for (size_t at_ = (from), end_; at_ < (n); at_ = end_) {            \
        uint64_t any_ = 0;                                              \
        end_ = (n) - at_ < HQ_FIND_BLOCK ? (n) : at_ + HQ_FIND_BLOCK;   \
        for (size_t i = at_; i < end_; i++)                             \
            any_ |= (uint64_t)(is_it);                                  \
        for (size_t i = at_; any_ && i < end_; i++)                     \
            if (is_it)                                                  \
                return i;                                               \
    }                                                                   \
    return (n)

#endif
