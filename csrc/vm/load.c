/* Bytes to a decoded program: header, checksum, sections. What they mean is verify.c's. */
#include <string.h>

#include "base/alloc.h"
#include "base/crc32.h"
#include "base/utf8.h"
#include "vm/program.h"
#include "vm/warmup.h"

enum { N_SECTIONS = 11, HEADER_SIZE = 24, SECTION_ENTRY = 12, FIRST_SECTION = 160 };

typedef struct Section {
    const char *name;
    uint32_t entry; /* bytes */
    uint32_t limit; /* entries */
} Section;

static const Section sections[N_SECTIONS] = {
    {"strings", 1, 65536},    {"params", 40, 256},       {"timeframes", 8, 64},
    {"nodes", 16, 4096},      {"node inputs", 4, 16384}, {"node params", 16, 16384},
    {"constants", 8, 4096},   {"code", 16, 16384},       {"rules", 16, 256},
    {"clauses", 8, 1024},     {"lines", 8, 16384},
};

typedef struct View {
    const uint8_t *at;
    uint32_t count;
} View;

/* ------------------------------------------------------- little-endian reading */

static uint16_t u16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }

static uint32_t u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t u64(const uint8_t *p) { return u32(p) | (uint64_t)u32(p + 4) << 32; }

static double f64(const uint8_t *p)
{
    uint64_t bits = u64(p);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---------------------------------------------------------------- file frame */

/* Of all behind it; from 1.1 on also of the version and the size before it. */
static uint32_t checksum(const uint8_t *bytes, size_t size)
{
    uint32_t head = u16(bytes + 6) >= 1 ? hq_crc32(0, bytes + 4, 8) : 0;
    return hq_crc32(head, bytes + 16, size - 16);
}

static HqStatus check_header(const uint8_t *bytes, size_t size)
{
    if (size < FIRST_SECTION)
        return hq_fail(HQ_EPROGRAM, "header: expected at least %d bytes, found %zu", FIRST_SECTION,
                       size);
    if (memcmp(bytes, "HQBC", 4) != 0)
        return hq_fail(HQ_EPROGRAM, "header: expected the magic HQBC");
    if (u16(bytes + 4) != HQBC_MAJOR || u16(bytes + 6) > HQBC_MINOR)
        return hq_fail(HQ_EPROGRAM, "header: expected version %d.0 to %d.%d, found %u.%u; compile it "
                                    "again", HQBC_MAJOR, HQBC_MAJOR, HQBC_MINOR,
                       (unsigned)u16(bytes + 4), (unsigned)u16(bytes + 6));
    if (size > HQ_PROGRAM_SIZE_MAX)
        return hq_fail(HQ_EPROGRAM, "header: expected at most %d bytes, found %zu",
                       HQ_PROGRAM_SIZE_MAX, size);
    if (u32(bytes + 8) != size)
        return hq_fail(HQ_EPROGRAM, "header: says %u bytes, found %zu", (unsigned)u32(bytes + 8),
                       size);
    if (u32(bytes + 12) != checksum(bytes, size))
        return hq_fail(HQ_EPROGRAM, "header: the checksum does not match; the file is damaged");
    if (u32(bytes + 16) != N_SECTIONS || u32(bytes + 20) != 0)
        return hq_fail(HQ_EPROGRAM, "header: expected %d sections and no flags, found %u and %u",
                       N_SECTIONS, (unsigned)u32(bytes + 16), (unsigned)u32(bytes + 20));
    return HQ_OK;
}

static HqStatus check_padding(const uint8_t *bytes, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (bytes[i] != 0)
            return hq_fail(HQ_EPROGRAM, "padding: expected 0 at byte %zu, found %u", i,
                           (unsigned)bytes[i]);
    return HQ_OK;
}

/* The sections follow one another, each at the next multiple of 8. */
static HqStatus find_sections(const uint8_t *bytes, size_t size, View *views)
{
    size_t end = HEADER_SIZE + N_SECTIONS * SECTION_ENTRY;
    for (uint32_t i = 0; i < N_SECTIONS; i++) {
        const uint8_t *entry = bytes + HEADER_SIZE + i * SECTION_ENTRY;
        uint32_t kind = u32(entry), offset = u32(entry + 4), length = u32(entry + 8);
        size_t expected = (end + 7) / 8 * 8;
        if (kind != i + 1 || offset != expected || offset > size || length > size - offset)
            return hq_fail(HQ_EPROGRAM, "section table: expected kind %u at %zu within %zu bytes, "
                           "found kind %u at %u, %u bytes long", (unsigned)i + 1, expected, size,
                           (unsigned)kind, (unsigned)offset, (unsigned)length);
        if (length % sections[i].entry != 0 || length / sections[i].entry > sections[i].limit)
            return hq_fail(HQ_EPROGRAM, "%s: expected at most %u entries of %u bytes, found %u bytes",
                           sections[i].name, (unsigned)sections[i].limit,
                           (unsigned)sections[i].entry, (unsigned)length);
        HqStatus status = check_padding(bytes, end, offset);
        if (status != HQ_OK)
            return status;
        views[i] = (View){bytes + offset, length / sections[i].entry};
        end = (size_t)offset + length;
    }
    if ((end + 7) / 8 * 8 != size)
        return hq_fail(HQ_EPROGRAM, "section table: ends at byte %zu of %zu", end, size);
    return check_padding(bytes, end, size);
}

/* ------------------------------------------------------------------ decoding */

static HqStatus decode_strings(HqProgram *p, View v)
{
    if (!hq_utf8_is_valid(v.at, v.count))
        return hq_fail(HQ_EPROGRAM, "strings: expected UTF-8");
    memcpy(p->strings, v.at, v.count);
    return HQ_OK;
}

static HqStatus decode_params(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++) {
        const uint8_t *e = v.at + 40 * (size_t)i;
        p->params[i] = (HqParam){f64(e), f64(e + 8), f64(e + 16), f64(e + 24), u32(e + 32),
                                 u32(e + 36)};
    }
    return HQ_OK;
}

