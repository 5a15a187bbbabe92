/* From what a user hands in, text or a compiled program, to a verified program; the compiler hook. */
#include <stdatomic.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/utf8.h"
#include "vm/bridge.h"
#include "vm/program.h"

/* The hook and its argument change together; the lock is held for two assignments. */
static atomic_flag hook_lock = ATOMIC_FLAG_INIT;
static HqCompileFn hook;
static void *hook_user;

static void lock_hook(void)
{
    while (atomic_flag_test_and_set_explicit(&hook_lock, memory_order_acquire))
        ;
}

static void unlock_hook(void) { atomic_flag_clear_explicit(&hook_lock, memory_order_release); }

void hq_set_dsl_compiler(HqCompileFn compile, void *user)
{
    lock_hook();
    hook = compile;
    hook_user = user;
    unlock_hook();
}

/* ------------------------------------------------------------------ the answer */

struct HqCompileResult {
    int answered;
    HqError why; /* the thread's last error may change before the hook returns */
    char *diagnostics; /* owned; of base/error.h; what `why` points to is the thread's */
    uint8_t *bytes; /* owned; NULL after a failure */
    size_t size;
};

/* After a failure, the thread's last error says why. */
static void set_answer(HqCompileResult *result, HqStatus status, char *diagnostics)
{
    free(result->bytes);
    free(result->diagnostics);
    result->bytes = NULL;
    result->diagnostics = diagnostics;
    result->answered = 1;
    result->why = *hq_last_error();
    result->why.code = status;
}

void hq_compile_succeed(HqCompileResult *result, const uint8_t *bytes, size_t size)
{
    if (!result)
        return;
    if (!bytes) {
        set_answer(result, hq_fail(HQ_EINVAL, "the compiler answered with no program"), NULL);
        return;
    }
    set_answer(result, HQ_OK, NULL);
    result->bytes = hq_calloc(size, 1);
    if (!result->bytes) {
        set_answer(result, HQ_ENOMEM, NULL);
        return;
    }
    memcpy(result->bytes, bytes, size);
    result->size = size;
}

void hq_compile_fail_with(HqCompileResult *result, HqStatus code, uint32_t line, uint32_t column,
                          const char *message, const char *diagnostics,
                          const char *diagnostics_json)
{
    if (!result)
        return;
    /* First: what it is handed may be the last error's own, which the next line replaces. */
    char *copy = hq_diagnostics_copy(diagnostics, diagnostics_json);
    HqStatus failure = code < 0 ? code : HQ_ECOMPILE;
    set_answer(result, hq_fail_at(failure, line, column, "%s", message ? message : ""), copy);
}

void hq_compile_fail(HqCompileResult *result, HqStatus code, uint32_t line, uint32_t column,
                     const char *message)
{
    hq_compile_fail_with(result, code, line, column, message, NULL, NULL);
}

/* --------------------------------------------------------------- text to program */

static HqStatus take_answer(HqCompileResult *result, HqProgram **out)
{
    if (!result->answered)
        return hq_fail(HQ_ECOMPILE, "the strategy compiler gave no answer");
    const HqError *why = &result->why;
    HqStatus status = why->code;
    if (status == HQ_OK) {
        status = hq_program_load(result->bytes, result->size, out);
    } else {
        hq_fail_at(status, why->line, why->column, "%s", why->message);
        hq_diagnostics_attach(result->diagnostics);
    }
    free(result->bytes);
    return status;
}

static HqStatus compile_text(const char *name, size_t name_len, const char *text, size_t text_len,
                             HqProgram **out)
{
    lock_hook();
    HqCompileFn compile = hook;
    void *user = hook_user;
    unlock_hook();
    if (!compile && hq_bridge_load(&compile, &user) != HQ_OK)
        return HQ_ENOCOMPILER;
    HqCompileResult result = {0};
    compile(user, name, name_len, text, text_len, &result);
    return take_answer(&result, out);
}

HqStatus hq_program_compile(const uint8_t *name_utf8, size_t name_len, const uint8_t *text_utf8,
                            size_t text_len, HqProgram **out)
{
    if (!out)
        return hq_fail(HQ_EINVAL, "hq_program_compile: expected a place for the program, found NULL");
    if ((!name_utf8 && name_len > 0) || (!text_utf8 && text_len > 0))
        return hq_fail(HQ_EINVAL, "%s: expected a pointer to %zu bytes, found NULL",
                       !text_utf8 && text_len ? "strategy" : "name",
                       !text_utf8 && text_len ? text_len : name_len);
    if (!hq_utf8_is_valid(name_utf8, name_len) || (name_len > 0 && memchr(name_utf8, '\0', name_len)))
        return hq_fail(HQ_EUTF8, "strategy name: expected UTF-8 without NUL");
    if (text_len >= 4 && memcmp(text_utf8, "HQBC", 4) == 0)
        return hq_program_load(text_utf8, text_len, out);
    if (!hq_utf8_is_valid(text_utf8, text_len))
        return hq_fail(HQ_EUTF8, "strategy text: expected UTF-8");
    return compile_text(name_utf8 ? (const char *)name_utf8 : "", name_len,
                        text_utf8 ? (const char *)text_utf8 : "", text_len, out);
}
