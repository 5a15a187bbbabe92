/* hquant/program.h and hquant/status.h under hostile arguments; compilers that misbehave. */
#include "hostile.h"

#include <stdlib.h>
#include <string.h>

#include "hquant/program.h"
#include "program.h"
#include "twins.h"
#include "spec.h"

#define FUNCTIONS(X)                                                                              \
    X(hq_program_load) X(hq_program_free) X(hq_program_param_count) X(hq_program_param)           \
    X(hq_program_has_clauses) X(hq_program_reads_buy_volume) X(hq_program_timeframe_count)        \
    X(hq_program_timeframe) X(hq_program_disassemble) X(hq_program_bytes) X(hq_program_compile)   \
    X(hq_compile_succeed) X(hq_compile_fail) X(hq_compile_fail_with) X(hq_set_dsl_compiler)       \
    X(hq_last_error) X(hq_clear_error) X(hq_status_name) X(hq_status_text) X(hq_version)          \
    X(hq_abi_version)

FUNCTIONS(HOSTILE_DECLARE)

static uint8_t bytes[PROGRAM_SIZE];
static size_t size;
static HqProgram *program;
static HQuant *h, *twin;

/* --------------------------------------------------------------------- loading */

static void hostile_hq_program_load(void)
{
    HqProgram *loaded = NULL;
    EXPECT_STATUS(HQ_EINVAL, hq_program_load(NULL, 0, &loaded));
    EXPECT_STATUS(HQ_EINVAL, hq_program_load(NULL, SIZE_MAX, &loaded));
    EXPECT_STATUS(HQ_EINVAL, hq_program_load(bytes, size, NULL));
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *exact = malloc(cut ? cut : 1); /* so that a sanitizer sees a read beyond it */
        memcpy(exact, bytes, cut);
        EXPECT_STATUS(HQ_EPROGRAM, hq_program_load(exact, cut, &loaded));
        free(exact);
    }
    CHECK(loaded == NULL);
}

/* Any bit flipped: the checksum, or what is checked before it, tells. */
static void flip_every_bit(void)
{
    HqProgram *loaded = NULL;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        EXPECT_STATUS(HQ_EPROGRAM, hq_program_load(bytes, size, &loaded));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    CHECK(loaded == NULL);
}

static void hostile_hq_program_free(void) { EXPECT_AFTER(HQ_OK, hq_program_free(NULL)); }

static void hostile_hq_program_param(void)
{
    HqProgramParam param = {.name = "untouched"};
    EXPECT_STATUS(HQ_EINVAL, hq_program_param(NULL, 0, &param));
    EXPECT_STATUS(HQ_EINVAL, hq_program_param(program, 0, NULL));
    EXPECT_STATUS(HQ_ENOTFOUND, hq_program_param(program, 1, &param));
    EXPECT_STATUS(HQ_ENOTFOUND, hq_program_param(program, SIZE_MAX, &param));
    CHECK(strcmp(param.name, "untouched") == 0);
}

static void hostile_hq_program_param_count(void) { CHECK(hq_program_param_count(NULL) == 0); }
static void hostile_hq_program_has_clauses(void) { CHECK(hq_program_has_clauses(NULL) == 0); }
static void hostile_hq_program_reads_buy_volume(void)
{
    CHECK(hq_program_reads_buy_volume(NULL) == 0);
}

static void hostile_hq_program_timeframe_count(void)
{
    CHECK(hq_program_timeframe_count(NULL) == 0);
}

static void hostile_hq_program_timeframe(void)
{
    CHECK(hq_program_timeframe(NULL, 0) == 0);
    CHECK(hq_program_timeframe(program, 0) == 0 && hq_program_timeframe(program, SIZE_MAX) == 0);
}

static void hostile_hq_program_disassemble(void)
{
    char out[4] = {'#', '#', '#', '#'};
    CHECK(hq_program_disassemble(NULL, NULL, 0) == 0);
    CHECK(hq_program_disassemble(NULL, NULL, SIZE_MAX) == 0);
    size_t length = hq_program_disassemble(program, NULL, 0);
    CHECK(length > 100);
    CHECK(hq_program_disassemble(program, out, 0) == length && out[0] == '#');
    CHECK(hq_program_disassemble(program, out, 1) == length && out[0] == '\0' && out[1] == '#');
    CHECK(hq_program_disassemble(program, out, 3) == length && out[2] == '\0' && out[3] == '#');
    char *whole = malloc(length + 1);
    CHECK(hq_program_disassemble(program, whole, length + 1) == length && strlen(whole) == length);
    free(whole);
}

