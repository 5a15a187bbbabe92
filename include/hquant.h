/**
 * @file hquant.h
 * hquant: market data, indicators, text strategies and futures backtests behind one C ABI.
 *
 * The data flows one way, and this page follows it:
 *
 *     bars -> ring columns -> indicators -> strategies -> signals -> backtest
 *
 * Conventions that hold for every function here
 * - A handle is created by a `_new` function, owned by the caller and released by the matching
 *   `_free`, which accepts NULL. Everything a function hands out by pointer belongs to the handle.
 * - No function aborts, prints, or reads the clock, the locale or the environment. Bad input is
 *   answered by NULL, 0, NaN or by doing nothing, as each function says; hq_last_error()
 *   (hquant/status.h) then tells why, for the calling thread.
 * - One thread at a time may be inside a handle. A call on a handle that another thread is inside
 *   does nothing, answers as for bad input, and sets HQ_EBUSY. Different handles share no state.
 * - Creating and adding allocate; pushing, updating, reading and polling never do.
 * - The same input gives the same output bit for bit, on any thread and any code path.
 */
#ifndef HQUANT_H
#define HQUANT_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && !defined(HQ_STATIC)
#  ifdef HQ_BUILDING
#    define HQ_API __declspec(dllexport)
#  else
#    define HQ_API __declspec(dllimport)
#  endif
#elif defined(__GNUC__)
#  define HQ_API __attribute__((visibility("default")))
#else
#  define HQ_API
#endif

/** Largest ring capacity, in bars. Larger requests are refused whatever memory the machine has. */
#define HQ_CAPACITY_MAX ((size_t)1 << 27)

/** Largest indicator period, in bars. The smallest is 1. */
#define HQ_PERIOD_MAX ((size_t)1 << 20)

/** Largest magnitude of a bar's field. A bar beyond it, or not finite, is refused whole. */
#define HQ_VALUE_MAX 1e100

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ bars */

/* [cdef] */
/** One candle. 56 bytes. */
typedef struct Bar {
    int64_t timestamp; /**< open time, milliseconds since the Unix epoch, UTC */
    double open;       /**< price of the first trade */
    double high;       /**< highest price */
    double low;        /**< lowest price */
    double close;      /**< price of the last trade */
    double volume;     /**< traded quantity, in units of the base asset */
    double buy_volume; /**< the part of volume where the buyer was the taker; 0 when not known */
} Bar;

/** What a strategy asks for: ACTION_BUY, ACTION_SELL or ACTION_HOLD. 1 byte. */
typedef uint8_t Action;
/* [/cdef] */
#define ACTION_BUY  ((Action)1) /**< close a short, open or add to a long */
#define ACTION_SELL ((Action)2) /**< close a long, open or add to a short */
#define ACTION_HOLD ((Action)3) /**< nothing to do; still emitted as a signal */
/* [cdef] */

/** A strategy's answer to one bar. 16 bytes; the padding is zero. */
typedef struct Signal {
    uint32_t strategy_id; /**< as hquant_add_strategy() returned it, from 1 */
    Action action;        /**< ACTION_BUY, ACTION_SELL or ACTION_HOLD */
    int64_t timestamp;    /**< the bar's timestamp, milliseconds */
} Signal;

/** Whether an IndicatorValue holds one number or three. 1 byte. */
typedef uint8_t IndicatorValueKind;
/* [/cdef] */
#define INDICATOR_SCALAR ((IndicatorValueKind)1) /**< a is the value; b and c are NaN */
#define INDICATOR_TRIPLE ((IndicatorValueKind)2) /**< a, b and c are the three outputs */
/* [cdef] */

/** The newest value of an indicator. 32 bytes; the padding is zero. NaN where it has no value yet. */
typedef struct IndicatorValue {
    IndicatorValueKind kind; /**< INDICATOR_SCALAR or INDICATOR_TRIPLE */
    double a;                /**< the value | BOLL: upper | MACD: macd line */
    double b;                /**< NaN       | BOLL: mid   | MACD: signal line */
    double c;                /**< NaN       | BOLL: lower | MACD: histogram (macd - signal) */
} IndicatorValue;

