#include "run/held.h"

#include "metrics/lanes_wide.h"

/* A row of holdings: worth start + (price - entry) * quantity; where that is not above 0 nothing counts. */
typedef struct Row {
    HqVec start, entry, quantity;
} Row;

/* Bars of a block in turn, as far as one register of the lanes is concerned. */
typedef struct Walk {
    HqMoments *moments;
    size_t vec;
    HqLanes lanes;
    const double *close;
    double before;   /* equity before the next bar */
    size_t boundary; /* the first bar of the next group */
} Walk;

/* Bars from..end - 1 of a row. */
typedef struct Part {
    size_t from, end;
    bool has_tail; /* the last of them finds the account flat again */
    double after;  /* worth this */
} Part;

static inline HqVec worth_at(const Row *row, HqVec price)
{
    return row->start + hq_vec_minus(price, row->entry) * row->quantity;
}

/* Before the bars that are worth `to`. `last` are those of the same register a piece before: in one of all
 * lanes they stand in front, in others the prices before say it. */
static inline HqVec worth_before(const Row *row, const double *prices, unsigned lanes, HqVec last, HqVec to)
{
    if (HQ_VECS == 1)
        return hq_vec_behind(last, to);
    return worth_at(row, hq_vec_load_lanes(prices, lanes));
}

/* A piece that lacks lanes, or whose first lane has its equity from the row before, or the last its own from the
 * next. Answers what its lanes are worth. */
static inline HqVec take_end(Walk *walk, const HqCut *cut, size_t piece, const Row *row, unsigned bits,
                             unsigned first, HqVec last, unsigned tail, double after)
{
    const double *close = hq_cut_at(cut, piece, walk->vec), *before = hq_cut_before(cut, piece, walk->vec);
    unsigned some = hq_vec_part(bits, walk->vec);
    HqMask is_first = hq_mask_of(hq_vec_part(first, walk->vec)), there = hq_mask_of(some);
    HqVec to = worth_at(row, hq_vec_load_lanes(close, some));
    HqVec from = worth_before(row, before, some & ~hq_mask_bits(is_first), last, to);
    to = hq_vec_choose(hq_mask_of(hq_vec_part(tail, walk->vec)), hq_vec_all(after), to);
    from = hq_vec_choose(is_first, hq_vec_all(walk->before), from);
    hq_lanes_see_some(&walk->lanes, to, there);
    HqVec x = hq_vec_choose(there, hq_vec_returns_of_positive(from, to), hq_vec_all(0));
    hq_lanes_take_returns(&walk->lanes, x, x);
    return to;
}

static inline void take_part(Walk *walk, const Row *row, const Part *part)
{
    HqCut cut = hq_cut(walk->moments->place + part->from, walk->close + part->from, part->end - part->from);
    size_t end = cut.pieces - 1;
    unsigned first = hq_lowest_bit(cut.first), tail = part->has_tail ? hq_highest_bit(cut.last) : 0;
    HqVec last = hq_vec_all(walk->before);
    if (end == 0) {
        take_end(walk, &cut, 0, row, cut.first, first, last, tail, part->after);
        return;
    }
    last = take_end(walk, &cut, 0, row, cut.first, first, last, 0, 0);
    for (size_t piece = 1; piece < end; piece++) {
        HqVec to = worth_at(row, hq_vec_load(hq_cut_at(&cut, piece, walk->vec)));
        HqVec from = worth_before(row, hq_cut_before(&cut, piece, walk->vec), HQ_VEC_ALL, last, to);
        HqVec x = hq_vec_returns_of_positive(from, to);
        hq_lanes_see(&walk->lanes, to);
        hq_lanes_take_returns(&walk->lanes, x, x); /* the pivot is 0 */
        last = to;
    }
    take_end(walk, &cut, end, row, cut.last, 0, last, tail, part->after);
}

/* Groups of which no number is taken need no end. */
static inline void pass_boundary(Walk *walk, size_t bar)
{
    if (bar < walk->boundary)
        return;
    hq_lanes_end_group(walk->moments, walk->vec, &walk->lanes);
    walk->boundary += ((bar - walk->boundary) / HQ_MOMENTS_GROUP + 1) * HQ_MOMENTS_GROUP;
}

static inline double worth_of(const HqWorths *worths, size_t row, double price)
{
    size_t at = row * worths->apart;
    return worths->start[at] + (price - worths->entry[at]) * worths->quantity[at];
}

/* A row's bars, in the parts that groups make of them. */
static inline void take_row(Walk *walk, const HqWorths *worths, size_t index, Part row)
{
    size_t end = row.end, at = index * worths->apart;
    bool has_tail = row.has_tail;
    Row values = {hq_vec_all(worths->start[at]), hq_vec_all(worths->entry[at]), hq_vec_all(worths->quantity[at])};
    while (row.from < end) {
        pass_boundary(walk, row.from);
        row.end = end < walk->boundary ? end : walk->boundary;
        row.has_tail = has_tail && row.end == end;
        take_part(walk, &values, &row);
        walk->before = row.has_tail ? row.after : worth_of(worths, index, walk->close[row.end - 1]);
        row.from = row.end;
    }
}

/* The next row with bars; the end when there is none. */
static inline size_t next_row(const HqWorths *worths, size_t row)
{
    while (row < worths->count && worths->from[row] == worths->from[row + 1])
        row++;
    return row;
}

static inline void walk_rows(Walk *walk, const HqWorths *worths)
{
    for (size_t row = next_row(worths, 0), next; row < worths->count; row = next) {
        Part part = {.from = worths->from[row], .end = worths->from[row + 1]};
        size_t at = row * worths->apart;
        next = next_row(worths, row + 1);
        if (worths->quantity[at] == 0) {
            if (worths->start[at] == walk->before)
                continue;
            part.end = part.from + 1;
        } else if (next < worths->count && worths->quantity[next * worths->apart] == 0) {
            part.after = worths->start[next * worths->apart];
            part.has_tail = true;
            part.end++;
        }
        take_row(walk, worths, row, part);
    }
}

HqHeld HQ_WIDE(hq_held_take)(HqMoments *moments, HqMoments *kept, double before, const HqWorths *worths,
                             const double *close)
{
    size_t n = worths->from[worths->count];
    Walk walk = {.moments = moments, .close = close};
    HqVec lowest = hq_vec_all(INFINITY), highest = hq_vec_all(-INFINITY);
    hq_moments_keep(kept, moments);
    for (walk.vec = 0; walk.vec < HQ_VECS; walk.vec++) {
        walk.lanes = hq_lanes_load(moments, walk.vec);
        walk.before = before;
        walk.boundary = HQ_MOMENTS_GROUP - moments->place % HQ_MOMENTS_GROUP;
        walk_rows(&walk, worths);
        pass_boundary(&walk, n);
        hq_lanes_store(moments, walk.vec, &walk.lanes);
        lowest = hq_vec_min(walk.lanes.lowest, lowest);
        highest = hq_vec_max(walk.lanes.highest, highest);
    }
    moments->place += n;
    moments->count += n;
    return (HqHeld){hq_lanes_levels(lowest, highest), walk.before};
}
