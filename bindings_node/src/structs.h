// The fields of the C structs that travel between C and JavaScript: those that lib/ sets or reads.
#ifndef HQUANT_NODE_STRUCTS_H
#define HQUANT_NODE_STRUCTS_H

#include "fields.h"

#include <hquant/run.h>
#include <hquant/sweep.h>

extern const Fields option_fields;          // HqBacktestOptions
extern const Fields account_fields;         // BacktestParams
extern const Fields order_fields;           // HqOrder
extern const Fields symbol_fields;          // HqSymbol
extern const Fields report_fields;          // HqBacktestReport
extern const Fields trade_fields;           // HqTrade
extern const Fields fill_fields;            // HqFill
extern const Fields row_fields;             // HqSweepRow
extern const Fields metric_fields;          // HqMetrics
extern const Fields metric_input_fields;    // HqMetricsInput
extern const Fields run_option_fields;      // HqRunOptions
extern const Fields run_result_fields;      // HqRunResult

#endif
