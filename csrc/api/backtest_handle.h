/* What a FuturesBacktest handle points to. Here, so that a test can compare its bytes. */
#ifndef HQ_API_BACKTEST_HANDLE_H
#define HQ_API_BACKTEST_HANDLE_H

#include "base/guard.h"
#include "exec/account.h"

struct FuturesBacktest {
    HqGuard guard;
    HqAccount account;
};

#endif
