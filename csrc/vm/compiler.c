#include "vm/compiler.h"

#include <stdatomic.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "vm/bridge.h"

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

struct HqCompileResult {
    int answered;
    HqError why; /* the thread's last error may change before the hook returns */
    uint8_t *bytes; /* owned; NULL after a failure */
    size_t size;
};

/* After a failure, the thread's last error says why. */
static void set_answer(HqCompileResult *result, HqStatus status)
{
    free(result->bytes);
    result->bytes = NULL;
    result->answered = 1;
    result->why = *hq_last_error();
    result->why.code = status;
}

void hq_compile_succeed(HqCompileResult *result, const uint8_t *bytes, size_t size)
{
    if (!result)
        return;
    if (!bytes) {
        set_answer(result, hq_fail(HQ_EINVAL, "the compiler answered with no program"));
        return;
    }
    set_answer(result, HQ_OK);
    result->bytes = hq_calloc(size, 1);
    if (!result->bytes) {
        set_answer(result, HQ_ENOMEM);
        return;
    }
    memcpy(result->bytes, bytes, size);
    result->size = size;
}

void hq_compile_fail(HqCompileResult *result, HqStatus code, uint32_t line, uint32_t column,
                     const char *message)
{
    if (!result)
        return;
    HqStatus failure = code < 0 ? code : HQ_ECOMPILE;
    set_answer(result, hq_fail_at(failure, line, column, "%s", message ? message : ""));
}

static HqStatus compile_text(const char *name, size_t name_len, const char *text, size_t text_len,
                             HqProgram **out)
{
    lock_hook();
    HqCompileFn compile = hook;
    void *user = hook_user;
    unlock_hook();
    if (!compile)
        compile = hq_bridge_load(&user);
    if (!compile)
        return hq_fail(HQ_ENOCOMPILER,
                       "strategy text needs a compiler: none is registered in this process and "
                       "libhquant_dsl was not found; compile the text with `hquant compile` and "
                       "pass the .hqbc bytes instead");
    HqCompileResult result = {0};
    compile(user, name, name_len, text, text_len, &result);
    if (!result.answered)
        return hq_fail(HQ_ECOMPILE, "the strategy compiler gave no answer");
    const HqError *why = &result.why;
    HqStatus status = why->code;
    if (status == HQ_OK)
        status = hq_program_load(result.bytes, result.size, out);
    else
        hq_fail_at(status, why->line, why->column, "%s", why->message);
    free(result.bytes);
    return status;
}

HqStatus hq_program_from_source(const uint8_t *name, size_t name_len, const uint8_t *source,
                                size_t source_len, HqProgram **out)
{
    if ((!name && name_len > 0) || (!source && source_len > 0))
        return hq_fail(HQ_EINVAL, "%s: expected a pointer to %zu bytes, found NULL",
                       !source && source_len ? "strategy" : "name",
                       !source && source_len ? source_len : name_len);
    if (!hq_utf8_is_valid(name, name_len) || (name_len > 0 && memchr(name, '\0', name_len)))
        return hq_fail(HQ_EUTF8, "strategy name: expected UTF-8 without NUL");
    if (source_len >= 4 && memcmp(source, "HQBC", 4) == 0)
        return hq_program_load(source, source_len, out);
    if (!hq_utf8_is_valid(source, source_len))
        return hq_fail(HQ_EUTF8, "strategy text: expected UTF-8");
    return compile_text(name ? (const char *)name : "", name_len,
                        source ? (const char *)source : "", source_len, out);
}