/**
 * View of one float64 ring column, zero-copy. 32 bytes.
 * The oldest of the `len` elements stands at index 0 while len < capacity, and at `head` once the
 * ring is full; from there they run on and wrap at `capacity`. ptr stays valid and unmoved until
 * the handle is freed; head and len are those of the moment of the call.
 */
typedef struct HqColumnF64 {
    const double *ptr; /**< backing storage of `capacity` elements; NULL when there is none */
    size_t capacity;   /**< elements that fit */
    size_t len;        /**< elements held, 0..capacity */
    size_t head;       /**< index the next element will be written to, 0..capacity-1 */
} HqColumnF64;

/** View of one int64 ring column; as HqColumnF64. 32 bytes. */
typedef struct HqColumnI64 {
    const int64_t *ptr; /**< backing storage of `capacity` elements; NULL when there is none */
    size_t capacity;    /**< elements that fit */
    size_t len;         /**< elements held, 0..capacity */
    size_t head;        /**< index the next element will be written to, 0..capacity-1 */
} HqColumnI64;

/* -------------------------------------------------------------- lifecycle */

/** A single-period engine: a ring of bars, indicators over them, strategies over those. Opaque. */
typedef struct HQuant HQuant;

/**
 * Create an engine.
 * @param capacity  bars that the ring keeps, 1..HQ_CAPACITY_MAX. Indicators need no room in it:
 *                  any period works with any capacity.
 * @return the engine, owned by the caller; NULL (HQ_EINVAL: capacity, HQ_ENOMEM) on failure.
 */
HQ_API HQuant *hquant_new(size_t capacity);

/**
 * Free an engine and every column it handed out. NULL is accepted. A handle that another thread
 * is inside is left alone (HQ_EBUSY).
 */
HQ_API void hquant_free(HQuant *handle);

/* -------------------------------------------------------------- indicators */
/*
 * Each function adds an indicator and returns its id (from 1), or the id it already has: equal
 * indicators are computed once. Indicators that another is built on are added first and take ids
 * of their own (BOLL: SMA, STDDEV; MACD: two EMAs). Added late, an indicator is warmed from the
 * bars that the ring holds, as if a fresh engine had been fed just those. (In a ring of one bar
 * that is the forming one alone: an update of it then sees the bar that was there before, too.)
 * 0 (HQ_EINVAL, HQ_ENOMEM, HQ_EBUSY) on failure, which leaves nothing behind and uses up no id.
 */

/**
 * Relative strength index of the close, 0..100. First value at bar `period` (0-based): plain
 * means of the first `period` gains and losses, then Wilder's smoothing. Both averages 0: 50.
 * @param period  bars, 1..HQ_PERIOD_MAX.
 */
HQ_API uint32_t hquant_add_rsi(HQuant *handle, size_t period);

/**
 * Exponential moving average of the close, price units: e += 2/(period+1) * (close - e), seeded
 * with the first close. First value at bar 0.
 * @param period  bars, 1..HQ_PERIOD_MAX.
 */
HQ_API uint32_t hquant_add_ema_close(HQuant *handle, size_t period);

/**
 * Mean of the last `period` closes, price units. First value at bar period-1.
 * @param period  bars, 1..HQ_PERIOD_MAX.
 */
HQ_API uint32_t hquant_add_sma_close(HQuant *handle, size_t period);

/**
 * Population standard deviation (divided by `period`) of the last `period` closes, price units.
 * First value at bar period-1; exactly 0 over a flat window.
 * @param period  bars, 1..HQ_PERIOD_MAX.
 */
HQ_API uint32_t hquant_add_stddev_close(HQuant *handle, size_t period);

/**
 * Bollinger bands of the close: (upper, mid, lower) = SMA + k*STDDEV, SMA, SMA - k*STDDEV, price
 * units. First value at bar period-1.
 * @param period  bars, 1..HQ_PERIOD_MAX.
 * @param k       width in standard deviations, 0..1e6.
 */
HQ_API uint32_t hquant_add_boll(HQuant *handle, size_t period, double k);