static HqStatus decode_timeframes(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++)
        p->timeframes[i] = (int64_t)u64(v.at + 8 * (size_t)i);
    return HQ_OK;
}

static HqStatus reserved(const char *section, uint32_t index, uint32_t value)
{
    if (value == 0)
        return HQ_OK;
    return hq_fail(HQ_EPROGRAM, "%s %u: expected 0 in a reserved field, found %u", section,
                   (unsigned)index, (unsigned)value);
}

static HqStatus decode_nodes(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++) {
        const uint8_t *e = v.at + 16 * (size_t)i;
        p->nodes[i] = (HqProgramNode){.code = u16(e), .mode = e[2], .timeframe = e[3],
                                      .n_inputs = e[4], .n_params = e[5],
                                      .first_input = u32(e + 8), .first_param = u32(e + 12)};
        if (reserved("node", i, u16(e + 6)) != HQ_OK)
            return HQ_EPROGRAM;
    }
    return HQ_OK;
}

static HqStatus decode_inputs(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++)
        p->inputs[i] = u32(v.at + 4 * (size_t)i);
    return HQ_OK;
}

static HqStatus decode_node_params(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++) {
        const uint8_t *e = v.at + 16 * (size_t)i;
        uint32_t param = u32(e);
        if (param != UINT32_MAX && param >= p->n_params)
            return hq_fail(HQ_EPROGRAM, "node param %u: expected a param below %u, found %u",
                           (unsigned)i, (unsigned)p->n_params, (unsigned)param);
        p->node_params[i] = (HqNodeParam){param == UINT32_MAX ? HQ_NO_PARAM : (int32_t)param,
                                          f64(e + 8)};
        if (reserved("node param", i, u32(e + 4)) != HQ_OK)
            return HQ_EPROGRAM;
    }
    return HQ_OK;
}

static HqStatus decode_constants(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++)
        p->constants[i] = f64(v.at + 8 * (size_t)i);
    return HQ_OK;
}

static HqStatus decode_code(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++) {
        const uint8_t *e = v.at + 16 * (size_t)i;
        p->code[i] = (HqInstruction){u16(e), e[2], u32(e + 4), u32(e + 8)};
        if (reserved("instruction", i, e[3]) != HQ_OK ||
            reserved("instruction", i, u32(e + 12)) != HQ_OK)
            return HQ_EPROGRAM;
    }
    return HQ_OK;
}

static HqStatus decode_rules(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++) {
        const uint8_t *e = v.at + 16 * (size_t)i;
        p->rules[i] = (HqProgramRule){u32(e), e[4], e[5], u32(e + 8), u32(e + 12)};
        if (reserved("rule", i, u16(e + 6)) != HQ_OK)
            return HQ_EPROGRAM;
    }
    return HQ_OK;
}

static HqStatus decode_clauses(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++) {
        const uint8_t *e = v.at + 8 * (size_t)i;
        p->clauses[i] = (HqClause){e[0], e[1], u32(e + 4)};
        if (reserved("clause", i, u16(e + 2)) != HQ_OK)
            return HQ_EPROGRAM;
    }
    return HQ_OK;
}

