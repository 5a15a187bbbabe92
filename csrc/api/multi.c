/* The HqMulti functions of hquant/market.h: check, take the guards, call in. */
#include "api/columns.h"
#include "ring/bars.h"
#include "engine/multi.h"

static HqStatus enter(HqMulti *multi)
{
    if (!multi)
        return hq_fail(HQ_EINVAL, "handle: expected an HqMulti, found NULL");
    return hq_guard_enter(&multi->guard) ? HQ_OK : HQ_EBUSY;
}

static void leave(HqMulti *multi) { hq_guard_leave(&multi->guard); }

/* The handle and every engine of it: another thread may be inside one of those. */
static HqStatus enter_all(HqMulti *multi)
{
    HqStatus status = enter(multi);
    if (status != HQ_OK)
        return status;
    status = hq_multi_enter_engines(multi);
    if (status != HQ_OK)
        leave(multi);
    return status;
}

static void leave_all(HqMulti *multi)
{
    hq_multi_leave_engines(multi);
    leave(multi);
}

HqStatus hq_multi_new(size_t capacity, const int64_t *periods_ms, size_t count, uint32_t emit,
                      HqMulti **out)
{
    if (!out || (!periods_ms && count > 0))
        return hq_fail(HQ_EINVAL, "multi: expected %s, found NULL",
                       out ? "a list of periods" : "a place for the result");
    return hq_multi_create(capacity, periods_ms, count, emit, out);
}

/* The guards of freed handles stay taken: there is nothing left to leave. */
void hq_multi_free(HqMulti *multi)
{
    if (multi && enter_all(multi) == HQ_OK)
        hq_multi_destroy(multi);
}

HQuant *hq_multi_engine(HqMulti *multi, int64_t period_ms)
{
    if (enter(multi) != HQ_OK)
        return NULL;
    size_t index = hq_multi_find(multi, period_ms);
    HQuant *engine = index == HQ_PERIOD_COUNT_MAX ? NULL : &multi->engines[index].engine;
    leave(multi);
    return engine;
}

HqStatus hq_multi_feed_bar(HqMulti *multi, Bar bar)
{
    HqStatus status = enter_all(multi);
    if (status != HQ_OK)
        return status;
    status = hq_multi_feed(multi, &bar);
    leave_all(multi);
    return status;
}

static bool reads_buy_volume(const HqMulti *multi)
{
    bool reads = multi->reads_buy_volume;
    for (size_t i = 0; i < multi->candles.count; i++)
        reads |= multi->engines[i].engine.reads_buy_volume;
    return reads;
}

HqStatus hq_multi_feed_bars(HqMulti *multi, const HqBars *bars, size_t *fed)
{
    size_t i = 0;
    if (fed)
        *fed = 0;
    HqStatus status = enter_all(multi);
    if (status != HQ_OK)
        return status;
    status = hq_columns_check(bars, reads_buy_volume(multi));
    for (; status == HQ_OK && i < bars->length; i++) {
        const Bar bar = hq_bars_row(bars, i);
        status = hq_multi_feed(multi, &bar);
    }
    size_t taken = status == HQ_OK || i == 0 ? i : i - 1;
    for (size_t e = 0; taken > 0 && !bars->buy_volume && e < multi->candles.count; e++)
        multi->engines[e].engine.lacks_buy_volume = hq_cursor_total(&multi->engines[e].engine.bars.cursor);
    leave_all(multi);
    if (fed)
        *fed = taken;
    return status;
}

HqStatus hq_multi_flush(HqMulti *multi)
{
    HqStatus status = enter_all(multi);
    if (status != HQ_OK)
        return status;
    hq_multi_close_all(multi);
    leave_all(multi);
    return HQ_OK;
}

/* The compiler runs before the engines are taken: it may look at them. */
uint32_t hq_multi_add_strategy(HqMulti *multi, const uint8_t *name_utf8, size_t name_len,
                               const uint8_t *dsl_utf8, size_t dsl_len)
{
    HqProgram *program = NULL;
    uint32_t id = 0;
    if (enter(multi) != HQ_OK)
        return 0;
    if (hq_program_compile(name_utf8, name_len, dsl_utf8, dsl_len, &program) == HQ_OK &&
        hq_multi_enter_engines(multi) == HQ_OK) {
        id = hq_multi_add(multi, program);
        hq_multi_leave_engines(multi);
    }
    if (id == 0)
        hq_program_free(program);
    leave(multi);
    return id;
}

HqStatus hq_multi_set_htf(HqMulti *multi, uint32_t htf, int64_t bar_period_ms)
{
    HqStatus status = enter_all(multi);
    if (status != HQ_OK)
        return status;
    status = hq_clocks_check_setting(htf, bar_period_ms);
    if (status == HQ_OK)
        status = hq_multi_choose(multi, htf, bar_period_ms);
    leave_all(multi);
    return status;
}

HqStatus hq_multi_set_param(HqMulti *multi, uint32_t strategy_id, const char *name, double value)
{
    if (!name)
        return hq_fail(HQ_EINVAL, "name: expected the name of a PARAM, found NULL");
    HqStatus status = enter_all(multi);
    if (status != HQ_OK)
        return status;
    status = hq_multi_change(multi, strategy_id, name, value);
    leave_all(multi);
    return status;
}

size_t hq_multi_poll_signals(HqMulti *multi, Signal *out, size_t cap)
{
    if (!out && cap > 0) {
        hq_fail(HQ_EINVAL, "out: expected room for %zu signals, found NULL", cap);
        return 0;
    }
    if (enter(multi) != HQ_OK)
        return 0;
    size_t taken = hq_signals_poll(&multi->queue, out, cap);
    leave(multi);
    return taken;
}

HqStatus hq_multi_set_signal_capacity(HqMulti *multi, size_t capacity)
{
    HqStatus status = enter(multi);
    if (status != HQ_OK)
        return status;
    status = hq_signals_resize(&multi->queue, capacity);
    leave(multi);
    return status;
}

/* A field of the handle, read inside the guard. */
#define READ(type, expression)    \
    if (enter(multi) != HQ_OK)    \
        return 0;                 \
    type value = (expression);    \
    leave(multi);                 \
    return value

size_t hq_multi_period_count(HqMulti *multi) { READ(size_t, multi->candles.count); }
size_t hq_multi_signals_len(HqMulti *multi) { READ(size_t, multi->queue.len); }
uint64_t hq_multi_rejected(HqMulti *multi) { READ(uint64_t, multi->candles.rejected); }
uint64_t hq_multi_signals_dropped(HqMulti *multi) { READ(uint64_t, multi->queue.dropped); }