/**
 * Moving average convergence/divergence of the close: (macd, signal, hist) = EMA(fast) -
 * EMA(slow), EMA(signal) of that line, their difference; price units. First value at bar 0.
 * @param fast    bars, 1..HQ_PERIOD_MAX, smaller than slow.
 * @param slow    bars, 1..HQ_PERIOD_MAX.
 * @param signal  bars, 1..HQ_PERIOD_MAX.
 */
HQ_API uint32_t hquant_add_macd(HQuant *handle, size_t fast, size_t slow, size_t signal);

/* -------------------------------------------------------------- strategies */

/**
 * Add a strategy, given as text or as a compiled program (HQBC, known by its first four bytes).
 * Nothing is emitted until the next push or update. Added late, it is warmed as an indicator is.
 * @param name_utf8  a name for messages, UTF-8, need not end in NUL; may be NULL when name_len is 0.
 * @param name_len   its length in bytes.
 * @param dsl_utf8   the text (UTF-8) or the program's bytes; copied.
 * @param dsl_len    its length in bytes.
 * @return its id, from 1; 0 on failure (HQ_EINVAL, HQ_EUTF8, HQ_ECOMPILE with line and column,
 *         HQ_EPROGRAM, HQ_ENOCOMPILER, HQ_EUNSUPPORTED, HQ_ELIMIT, HQ_ENOMEM, HQ_EBUSY; HQ_EORDER
 *         where it reads a higher timeframe and the ring's bars are not in order), which leaves
 *         nothing behind and uses up no id. Text needs the compiler, see hquant/program.h; a program
 *         never does.
 */
HQ_API uint32_t hquant_add_strategy(HQuant *handle, const uint8_t *name_utf8, size_t name_len,
                                    const uint8_t *dsl_utf8, size_t dsl_len);

/* --------------------------------------------------------------- ingestion */

/**
 * Append a bar: it becomes the newest, still forming one; the bar before it is final from now on.
 * Indicators advance, strategies are evaluated. A bar with a field that is not finite or beyond
 * HQ_VALUE_MAX is refused whole: nothing changes, HQ_EBAR is set and a counter goes up
 * (hq_rejected_bars()). While a strategy reads a higher timeframe, so is one that is out of order
 * (HQ_EORDER, see hq_engine_set_htf()). Allocates nothing.
 */
HQ_API void hquant_push_bar(HQuant *handle, Bar bar);

/**
 * Replace the newest bar. Indicators show the new value as if only this version had been pushed;
 * strategies are evaluated again. With no bar yet it does nothing. Refuses as hquant_push_bar().
 */
HQ_API void hquant_update_last_bar(HQuant *handle, Bar bar);

/* -------------------------------------------------------------------- info */

/** Bars held, 0..capacity; 0 for NULL. */
HQ_API size_t hquant_len(HQuant *handle);

/** Bars that fit; 0 for NULL. */
HQ_API size_t hquant_capacity(HQuant *handle);

/* ----------------------------------------------------------------- columns */
/* Views of the ring, zero-copy. All fields are 0/NULL for a NULL or busy handle. */

HQ_API HqColumnF64 hquant_close_column(HQuant *handle);      /**< close, price units */
HQ_API HqColumnF64 hquant_open_column(HQuant *handle);       /**< open, price units */
HQ_API HqColumnF64 hquant_high_column(HQuant *handle);       /**< high, price units */
HQ_API HqColumnF64 hquant_low_column(HQuant *handle);        /**< low, price units */
HQ_API HqColumnF64 hquant_volume_column(HQuant *handle);     /**< volume, base asset units */
HQ_API HqColumnF64 hquant_buy_volume_column(HQuant *handle); /**< taker-buy volume, base asset units */
HQ_API HqColumnI64 hquant_timestamp_column(HQuant *handle);  /**< open time, milliseconds */

/* ---------------------------------------------------------- indicator value */

/**
 * The newest value of an indicator, the forming bar included.
 * @param id  as returned when it was added.
 * @return its value, NaN before the first one; a scalar NaN for NULL, a busy handle or an unknown id.
 */
HQ_API IndicatorValue hquant_indicator_last(HQuant *handle, uint32_t id);

/* ----------------------------------------------------------------- signals */

