/* An indicator's spec in one expression. */
#ifndef TESTS_SPEC_H
#define TESTS_SPEC_H

#include "hquant/indicator.h"

#define SPEC_BARE(row) (&(HqIndicatorSpec){.struct_size = sizeof(HqIndicatorSpec), .code = (row)})

#define SPEC(row, ...)                                                                     \
    (&(HqIndicatorSpec){.struct_size = sizeof(HqIndicatorSpec),                            \
                        .code = (row),                                                     \
                        .n_params = sizeof((double[]){__VA_ARGS__}) / sizeof(double),      \
                        .params = {__VA_ARGS__}})

#endif
