/* The ring: cursor, columns, and the operations of the seed's CircularColumn and KlineBuffer. */
#include <string.h>

#include "check.h"
#include "ring/bars.h"

static Bar numbered(int64_t n)
{
    double x = (double)n;
    return (Bar){n, x, x + 0.25, x - 0.25, x + 0.125, 2 * x, x / 2};
}

static int equal(Bar a, Bar b) { return memcmp(&a, &b, sizeof a) == 0; }

/* ------------------------------------------------------------------ cursor */

static void cursor_counts_up_then_wraps_over_the_oldest(void)
{
    HqCursor cursor = {.capacity = 3};
    const size_t written[] = {0, 1, 2, 0, 1, 2, 0}, held[] = {1, 2, 3, 3, 3, 3, 3};
    for (size_t i = 0; i < 7; i++) {
        CHECK(hq_cursor_push(&cursor) == written[i]);
        CHECK(hq_cursor_len(&cursor) == held[i] && cursor.head == (i + 1) % 3);
        CHECK(hq_cursor_last(&cursor) == written[i]);
    }
}

static void cursor_of_one_always_writes_the_same_place(void)
{
    HqCursor cursor = {.capacity = 1};
    for (int i = 0; i < 5; i++) {
        CHECK(hq_cursor_push(&cursor) == 0);
        CHECK(hq_cursor_len(&cursor) == 1 && cursor.head == 0);
        CHECK(hq_cursor_last(&cursor) == 0 && hq_cursor_at(&cursor, 0) == 0);
        CHECK(hq_cursor_from_end(&cursor, 0) == 0);
    }
}

/* Every capacity, every fill, every head: element i from either end is where pushing put it. */
static void cursor_finds_elements_from_both_ends(void)
{
    for (size_t capacity = 1; capacity <= 9; capacity++) {
        size_t ring[9] = {0};
        HqCursor cursor = {.capacity = capacity};
        for (size_t n = 1; n <= 4 * capacity; n++) {
            ring[hq_cursor_push(&cursor)] = n;
            CHECK(hq_cursor_len(&cursor) == (n < capacity ? n : capacity));
            for (size_t i = 0; i < hq_cursor_len(&cursor); i++) {
                CHECK(ring[hq_cursor_at(&cursor, i)] == n - hq_cursor_len(&cursor) + 1 + i);
                CHECK(ring[hq_cursor_from_end(&cursor, i)] == n - i);
            }
        }
    }
}

static void cursor_counts_what_was_pushed_one_by_one_or_many_at_once(void)
{
    for (size_t capacity = 1; capacity <= 9; capacity++)
        for (size_t many = 0; many <= 3 * capacity; many++) {
            HqCursor one = {.capacity = capacity}, all = one;
            for (size_t n = 0; n < 5; n++) {
                CHECK(hq_cursor_total(&one) == n * many);
                for (size_t i = 0; i < many; i++)
                    hq_cursor_push(&one);
                hq_cursor_push_many(&all, many);
                CHECK(memcmp(&one, &all, sizeof one) == 0);
            }
        }
    HqCursor late = hq_cursor_after(7, UINT64_MAX - 1);
    CHECK(hq_cursor_total(&late) == UINT64_MAX - 1 && hq_cursor_len(&late) == 7);
}

static void columns_lie_an_odd_number_of_cache_lines_apart(void)
{
    for (size_t capacity = 1; capacity < 3000; capacity++) {
        size_t stride = hq_column_stride(capacity);
        CHECK(stride >= capacity && stride < capacity + 16);
        CHECK(stride % 8 == 0 && stride / 8 % 2 == 1);
    }
}

/* -------------------------------------------------------------------- bars */

static void ring_full_keeps_the_newest_bars(void)
{
    for (size_t capacity = 1; capacity <= 7; capacity++) {
        HqBarRing bars;
        CHECK(hq_bars_init(&bars, capacity) == HQ_OK);
        CHECK(hq_cursor_len(&bars.cursor) == 0 && bars.cursor.head == 0 && bars.cursor.capacity == capacity);
        for (int64_t n = 1; n <= 23; n++) {
            Bar bar = numbered(n);
            hq_bars_push(&bars, &bar);
            size_t len = hq_cursor_len(&bars.cursor);
            CHECK(len == ((size_t)n < capacity ? (size_t)n : capacity));
            for (size_t i = 0; i < len; i++)
                CHECK(equal(hq_bars_get(&bars, i), numbered(n - (int64_t)(len - 1 - i))));
        }
        hq_bars_destroy(&bars);
    }
}

