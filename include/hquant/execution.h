/**
 * @file execution.h
 * How orders are filled, what they cost and what is recorded of them. docs/backtesting.md has every
 * rule in words; the numbers of its rules stand here in brackets.
 */
#ifndef HQUANT_EXECUTION_H
#define HQUANT_EXECUTION_H

#include "engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/* ---------------------------------------------------------------- choices */

/** Where a strategy's signal trades [O1]. */
enum {
    HQ_FILL_NEXT_OPEN = 0, /**< at the next bar's open */
    HQ_FILL_CLOSE = 1,     /**< at the signal bar's close */
    HQ_FILL_LIMIT = 2      /**< at a limit off the signal bar's close, from the next bar on */
};

/** What is assumed about the order of the prices inside a bar [P1]. */
enum {
    HQ_INTRABAR_WORST = 0,   /**< what hurts comes first */
    HQ_INTRABAR_BEST = 1,    /**< what helps comes first */
    HQ_INTRABAR_NEAREST = 2, /**< the extreme nearer to the open comes first */
    HQ_INTRABAR_FINER = 3    /**< as the finer bars say; inside one of them, what hurts first */
};

/** Which sides may be held. */
enum { HQ_SIDES_BOTH = 0, HQ_SIDES_LONG = 1, HQ_SIDES_SHORT = 2 };

/** What a size counts [S1]. */
enum {
    HQ_SIZE_ALL = 0,      /**< all that cash affords; the number is not read */
    HQ_SIZE_UNITS = 1,    /**< base asset units */
    HQ_SIZE_NOTIONAL = 2, /**< quote currency, of the position */
    HQ_SIZE_EQUITY = 3,   /**< fraction of equity at the fill, as margin: before leverage */
    HQ_SIZE_MARGIN = 4    /**< quote currency, of the margin */
};

/** What a distance counts. */
enum {
    HQ_DISTANCE_NONE = 0,    /**< there is none; the number is not read */
    HQ_DISTANCE_PRICE = 1,   /**< quote currency per unit */
    HQ_DISTANCE_FRACTION = 2 /**< fraction of the entry's fill price */
};

/** Slippage of market and stop fills [C3]. */
enum {
    HQ_SLIPPAGE_NONE = 0,
    HQ_SLIPPAGE_TICKS = 1,    /**< `slippage` ticks */
    HQ_SLIPPAGE_FRACTION = 2, /**< `slippage` as a fraction of the price */
    HQ_SLIPPAGE_RANDOM = 3    /**< a fraction in [0, slippage), drawn from `slippage_seed` */
};

/** What a funding rate that is missing (NaN) is [C4]. */
enum { HQ_FUNDING_ERROR = 0, HQ_FUNDING_ZERO = 1, HQ_FUNDING_CONSTANT = 2 };

/** An order that cash does not afford [S3]. */
enum { HQ_UNAFFORDABLE_CLAMP = 0, HQ_UNAFFORDABLE_REJECT = 1 };

/** Bars that cannot be traded. */
enum {
    HQ_BAD_BARS_ERROR = 0,
    HQ_BAD_BARS_SKIP = 1,
    HQ_BAD_BARS_CANDLES = 2 /**< an error, as is what hq_bars_check() refuses: both in one pass */
};

/** Kinds of order [O3]. */
enum { HQ_ORDER_MARKET = 1, HQ_ORDER_LIMIT = 2, HQ_ORDER_STOP = 3, HQ_ORDER_STOP_LIMIT = 4 };

/** Why something was traded. */
enum {
    HQ_REASON_NONE = 0,        /**< a trade that is still open */
    HQ_REASON_SIGNAL = 1,      /**< a strategy's signal */
    HQ_REASON_LIQUIDATION = 2, /**< the account was liquidated */
    HQ_REASON_STOP = 3,        /**< a position's stop */
    HQ_REASON_TARGET = 4,      /**< a position's target */
    HQ_REASON_TRAIL = 5,       /**< a position's trailing stop */
    HQ_REASON_ORDER = 6        /**< an order of the caller's list */
};

/** Why an order opened nothing; indices of HqBacktestReport.rejects [S4]. */
enum {
    HQ_REJECT_CLAUSE = 0,       /**< SIZE, STOP, TARGET or TRAIL unknown or not > 0 */
    HQ_REJECT_LIQUIDATED = 1,   /**< the account is gone */
    HQ_REJECT_CASH = 2,         /**< cash affords nothing; or not all of it, where that rejects */
    HQ_REJECT_MIN_SIZE = 3,     /**< less than min_quantity, min_notional or a lot */
    HQ_REJECT_LEVERAGE = 4,     /**< beyond what the margin tiers allow at this leverage */
    HQ_REJECT_SIDE = 5,         /**< a side that may not be held */
    HQ_REJECT_REDUCE_ONLY = 6,  /**< nothing to reduce */
    HQ_REJECT_MAX_SIZE = 7,     /**< the position would be beyond HQ_VALUE_MAX units */
    HQ_REJECT_COUNT = 8
};