static HqStatus decode_lines(HqProgram *p, View v)
{
    for (uint32_t i = 0; i < v.count; i++)
        p->lines[i] = (HqLine){u32(v.at + 8 * (size_t)i), u32(v.at + 8 * (size_t)i + 4)};
    return HQ_OK;
}

/* ------------------------------------------------------------------- loading */

static HqStatus allocate(HqProgram *p, const View *views)
{
    uint32_t *counts[N_SECTIONS] = {
        &p->n_strings, &p->n_params,      &p->n_timeframes, &p->n_nodes, &p->n_inputs,
        &p->n_node_params, &p->n_constants, &p->n_code,     &p->n_rules, &p->n_clauses,
        &p->n_lines,
    };
    for (uint32_t i = 0; i < N_SECTIONS; i++)
        *counts[i] = views[i].count;
    size_t names = p->n_params * (sizeof(char *) + 1);
    const View params = views[1];
    for (uint32_t i = 0; i < params.count; i++)
        names += u32(params.at + 40 * (size_t)i + 36) <= p->n_strings
                     ? u32(params.at + 40 * (size_t)i + 36)
                     : 0;
    return (p->strings = hq_calloc(p->n_strings, 1)) &&
                   (p->param_names = hq_calloc(names, 1)) &&
                   (p->params = hq_calloc(p->n_params, sizeof *p->params)) &&
                   (p->timeframes = hq_calloc(p->n_timeframes, sizeof *p->timeframes)) &&
                   (p->nodes = hq_calloc(p->n_nodes, sizeof *p->nodes)) &&
                   (p->inputs = hq_calloc(p->n_inputs, sizeof *p->inputs)) &&
                   (p->node_params = hq_calloc(p->n_node_params, sizeof *p->node_params)) &&
                   (p->constants = hq_calloc(p->n_constants, sizeof *p->constants)) &&
                   (p->code = hq_calloc(p->n_code, sizeof *p->code)) &&
                   (p->rules = hq_calloc(p->n_rules, sizeof *p->rules)) &&
                   (p->clauses = hq_calloc(p->n_clauses, sizeof *p->clauses)) &&
                   (p->lines = hq_calloc(p->n_lines, sizeof *p->lines)) &&
                   (p->registers = hq_calloc(p->n_code, sizeof *p->registers))
               ? HQ_OK
               : HQ_ENOMEM;
}

static HqStatus decode(HqProgram *p, const View *views)
{
    static HqStatus (*const decoders[N_SECTIONS])(HqProgram *, View) = {
        decode_strings,     decode_params,    decode_timeframes, decode_nodes,
        decode_inputs,      decode_node_params, decode_constants, decode_code,
        decode_rules,       decode_clauses,   decode_lines,
    };
    for (uint32_t i = 0; i < N_SECTIONS; i++) {
        HqStatus status = decoders[i](p, views[i]);
        if (status != HQ_OK)
            return status;
    }
    return HQ_OK;
}

/* Verified: every name lies inside the strings. */
static void copy_names(HqProgram *p)
{
    char *to = (char *)(p->param_names + p->n_params);
    for (uint32_t i = 0; i < p->n_params; i++) {
        p->param_names[i] = to;
        memcpy(to, p->strings + p->params[i].name, p->params[i].name_length);
        to += p->params[i].name_length + 1;
    }
}

HqStatus hq_program_load(const uint8_t *bytes, size_t size, HqProgram **out)
{
    if (!bytes || !out)
        return hq_fail(HQ_EINVAL, "hq_program_load: %s: expected a pointer, found NULL",
                       bytes ? "out" : "bytes");
    View views[N_SECTIONS];
    HqStatus status = check_header(bytes, size);
    if (status == HQ_OK)
        status = find_sections(bytes, size, views);
    if (status != HQ_OK)
        return status;
    HqProgram *program = hq_calloc(1, sizeof *program);
    if (!program)
        return HQ_ENOMEM;
    program->minor = u16(bytes + 6);
    status = allocate(program, views);
    if (status == HQ_OK && !(program->bytes = hq_calloc(size, 1)))
        status = HQ_ENOMEM;
    if (status == HQ_OK) {
        memcpy(program->bytes, bytes, size);
        program->size = size;
    }
    if (status == HQ_OK)
        status = decode(program, views);
    if (status == HQ_OK)
        status = hq_program_verify(program);
    if (status != HQ_OK) {
        hq_program_free(program);
        return status;
    }
    copy_names(program);
    hq_program_find_first_bars(program);
    *out = program;
    return HQ_OK;
}
