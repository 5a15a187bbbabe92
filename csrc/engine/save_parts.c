/* What snapshots of engines are put together from: signals, candles, imports, strategies. */
#include <float.h>
#include <math.h>

#include "base/alloc.h"
#include "engine/period.h"
#include "engine/snapshot.h"

enum { SIGNAL_BYTES = 16, IMPORT_BYTES = 12, STRATEGY_BYTES = 12 }; /* at least */

/* ------------------------------------------------------------------- signals */

void hq_signals_save(const HqSignalQueue *queue, HqWriter *writer)
{
    hq_put_u64(writer, queue->capacity);
    hq_put_u64(writer, queue->dropped);
    hq_put_u64(writer, queue->len);
    for (size_t i = 0; i < queue->len; i++) {
        const Signal *s = &queue->signal[hq_signals_index(queue, i)];
        hq_put_u32(writer, s->strategy_id);
        hq_put_u32(writer, (uint32_t)s->action);
        hq_put_i64(writer, s->timestamp);
    }
}

HqStatus hq_signals_load(HqSignalQueue *queue, HqReader *reader)
{
    uint64_t capacity = hq_take_u64(reader), dropped = hq_take_u64(reader);
    size_t len = hq_take_count(reader, SIGNAL_BYTES);
    if (reader->has_failed || capacity == 0 || capacity > HQ_SIGNAL_CAPACITY_MAX || len > capacity)
        return HQ_DAMAGED("signals: expected a queue that holds what it says");
    HqStatus status = hq_signals_init(queue, (size_t)capacity);
    if (status != HQ_OK)
        return status;
    queue->dropped = dropped;
    for (size_t i = 0; i < len; i++) {
        uint32_t id = hq_take_u32(reader), action = hq_take_u32(reader);
        int64_t timestamp = hq_take_i64(reader);
        if (action < 1 || action > 3) {
            hq_signals_destroy(queue);
            return HQ_DAMAGED("signal %zu: expected an action in 1..3, found %u", i,
                              (unsigned)action);
        }
        hq_signals_push(queue, id, (Action)action, timestamp);
    }
    return HQ_OK;
}

/* ------------------------------------------------------------------- candles */

void hq_candle_save(const HqCandle *candle, HqWriter *writer)
{
    hq_put_i64(writer, candle->open_time);
    hq_put_i64(writer, candle->close_time);
    hq_put_f64s(writer, &candle->open, 6);
    hq_put_i64(writer, candle->last_update_ts);
}

void hq_builder_save(const HqCandleBuilder *builder, HqWriter *writer)
{
    hq_put_i64(writer, builder->period_ms);
    hq_put_u32(writer, builder->has_candle);
    hq_put_u32(writer, builder->has_committed);
    hq_put_u32(writer, builder->closed);
    hq_put_u32(writer, 0);
    if (builder->has_candle)
        hq_candle_save(&builder->now, writer);
    if (builder->has_committed)
        hq_candle_save(&builder->committed, writer);
}

static bool is_candle(const HqCandle *c, int64_t period_ms)
{
    const double *field = &c->open;
    for (int i = 0; i < 6; i++)
        if (!(fabs(field[i]) <= DBL_MAX))
            return false;
    int64_t opened = hq_period_floor(period_ms, c->last_update_ts);
    int64_t closes = opened > INT64_MAX - period_ms ? INT64_MAX : opened + period_ms;
    return c->open_time == opened && c->close_time == closes;
}

HqStatus hq_candle_load(HqCandle *candle, int64_t period_ms, HqReader *reader)
{
    candle->open_time = hq_take_i64(reader);
    candle->close_time = hq_take_i64(reader);
    hq_take_f64s(reader, &candle->open, 6);
    candle->last_update_ts = hq_take_i64(reader);
    if (reader->has_failed || !is_candle(candle, period_ms))
        return HQ_DAMAGED("candle: expected one of a period of %lld ms", (long long)period_ms);
    return HQ_OK;
}

HqStatus hq_builder_load(HqCandleBuilder *builder, HqReader *reader)
{
    *builder = (HqCandleBuilder){.period_ms = hq_take_i64(reader)};
    builder->has_candle = hq_take_bool(reader);
    builder->has_committed = hq_take_bool(reader);
    builder->closed = hq_take_bool(reader);
    uint32_t zero = hq_take_u32(reader);
    if (reader->has_failed || builder->period_ms <= 0 || zero != 0 ||
        (!builder->has_candle && (builder->has_committed || builder->closed)))
        return HQ_DAMAGED("candle: expected a period above 0 and a candle behind what it says");
    HqStatus status = HQ_OK;
    if (builder->has_candle)
        status = hq_candle_load(&builder->now, builder->period_ms, reader);
    if (status == HQ_OK && builder->has_committed)
        status = hq_candle_load(&builder->committed, builder->period_ms, reader);
    if (status == HQ_OK && builder->has_committed &&
        builder->committed.open_time != builder->now.open_time)
        return HQ_DAMAGED("candle: expected both of its versions at one time");
    return status;
}

/* ------------------------------------------------------------------- imports */

void hq_imports_save(const HqImport *imports, size_t count, HqWriter *writer)
{
    hq_put_u64(writer, count);
    for (size_t i = 0; i < count; i++) {
        hq_put_u32(writer, imports[i].from_graph);
        hq_put_u32(writer, imports[i].from_slot);
        hq_put_u32(writer, imports[i].to_slot);
    }
}