static void update_replaces_the_newest_bar_and_no_other(void)
{
    for (size_t capacity = 1; capacity <= 5; capacity++) {
        HqBarRing bars;
        CHECK(hq_bars_init(&bars, capacity) == HQ_OK);
        for (int64_t n = 1; n <= 17; n++) {
            Bar draft = numbered(-n), final = numbered(n);
            size_t index = hq_bars_push(&bars, &draft);
            HqCursor before = bars.cursor;
            CHECK(hq_bars_update_last(&bars, &final) == index);
            CHECK(memcmp(&before, &bars.cursor, sizeof before) == 0);
            for (size_t i = 0; i < hq_cursor_len(&bars.cursor); i++)
                CHECK(hq_bars_get(&bars, i).timestamp == n - (int64_t)(hq_cursor_len(&bars.cursor) - 1 - i));
        }
        hq_bars_destroy(&bars);
    }
}

static void columns_show_the_ring_without_a_copy(void)
{
    HqBarRing bars;
    CHECK(hq_bars_init(&bars, 4) == HQ_OK);
    const double *place = hq_bars_column(&bars, HQ_FIELD_CLOSE).ptr;
    for (int64_t n = 0; n < 11; n++) {
        Bar bar = numbered(n);
        size_t index = hq_bars_push(&bars, &bar);
        const double fields[] = {bar.open, bar.high, bar.low, bar.close, bar.volume, bar.buy_volume};
        for (int f = 0; f < HQ_FIELD_COUNT; f++) {
            HqColumnF64 column = hq_bars_column(&bars, (HqField)f);
            CHECK(column.ptr[index] == fields[f]);
            CHECK(column.capacity == 4 && column.len == hq_cursor_len(&bars.cursor));
            CHECK(column.head == bars.cursor.head && column.head == (size_t)(n + 1) % 4);
        }
        HqColumnI64 times = hq_bars_timestamps(&bars);
        CHECK(times.ptr[index] == n && times.len == hq_cursor_len(&bars.cursor) && times.capacity == 4);
        CHECK(hq_bars_column(&bars, HQ_FIELD_CLOSE).ptr == place);
    }
    hq_bars_destroy(&bars);
}

static void capacity_out_of_range_is_refused(void)
{
    const size_t bad[] = {0, HQ_CAPACITY_MAX + 1, (size_t)1 << 40, SIZE_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        HqBarRing bars = {0};
        CHECK(hq_bars_init(&bars, bad[i]) == HQ_EINVAL);
        CHECK(bars.memory == NULL);
        CHECK(strstr(hq_last_error()->message, "capacity") != NULL);
    }
}

/* ---------------------------------------------------------------- validity */

static void set_field(Bar *bar, int field, double value)
{
    memcpy((char *)bar + offsetof(Bar, open) + (size_t)field * sizeof value, &value, sizeof value);
}

static void bar_is_valid_up_to_1e100_in_every_field(void)
{
    static const char *const names[] = {"open", "high", "low", "close", "volume", "buy_volume"};
    const double good[] = {0, -0.0, 1e100, -1e100, 5e-324, -1};
    const double bad[] = {NAN, INFINITY, -INFINITY, 1.0000001e100, -1e101, 1.7e308};
    for (int field = 0; field < HQ_FIELD_COUNT; field++) {
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
            Bar bar = numbered(3);
            set_field(&bar, field, good[i]);
            CHECK(hq_bar_is_valid(&bar));
        }
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
            Bar bar = numbered(3);
            set_field(&bar, field, bad[i]);
            CHECK(!hq_bar_is_valid(&bar));
            CHECK(hq_bar_refuse(&bar) == HQ_EBAR && hq_last_error()->code == HQ_EBAR);
            char wanted[64];
            snprintf(wanted, sizeof wanted, "bar at 3 ms: %s: expected", names[field]);
            CHECK(strncmp(hq_last_error()->message, wanted, strlen(wanted)) == 0);
        }
    }
    Bar largest = {0, 1e100, 1e100, -1e100, 1e100, 1e100, -1e100};
    CHECK(hq_bar_is_valid(&largest));
}

int main(void)
{
    cursor_counts_up_then_wraps_over_the_oldest();
    cursor_of_one_always_writes_the_same_place();
    cursor_finds_elements_from_both_ends();
    cursor_counts_what_was_pushed_one_by_one_or_many_at_once();
    columns_lie_an_odd_number_of_cache_lines_apart();
    ring_full_keeps_the_newest_bars();
    update_replaces_the_newest_bar_and_no_other();
    columns_show_the_ring_without_a_copy();
    capacity_out_of_range_is_refused();
    bar_is_valid_up_to_1e100_in_every_field();
    return check_report("test_ring");
}