/* ---------------------------------------------------------------- inputs */

/** A step of the margin rules: from a position's notional on, until the next step's [M2]. */
typedef struct HqMarginTier {
    double notional_from;    /**< quote currency, >= 0; the first is 0, each above the one before */
    double maintenance_rate; /**< fraction of the notional inside this step, >= 0, not falling */
    double max_leverage;     /**< >= 1, not rising: of a position whose notional ends in this step */
} HqMarginTier;

/** An order of the caller's list. 80 bytes. */
typedef struct HqOrder {
    int64_t bar;          /**< index of the bar after whose close it is given, -1: before the first */
    uint32_t symbol;      /**< index of the symbol */
    uint32_t bars;        /**< bars it stays for; 0: until it is done */
    uint32_t oco;         /**< 1..n_orders: a fill cancels the other orders of this group; 0: none */
    uint8_t type;         /**< HQ_ORDER_MARKET .. HQ_ORDER_STOP_LIMIT */
    int8_t side;          /**< +1 buy, -1 sell */
    uint8_t reduce_only;  /**< 1: may close, never open */
    uint8_t size_unit;    /**< HQ_SIZE_ALL .. HQ_SIZE_MARGIN */
    uint8_t stop_unit;    /**< HQ_DISTANCE_NONE .. HQ_DISTANCE_FRACTION */
    uint8_t target_unit;  /**< the same */
    uint8_t trail_unit;   /**< the same */
    uint8_t reserved[5];  /**< zero */
    double size;          /**< in size_unit, > 0 */
    double price;         /**< of a limit and a stop-limit, quote currency */
    double stop_price;    /**< of a stop and a stop-limit, quote currency */
    double stop;          /**< distance from the fill, in stop_unit */
    double target;        /**< distance from the fill, in target_unit */
    double trail;         /**< distance from the best price, in trail_unit */
} HqOrder;

/** One instrument of a run: its bars, what gives its signals, and the rules of its venue. */
typedef struct HqSymbol {
    uint32_t struct_size;       /**< sizeof(HqSymbol), in bytes */
    uint32_t reserved;          /**< zero */
    const HqBars *bars;         /**< timestamps not falling */
    const HqProgram *program;   /**< NULL: no strategy */
    const double *params;       /**< n_params values in place of the PARAMs' own; may be NULL */
    size_t n_params;            /**< 0, or hq_program_param_count() */
    const int8_t *signals;      /**< bars->length values, +1 buy, -1 sell, 0 none, when program is NULL; may be NULL */
    const double *funding_rate; /**< bars->length fractions of notional, NaN where missing; may be NULL */
    const HqBars *finer;        /**< bars of a shorter period, for HQ_INTRABAR_FINER; may be NULL */
    double tick_size;           /**< quote currency, >= 1e-100; 0: any price */
    double lot_size;            /**< base asset units, >= 1e-100; 0: any quantity */
    double min_quantity;        /**< of an opening, base asset units, >= 0 */
    double min_notional;        /**< of an opening, quote currency, >= 0 */
} HqSymbol;

/** Called after about every 2^16 bars and after the last; a non-zero answer cancels the run. */
typedef int32_t (*HqProgressFn)(void *user, size_t done, size_t total);

