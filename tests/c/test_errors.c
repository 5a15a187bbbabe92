/*
 * The last error survives being passed on, what the compiler hook said survives later calls, and
 * diagnostics live until the next failure of their thread, or its end.
 */
#include <pthread.h>
#include <stdlib.h>
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

/* ------------------------------------------------------------------ diagnostics */

enum { LONG = 100000, THREADS = 8 };

/* Diagnostics of the thread's own: longer than any message, and unlike any other's. */
static void diagnose(void *user, const char *name, size_t name_len, const char *text,
                     size_t text_len, HqCompileResult *result)
{
    (void)user, (void)name, (void)name_len;
    char *all = malloc(LONG + 1);
    memset(all, text[0], LONG);
    all[LONG] = '\0';
    hq_compile_fail_with(result, HQ_ECOMPILE, (uint32_t)text_len, 1, "first", all, "[1]");
    free(all);
    hquant_len(NULL);
}

static void pass_on_the_last_diagnostics(void *user, const char *name, size_t name_len,
                                         const char *text, size_t text_len, HqCompileResult *result)
{
    (void)user, (void)name, (void)name_len, (void)text, (void)text_len;
    const HqError *error = hq_last_error();
    hq_compile_fail_with(result, HQ_ECOMPILE, 0, 0, error->message, error->diagnostics,
                         error->diagnostics_json);
}

static int holds(char letter)
{
    const HqError *error = hq_last_error();
    size_t length = strlen(error->diagnostics);
    return length == LONG && error->diagnostics[0] == letter &&
           error->diagnostics[LONG - 1] == letter && strcmp(error->diagnostics_json, "[1]") == 0;
}

static int holds_none(void)
{
    const HqError *error = hq_last_error();
    return error->diagnostics[0] == '\0' && strcmp(error->diagnostics_json, "[]") == 0;
}

static HqStatus compile_letter(char letter)
{
    HqProgram *program = NULL;
    return hq_program_compile(NULL, 0, (const uint8_t *)&letter, 1, &program);
}

static void diagnostics_end_with_the_next_failure(void)
{
    hq_set_dsl_compiler(diagnose, NULL);
    CHECK(compile_letter('a') == HQ_ECOMPILE && holds('a'));
    CHECK(strcmp(hq_last_error()->message, "first") == 0);
    CHECK(compile_letter('b') == HQ_ECOMPILE && holds('b'));
    hq_set_dsl_compiler(pass_on_the_last_diagnostics, NULL);
    CHECK(compile_letter('c') == HQ_ECOMPILE && holds('b'));
    hquant_len(NULL);
    CHECK(hq_last_error()->code == HQ_EINVAL && holds_none());
    hq_set_dsl_compiler(diagnose, NULL);
    CHECK(compile_letter('d') == HQ_ECOMPILE && holds('d'));
    hq_clear_error();
    CHECK(hq_last_error()->code == HQ_OK && holds_none());
}

/* The thread ends while it holds them: leak and thread checkers watch. */
static void *hold_until_the_end(void *letter)
{
    int ok = holds_none();
    for (int i = 0; i < 20; i++)
        ok = ok && compile_letter(*(const char *)letter) == HQ_ECOMPILE &&
             holds(*(const char *)letter);
    return ok ? letter : NULL;
}

static void diagnostics_are_a_threads_own_and_end_with_it(void)
{
    char letters[THREADS] = "ABCDEFGH";
    pthread_t threads[THREADS];
    void *ok = NULL;
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, hold_until_the_end, &letters[i]) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], &ok) == 0 && ok == &letters[i]);
    CHECK(holds_none());
}

int main(void)
{
    HQuant *engine = hquant_new(4);
    const HqError *error = hq_last_error();
    CHECK(error->code == HQ_OK && holds_none());

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

    diagnostics_end_with_the_next_failure();
    diagnostics_are_a_threads_own_and_end_with_it();
    hq_set_dsl_compiler(NULL, NULL);
    hquant_free(engine);
    return check_report("test_errors");
}