static void hostile_hq_program_bytes(void)
{
    uint8_t out[PROGRAM_SIZE];
    memset(out, '#', sizeof out);
    CHECK(hq_program_bytes(NULL, NULL, 0) == 0 && hq_program_bytes(NULL, out, sizeof out) == 0);
    CHECK(hq_program_bytes(program, NULL, 0) == size);
    CHECK(hq_program_bytes(program, NULL, SIZE_MAX) == size);
    CHECK(hq_program_bytes(program, out, 0) == size && out[0] == '#');
    CHECK(hq_program_bytes(program, out, size - 1) == size && out[0] == '#');
    CHECK(hq_program_bytes(program, out, size) == size && memcmp(out, bytes, size) == 0);
    CHECK(out[size] == '#');
}

/* ------------------------------------------------------------------- compilers */

/* What the hook does is said by the text: bytes after the first are what it answers with. */
static void compile(void *user, const char *name, size_t name_len, const char *text,
                    size_t text_len, HqCompileResult *result)
{
    (void)name, (void)name_len;
    ++*(int *)user;
    switch (text_len ? text[0] : 's') {
    case 's': break; /* silent */
    case 'n': hq_compile_succeed(result, NULL, 5); break;
    case 'z': hq_compile_succeed(result, bytes, 0); break;
    case 'g': hq_compile_succeed(result, (const uint8_t *)text, text_len); break;
    case 'f': hq_compile_fail(result, HQ_ECOMPILE, 7, 9, "line seven"); break;
    case 'o':
        hq_compile_fail(result, HQ_OK, 0, 0, NULL);
        break; /* a failure that says it went well */
    case 'd': hq_compile_fail_with(result, HQ_ECOMPILE, 2, 3, "first", "all of it", "[{}]"); break;
    case 'e': hq_compile_fail_with(result, HQ_ECOMPILE, 2, 3, "first", NULL, ""); break;
    case 'p': hq_compile_fail(result, 77, UINT32_MAX, UINT32_MAX, ""); break;
    case 'b':
        hq_compile_succeed(result, bytes, size);
        hq_compile_fail(result, HQ_ELIMIT, 1, 1, "after all");
        break;
    default: break;
    }
}

static uint32_t add(const char *text)
{
    return hquant_add_strategy(h, NULL, 0, (const uint8_t *)text, strlen(text));
}

static void hostile_hq_set_dsl_compiler(void)
{
    int calls = 0;
    hq_set_dsl_compiler(compile, &calls);
    EXPECT(HQ_ECOMPILE, add("") == 0);
    EXPECT(HQ_ECOMPILE, add("silent") == 0);
    EXPECT(HQ_EINVAL, add("null") == 0);
    EXPECT(HQ_EPROGRAM, add("zero bytes") == 0);
    EXPECT(HQ_EPROGRAM, add("garbage") == 0);
    EXPECT(HQ_ECOMPILE, add("fail") == 0);
    CHECK(hq_last_error()->line == 7 && hq_last_error()->column == 9);
    CHECK(strcmp(hq_last_error()->message, "line seven") == 0);
    hq_clear_error();
    CHECK(add("ok code") == 0 && hq_last_error()->code == HQ_ECOMPILE);
    CHECK(add("positive code") == 0 && hq_last_error()->code == HQ_ECOMPILE);
    EXPECT(HQ_ELIMIT, add("both") == 0);
    CHECK(calls == 9);
    hq_set_dsl_compiler(NULL, &calls);
    EXPECT(HQ_ENOCOMPILER, add("fail") == 0);
    CHECK(calls == 9);
}

static HqStatus compiled(const char *text, HqProgram **out)
{
    return hq_program_compile(NULL, 0, (const uint8_t *)text, strlen(text), out);
}

static int says(const char *diagnostics, const char *json)
{
    const HqError *error = hq_last_error();
    return strcmp(error->diagnostics, diagnostics) == 0 &&
           strcmp(error->diagnostics_json, json) == 0;
}