/** Options of a run. Begin with hq_backtest_options_init(). */
typedef struct HqBacktestOptions {
    uint32_t struct_size;         /**< sizeof(HqBacktestOptions), in bytes */
    uint32_t htf;                 /**< HQ_HTF_CLOSED or HQ_HTF_FORMING */
    int64_t bar_period_ms;        /**< of the bars, as hq_engine_set_htf(); 0: unknown */
    BacktestParams account;       /**< cash, leverage, fees per notional, maintenance */
    const HqMarginTier *tiers;    /**< in place of account.maintenance_margin_rate; may be NULL */
    size_t n_tiers;               /**< 0..64 */
    uint8_t fill;                 /**< HQ_FILL_NEXT_OPEN .. HQ_FILL_LIMIT */
    uint8_t intrabar;             /**< HQ_INTRABAR_WORST .. HQ_INTRABAR_FINER */
    uint8_t sides;                /**< HQ_SIDES_BOTH .. HQ_SIDES_SHORT */
    uint8_t hedged;               /**< 0: one net position a symbol; 1: a long and a short beside it */
    uint8_t unaffordable;         /**< HQ_UNAFFORDABLE_CLAMP or HQ_UNAFFORDABLE_REJECT */
    uint8_t bad_bars;             /**< HQ_BAD_BARS_ERROR .. HQ_BAD_BARS_CANDLES */
    uint8_t slippage_kind;        /**< HQ_SLIPPAGE_NONE .. HQ_SLIPPAGE_RANDOM */
    uint8_t funding_missing;      /**< HQ_FUNDING_ERROR .. HQ_FUNDING_CONSTANT */
    uint8_t size_unit;            /**< of `size` */
    uint8_t stop_unit;            /**< of `stop` */
    uint8_t target_unit;          /**< of `target` */
    uint8_t trail_unit;           /**< of `trail` */
    uint32_t pyramiding;          /**< additions to a position that signals may make */
    uint32_t limit_bars;          /**< bars a limit of HQ_FILL_LIMIT stays for; 0: until the next signal */
    uint32_t reserved;            /**< zero */
    double limit_offset;          /**< fraction of the close, >= 0 and < 1: a buy below it, a sell above */
    double fee_per_unit;          /**< quote currency per base asset unit, >= 0 */
    double slippage;              /**< in slippage_kind, >= 0 */
    uint64_t slippage_seed;       /**< any */
    int64_t funding_interval_ms;  /**< > 0: due at the first bar at or after each multiple of it; 0: at every bar */
    double funding_constant;      /**< rate for HQ_FUNDING_CONSTANT, fraction of notional */
    double size;                  /**< of a signal without SIZE, in size_unit */
    double stop;                  /**< of a signal without STOP, in stop_unit */
    double target;                /**< of a signal without TARGET, in target_unit */
    double trail;                 /**< of a signal without TRAIL, in trail_unit */
    HqProgressFn progress;        /**< may be NULL */
    void *progress_user;          /**< handed to progress as it is */
} HqBacktestOptions;

/* ---------------------------------------------------------------- records */

/** One execution. 72 bytes. */
typedef struct HqFill {
    int64_t time;        /**< timestamp of its bar, ms */
    uint64_t bar;        /**< index of its bar among the symbol's */
    int64_t order;       /**< index in the caller's list; -1 for anything else */
    double price;        /**< quote currency */
    double quantity;     /**< base asset units, > 0 */
    double fee;          /**< quote currency */
    double pnl;          /**< realised by it before fees, quote currency; 0 for an opening */
    double position;     /**< signed base asset units of the symbol afterwards */
    uint32_t symbol;     /**< index of the symbol */
    int8_t side;         /**< +1 bought, -1 sold */
    uint8_t reason;      /**< HQ_REASON_SIGNAL .. HQ_REASON_ORDER */
    uint8_t is_maker;    /**< 1: at the maker's rate */
    uint8_t is_opening;  /**< 1: it opened or added to a position */
} HqFill;

/** One position from flat to flat. 144 bytes. */
typedef struct HqTrade {
    int64_t entry_time;   /**< timestamp of the bar it was entered on, ms */
    int64_t exit_time;    /**< timestamp of the bar it was left on, ms; of the last bar while open */
    uint64_t entry_bar;   /**< index of that bar among the symbol's */
    uint64_t exit_bar;    /**< index of that bar */
    uint64_t bars_held;   /**< exit_bar - entry_bar */
    double entry_price;   /**< mean of its openings by quantity, quote currency */
    double exit_price;    /**< mean of its closings by quantity, quote currency; an open one's rest at the last close */
    double quantity;      /**< base asset units opened in all, > 0 */
    double pnl;           /**< after fees and funding, quote currency; unrealised while open */
    double fees;          /**< paid for this trade, quote currency */
    double funding;       /**< paid for this trade, quote currency; < 0: received */
    double margin;        /**< committed in all, quote currency */
    double risk;          /**< what its stops put at stake at its openings, quote currency; NaN without a stop */
    double r_multiple;    /**< pnl / risk; NaN without a stop or with one at the entry */
    double mae;           /**< worst P&L before fees and funding while held, quote currency, <= 0 */
    double mfe;           /**< best P&L before fees and funding while held, quote currency, >= 0 */
    uint64_t entries;     /**< openings, >= 1 */
    uint32_t symbol;      /**< index of the symbol */
    int8_t side;          /**< +1 long, -1 short */
    uint8_t entry_reason; /**< HQ_REASON_SIGNAL or HQ_REASON_ORDER */
    uint8_t exit_reason;  /**< of the closing that ended it; HQ_REASON_NONE while open */
    uint8_t reserved;     /**< zero */
} HqTrade;

/** Set options to their defaults: a market order at the next open for all that cash affords, no costs. */
HQ_API void hq_backtest_options_init(HqBacktestOptions *options);

/** Set a symbol to its defaults: nothing attached, any price, any quantity. */
HQ_API void hq_symbol_init(HqSymbol *symbol);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
