/**
 * @file program.h
 * Compiled strategies (HQBC, docs/hqbc.md): load and verify, inspect, and the compiler hook.
 */
#ifndef HQUANT_PROGRAM_H
#define HQUANT_PROGRAM_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* [cdef] */
/** A verified program. Immutable. Opaque. */
typedef struct HqProgram HqProgram;

/** A PARAM of a program. Range fields are NaN when the text gives none. */
typedef struct HqProgramParam {
    const char *name; /**< NUL-terminated, owned by the program */
    double value;     /**< default */
    double minimum;   /**< inclusive */
    double maximum;   /**< inclusive */
    double step;      /**< > 0 */
} HqProgramParam;

/**
 * Verify a program and load it.
 * @param bytes   the program; copied.
 * @param size    in bytes.
 * @param[out] out  the program, owned by the caller; left untouched on failure.
 * @return HQ_OK, HQ_EINVAL (NULL), HQ_EPROGRAM (the message names the rule and the instruction), HQ_ENOMEM.
 */
HQ_API HqStatus hq_program_load(const uint8_t *bytes, size_t size, HqProgram **out);

/**
 * Turn strategy text into a program; it needs the compiler (hq_set_dsl_compiler() says which). A
 * program (HQBC, known by its first four bytes) is loaded as by hq_program_load() and needs none.
 * @param name_utf8  a name for messages, need not end in NUL; may be NULL when name_len is 0.
 * @param name_len   its length in bytes.
 * @param text_utf8  the text, or the program's bytes; copied.
 * @param text_len   its length in bytes.
 * @param[out] out   the program, owned by the caller; left untouched on failure.
 * @return HQ_OK, HQ_EINVAL, HQ_EUTF8, HQ_ECOMPILE (with line, column and diagnostics), HQ_EPROGRAM,
 *         HQ_ENOCOMPILER, HQ_ELIMIT, HQ_ENOMEM.
 */
HQ_API HqStatus hq_program_compile(const uint8_t *name_utf8, size_t name_len, const uint8_t *text_utf8,
                            size_t text_len, HqProgram **out);

/**
 * The bytes of a program (HQBC), to be stored or shipped: hq_program_load() makes it again.
 * @param out  room for `cap` bytes; may be NULL when cap is 0. Written only if the program fits.
 * @return the program's size in bytes, whatever `cap` is; 0 for NULL.
 */
HQ_API size_t hq_program_bytes(const HqProgram *program, uint8_t *out, size_t cap);

/** Free a program. NULL is accepted. Engines that use it keep what they need. */
HQ_API void hq_program_free(HqProgram *program);

/** How many PARAMs a program has; 0 for NULL. */
HQ_API size_t hq_program_param_count(const HqProgram *program);

/** PARAM `index`, in the text's order, into `out`. HQ_OK, HQ_EINVAL, HQ_ENOTFOUND. */
HQ_API HqStatus hq_program_param(const HqProgram *program, size_t index, HqProgramParam *out);

/** 1 when a rule of the program carries SIZE, STOP, TARGET or TRAIL; 0 otherwise or for NULL. */
HQ_API uint32_t hq_program_has_clauses(const HqProgram *program);

/** 1 when the program reads buy_volume, which not all data has; 0 otherwise or for NULL. */
HQ_API uint32_t hq_program_reads_buy_volume(const HqProgram *program);

/** How many higher timeframes the program reads; 0 for NULL. */
HQ_API size_t hq_program_timeframe_count(const HqProgram *program);

/** Timeframe `index` in ms, > 0; 0 for NULL or an index beyond. */
HQ_API int64_t hq_program_timeframe(const HqProgram *program, size_t index);

/**
 * The program as text, a line an instruction.
 * @param out   room for `cap` bytes, NUL included; may be NULL when cap is 0.
 * @return bytes the whole text takes, without the NUL; 0 for NULL. What does not fit is cut.
 */
HQ_API size_t hq_program_disassemble(const HqProgram *program, char *out, size_t cap);

/** Where a compiler puts its answer. Opaque; valid during one call of the hook. */
typedef struct HqCompileResult HqCompileResult;

/**
 * Turns strategy text into a program. Answers once, by hq_compile_succeed(), hq_compile_fail() or
 * hq_compile_fail_with(). Called in the thread of the hquant_add_strategy() or
 * hq_program_compile() that needs it; must not call into that handle.
 */
typedef void (*HqCompileFn)(void *user, const char *name, size_t name_len, const char *text,
                            size_t text_len, HqCompileResult *result);

/** The hook's answer: the program, `size` bytes, copied. */
HQ_API void hq_compile_succeed(HqCompileResult *result, const uint8_t *bytes, size_t size);

/**
 * The hook's answer: why not.
 * @param code     a failure's; HQ_ECOMPILE stands for any other.
 * @param line     in the text, from 1; 0 when unknown. column the same, in characters.
 * @param message  NUL-terminated UTF-8.
 */
HQ_API void hq_compile_fail(HqCompileResult *result, HqStatus code, uint32_t line, uint32_t column,
                     const char *message);

/** As hq_compile_fail(), with what HqError.diagnostics and .diagnostics_json shall say; copied, NULL: nothing. */
HQ_API void hq_compile_fail_with(HqCompileResult *result, HqStatus code, uint32_t line, uint32_t column,
                          const char *message, const char *diagnostics,
                          const char *diagnostics_json);

/**
 * Register the process's compiler. The Python package does so when it is imported. Where none is
 * registered, text is compiled by libhquant_dsl when it lies beside this library or on the loader's
 * path: it runs the compiler in a child process, of the Python that the environment variable
 * HQUANT_PYTHON names, else of the environment it is installed in, else of the one recorded when it
 * was built, else of python3 on the PATH (its absolute folders), whose hquant_cffi must be of this
 * library's version; not in a program with more rights than its user. It waits for 30 s or
 * HQUANT_COMPILE_TIMEOUT_MS. docs/compiling.md has the details.
 * @param compile  the hook; NULL takes it away.
 * @param user     handed to the hook as it is.
 * Any thread; affects later calls only.
 */
HQ_API void hq_set_dsl_compiler(HqCompileFn compile, void *user);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