HqStatus hq_imports_load(HqImport **imports, size_t *count, const HqGraph *to, size_t n_graphs,
                         HqReader *reader)
{
    size_t n = hq_take_count(reader, IMPORT_BYTES);
    if (reader->has_failed)
        return HQ_DAMAGED("imports: expected as many as follow");
    if (n == 0)
        return HQ_OK;
    *imports = hq_calloc(n, sizeof **imports);
    if (!*imports)
        return HQ_ENOMEM;
    *count = n;
    for (size_t i = 0; i < n; i++) {
        HqImport *import = &(*imports)[i];
        import->from_graph = hq_take_u32(reader);
        import->from_slot = hq_take_u32(reader);
        import->to_slot = hq_take_u32(reader);
        if (import->from_graph < 1 || import->from_graph > n_graphs ||
            import->to_slot < HQ_BAR_SLOTS || !hq_graph_shows(to, import->to_slot, 1))
            return HQ_DAMAGED("import %zu: expected a graph and a slot that are there", i);
    }
    return HQ_OK;
}

/* ---------------------------------------------------------------- strategies */

static void save_rules(const HqRules *rules, HqWriter *writer)
{
    for (uint32_t i = 0; i < rules->count; i++)
        hq_put_u32(writer, rules->rule[i].condition);
}

void hq_strategies_save(const HqRules *rules, const HqStrategy *sources, size_t count,
                        HqWriter *writer)
{
    hq_put_u64(writer, count);
    for (size_t i = 0; i < count; i++) {
        const HqProgram *program = sources[i].program;
        hq_put_u64(writer, program->size);
        hq_put_bytes(writer, program->bytes, program->size);
        hq_put_f64s(writer, sources[i].params, program->n_params);
        save_rules(&rules[i], writer);
        hq_put_u32(writer, sources[i].has_next);
        if (sources[i].has_next)
            save_rules(&sources[i].next, writer);
    }
}

/* A program's rules, with the conditions where they are in a graph. */
static HqStatus load_rules(HqRules *rules, const HqProgram *program, const HqGraph *graph,
                           HqReader *reader)
{
    rules->rule = hq_calloc(program->n_rules, sizeof *rules->rule);
    if (!rules->rule)
        return HQ_ENOMEM;
    rules->count = program->n_rules;
    for (uint32_t i = 0; i < rules->count; i++) {
        rules->rule[i] = (HqRule){hq_take_u32(reader), program->rules[i].action, 0, 0};
        if (!hq_graph_shows(graph, rules->rule[i].condition, 1))
            return HQ_DAMAGED("rule %u: expected a slot of the graph", (unsigned)i);
    }
    return HQ_OK;
}

static HqStatus load_program(HqProgram **program, HqReader *reader)
{
    size_t size = hq_take_count(reader, 1);
    const uint8_t *bytes = hq_take_bytes(reader, size);
    if (!bytes)
        return HQ_DAMAGED("strategy: expected a program");
    HqStatus status = hq_program_load(bytes, size, program);
    if (status == HQ_OK)
        status = hq_program_check_no_clauses(*program);
    if (status == HQ_OK || status == HQ_ENOMEM)
        return status;
    const HqError why = *hq_last_error();
    return HQ_DAMAGED("strategy: %.400s", why.message);
}

static HqStatus load_strategy(HqRules *rules, HqStrategy *source, const HqGraph *graph,
                              HqReader *reader)
{
    HqStatus status = load_program(&source->program, reader);
    if (status != HQ_OK)
        return status;
    const HqProgram *program = source->program;
    source->params = hq_strategy_defaults(program);
    if (!source->params)
        return HQ_ENOMEM;
    hq_take_f64s(reader, source->params, program->n_params);
    for (uint32_t i = 0; i < program->n_params; i++)
        if (hq_program_check_param(program, i, source->params[i]) != HQ_OK)
            return HQ_DAMAGED("strategy: parameter %s is out of its range",
                              program->param_names[i]);
    status = load_rules(rules, program, graph, reader);
    source->has_next = hq_take_bool(reader);
    if (status == HQ_OK && source->has_next)
        status = load_rules(&source->next, program, graph, reader);
    if (status == HQ_OK && reader->has_failed)
        return HQ_DAMAGED("strategy: expected its rules");
    return status;
}

HqStatus hq_strategies_load(HqRules **rules, HqStrategy **sources, size_t *count,
                            const HqGraph *graph, HqReader *reader)
{
    size_t n = hq_take_count(reader, STRATEGY_BYTES);
    HqStatus status = HQ_OK;
    if (reader->has_failed)
        return HQ_DAMAGED("strategies: expected as many as follow");
    if (n == 0)
        return HQ_OK;
    *rules = hq_calloc(n, sizeof **rules);
    *sources = hq_calloc(n, sizeof **sources);
    if (!*rules || !*sources)
        return HQ_ENOMEM;
    for (; *count < n && status == HQ_OK; ++*count)
        status = load_strategy(&(*rules)[*count], &(*sources)[*count], graph, reader);
    return status;
}

bool hq_strategies_wait(const HqStrategy *sources, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sources[i].has_next)
            return true;
    return false;
}