/** Signals waiting to be polled; 0 for NULL. */
HQ_API size_t hquant_signals_len(HQuant *handle);

/**
 * Move waiting signals, oldest first, to `out`.
 * @param out  room for `cap` signals; may be NULL when cap is 0.
 * @param cap  how many at the most.
 * @return how many were moved. The queue is a ring (65,536 signals unless
 *         hq_set_signal_capacity() said otherwise) that drops the oldest when full and counts
 *         the drops.
 */
HQ_API size_t hquant_poll_signals(HQuant *handle, Signal *out, size_t cap);

/* ---------------------------------------------------------------- backtest */

/** How a futures account trades. 48 bytes. All fields finite and at most HQ_VALUE_MAX. */
typedef struct BacktestParams {
    double initial_margin;          /**< starting cash, quote currency, > 0 */
    double leverage;                /**< notional / margin, >= 1 */
    double contract_size;           /**< base asset units per contract, >= 1e-100 */
    double maker_fee_rate;          /**< fraction of notional, >= 0, e.g. 0.0002 */
    double taker_fee_rate;          /**< fraction of notional, >= 0, e.g. 0.0004 */
    double maintenance_margin_rate; /**< fraction of notional, >= 0, e.g. 0.005 */
} BacktestParams;

/** An account's state at a price. 40 bytes. */
typedef struct BacktestResult {
    double equity;            /**< cash + margin + unrealised P&L, quote currency, >= 0 */
    double profit;            /**< equity - initial_margin, quote currency */
    double profit_rate;       /**< profit / initial_margin */
    double max_drawdown_rate; /**< deepest fall from a peak of marked equity, this price included, -1..0 */
    uint8_t liquidated;       /**< 1 after a liquidation, else 0 */
} BacktestResult;

/** A futures account with a long and a short position. Opaque. */
typedef struct FuturesBacktest FuturesBacktest;

/**
 * Open an account.
 * @param params  every field within its range.
 * @return the account, owned by the caller; NULL (HQ_EINVAL naming the field, HQ_ENOMEM).
 */
HQ_API FuturesBacktest *hq_backtest_new(BacktestParams params);

/** Free an account. NULL is accepted; one that another thread is inside is left alone (HQ_EBUSY). */
HQ_API void hq_backtest_free(FuturesBacktest *handle);

/*
 * A position of margin m holds m * leverage of notional, so m * leverage / price base asset units.
 * Opening takes m and the fee from cash; closing gives m and the P&L back and takes the fee, as far
 * as there is cash for it. While a position is open, equity <= maintenance margin liquidates:
 * positions gone, cash 0, drawdown -1, no more trades. Equity never goes below 0.
 */

/**
 * Trade at market: BUY closes a short, then opens or adds to a long; SELL mirrors it; HOLD only
 * marks. In order: liquidation check at this price, close, open, mark with the check again. Taker
 * fee on both legs. Non-finite or non-positive price, negative or non-finite margin, an unknown
 * action, or an account already liquidated: nothing changes and the error is set. An opening whose
 * position would not be of 0 < quantity <= HQ_VALUE_MAX base asset units is left out, with the
 * error set.
 * @param price   quote currency per base asset unit, > 0, at most HQ_VALUE_MAX.
 * @param margin  quote currency to commit, >= 0; clamped to what cash affords including the fee.
 */
HQ_API void hq_backtest_apply_signal(FuturesBacktest *handle, Action action, double price,
                                     double margin);

/**
 * Mark the account at a price: drawdown, then liquidation if equity <= maintenance margin. A price
 * as hq_backtest_apply_signal() refuses it changes nothing and sets the error; after a liquidation
 * there is nothing to mark and no error.
 */
HQ_API void hq_backtest_on_price(FuturesBacktest *handle, double price);

/**
 * The account valued at a price. Changes nothing: neither the drawdown nor a liquidation that this
 * price would bring is kept.
 * @return all NaN and liquidated 0 for NULL, a busy handle or a bad price.
 */
HQ_API BacktestResult hq_backtest_result(FuturesBacktest *handle, double price);
/* [/cdef] */

#ifdef __cplusplus
}
#endif

#endif /* HQUANT_H */