static void hostile_hq_program_compile(void)
{
    HqProgram *none = NULL, *loaded = NULL;
    const uint8_t *name = (const uint8_t *)"name";
    EXPECT_STATUS(HQ_EINVAL, hq_program_compile(NULL, 0, bytes, size, NULL));
    EXPECT_STATUS(HQ_EINVAL, hq_program_compile(NULL, 4, bytes, size, &none));
    EXPECT_STATUS(HQ_EINVAL, hq_program_compile(name, 4, NULL, 1, &none));
    EXPECT_STATUS(HQ_EINVAL, hq_program_compile(name, 4, NULL, SIZE_MAX, &none));
    EXPECT_STATUS(HQ_EUTF8, hq_program_compile(name, 5, bytes, size, &none)); /* its NUL */
    for
        EACH(i, bad_texts)
    {
        const uint8_t *bad = (const uint8_t *)bad_texts[i];
        EXPECT_STATUS(HQ_EUTF8, hq_program_compile(bad, strlen(bad_texts[i]), bytes, size, &none));
        EXPECT_STATUS(HQ_EUTF8, hq_program_compile(name, 4, bad, strlen(bad_texts[i]), &none));
    }
    EXPECT_STATUS(HQ_EPROGRAM, hq_program_compile(name, 4, bytes, size - 1, &none));
    int calls = 0;
    hq_set_dsl_compiler(compile, &calls);
    EXPECT_STATUS(HQ_ECOMPILE, compiled("silent", &none));
    EXPECT_STATUS(HQ_EPROGRAM, compiled("garbage", &none));
    EXPECT_STATUS(HQ_ECOMPILE, hq_program_compile(NULL, 0, NULL, 0, &none));
    CHECK(calls == 3 && none == NULL);
    EXPECT_STATUS(HQ_OK, hq_program_compile(name, 4, bytes, size, &loaded));
    CHECK(calls == 3 && hq_program_bytes(loaded, NULL, 0) == size);
    hq_program_free(loaded);
    hq_set_dsl_compiler(NULL, NULL);
    EXPECT_STATUS(HQ_ENOCOMPILER, compiled("IF", &none));
}

static void hostile_hq_compile_fail_with(void)
{
    HqProgram *none = NULL;
    int calls = 0;
    hq_compile_fail_with(NULL, HQ_ECOMPILE, 1, 1, NULL, NULL, NULL);
    hq_set_dsl_compiler(compile, &calls);
    EXPECT_STATUS(HQ_ECOMPILE, compiled("diagnosed", &none));
    CHECK(says("all of it", "[{}]") && hq_last_error()->line == 2);
    EXPECT_STATUS(HQ_ECOMPILE, compiled("empty", &none));
    CHECK(says("", "[]"));
    EXPECT_STATUS(HQ_ECOMPILE, compiled("fail", &none));
    CHECK(says("", "[]") && none == NULL);
    hq_set_dsl_compiler(NULL, NULL);
}

static void hostile_hq_compile_succeed(void)
{
    hq_compile_succeed(NULL, bytes, size);
    hq_compile_succeed(NULL, NULL, SIZE_MAX);
    CHECK(same_engine(h, twin));
}

static void hostile_hq_compile_fail(void)
{
    hq_compile_fail(NULL, HQ_ECOMPILE, 1, 1, NULL);
    hq_compile_fail(NULL, 1, 0, 0, "x");
    CHECK(same_engine(h, twin));
}

/* ---------------------------------------------------------------------- status */

static void hostile_hq_last_error(void)
{
    const HqError *error = hq_last_error();
    CHECK(error != NULL && error == hq_last_error());
    static char long_text[900];
    memset(long_text, 'x', sizeof long_text - 1);
    EXPECT_STATUS(HQ_EINVAL, hq_add_indicator(NULL, SPEC(1, 1)) == 0 ? error->code : 0);
    CHECK(strlen(error->message) < sizeof error->message);
}

static void hostile_hq_clear_error(void)
{
    hquant_len(NULL);
    hq_clear_error();
    hq_clear_error();
    const HqError *e = hq_last_error();
    CHECK(e->code == HQ_OK && e->line == 0 && e->column == 0 && e->message[0] == '\0');
    CHECK(says("", "[]"));
}

static const int32_t no_codes[] = {1, -16, -1000, INT32_MAX, INT32_MIN};

static void hostile_hq_status_name(void)
{
    for
        EACH(i, no_codes)
    CHECK(strcmp(hq_status_name(no_codes[i]), "HQ_UNKNOWN") == 0);
}

static void hostile_hq_status_text(void)
{
    for
        EACH(i, no_codes)
    CHECK(strcmp(hq_status_text(no_codes[i]), "unknown status") == 0);
}

static void hostile_hq_version(void) { CHECK(strlen(hq_version()) >= 5); }
static void hostile_hq_abi_version(void) { CHECK(hq_abi_version() == hq_abi_version()); }

/* ------------------------------------------------------------------------ main */

static HQuant *make(void)
{
    HQuant *handle = hquant_new(8);
    CHECK(hquant_add_strategy(handle, NULL, 0, bytes, size) == 1);
    for (int i = 0; i < 12; i++)
        hquant_push_bar(handle, wavy_bar(i));
    return handle;
}

static int unchanged(void) { return same_engine(h, twin) && hq_program_param_count(program) == 1; }

int main(void)
{
    static const Hostile list[] = {FUNCTIONS(HOSTILE_ROW)};
    size = program_crossing(105, bytes);
    CHECK(hq_program_load(bytes, size, &program) == HQ_OK);
    h = make();
    twin = make();
    flip_every_bit();
    int result = run_hostile(list, COUNT_OF(list), unchanged);
    hquant_free(h);
    hquant_free(twin);
    hq_program_free(program);
    return result;
}
