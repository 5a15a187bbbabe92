/* The last error survives being passed on, and what the compiler hook said survives later calls. */
#include <string.h>

#include "check.h"
#include "hquant/engine.h"

static void pass_on_the_last_message(void *user, const char *name, size_t name_len,
                                     const char *text, size_t text_len, HqCompileResult *result)
{
    HqProgram *program = NULL;
    (void)user, (void)name, (void)name_len, (void)text, (void)text_len;
    HqStatus status = hq_program_load((const uint8_t *)"xx", 2, &program);
    hq_compile_fail(result, status, 0, 0, hq_last_error()->message);
}

static void fail_then_err_again(void *user, const char *name, size_t name_len, const char *text,
                                size_t text_len, HqCompileResult *result)
{
    (void)user, (void)name, (void)name_len, (void)text, (void)text_len;
    hq_compile_fail(result, HQ_ECOMPILE, 1, 2, "first");
    hquant_len(NULL);
}

static uint32_t add_text(HQuant *engine)
{
    return hquant_add_strategy(engine, (const uint8_t *)"s", 1, (const uint8_t *)"IF", 2);
}

int main(void)
{
    HQuant *engine = hquant_new(4);
    const HqError *error = hq_last_error();

    hq_set_dsl_compiler(pass_on_the_last_message, NULL);
    CHECK(add_text(engine) == 0);
    CHECK(error->code == HQ_EPROGRAM);
    CHECK(strstr(error->message, "expected at least 160 bytes") != NULL);

    hq_set_dsl_compiler(fail_then_err_again, NULL);
    CHECK(add_text(engine) == 0);
    CHECK(error->code == HQ_ECOMPILE && error->line == 1 && error->column == 2);
    CHECK(strcmp(error->message, "first") == 0);

    /* A name that a C programmer got by sizeof: refused, not sent on in two pieces. */
    CHECK(hquant_add_strategy(engine, (const uint8_t *)"x", 2, (const uint8_t *)"IF", 2) == 0);
    CHECK(error->code == HQ_EUTF8);

    hq_set_dsl_compiler(NULL, NULL);
    hquant_free(engine);
    return check_report("test_errors");
}
