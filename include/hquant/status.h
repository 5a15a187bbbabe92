/**
 * @file status.h
 * Status codes and the last error: what went wrong, in the calling thread.
 */
#ifndef HQUANT_STATUS_H
#define HQUANT_STATUS_H

#include "../hquant.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The one list of status codes: X(name, value, text). Values are frozen; 0 is success and every
 * failure is negative.
 */
#define HQ_STATUS_LIST(X)                                                             \
    X(HQ_OK, 0, "success")                                                            \
    X(HQ_EINVAL, -1, "an argument is out of range")                                   \
    X(HQ_ENOMEM, -2, "out of memory")                                                 \
    X(HQ_EBUSY, -3, "another call is inside this handle")                             \
    X(HQ_EBAR, -4, "a bar's field is not finite or beyond 1e100")                     \
    X(HQ_ECOMPILE, -5, "the strategy text does not compile")                          \
    X(HQ_EPROGRAM, -6, "not a valid compiled program")                                \
    X(HQ_ENOCOMPILER, -7, "there is no strategy compiler that can be used")           \
    X(HQ_EUTF8, -8, "text is not valid UTF-8")                                        \
    X(HQ_ELIMIT, -9, "a fixed limit is exceeded")                                     \
    X(HQ_ENOTFOUND, -10, "no such indicator, strategy, parameter or period")          \
    X(HQ_EORDER, -11, "a bar is older than the one before it")                        \
    X(HQ_EUNSUPPORTED, -12, "valid, but this kind of run cannot execute it")          \
    X(HQ_ELIQUIDATED, -13, "the account has been liquidated")                         \
    X(HQ_ECANCELLED, -14, "cancelled by the progress callback")                        \
    X(HQ_ESNAPSHOT, -15, "not a valid snapshot")

/* [cdef] */
/** HQ_OK or one of the negative codes of HQ_STATUS_LIST. */
typedef int32_t HqStatus;
/* [/cdef] */

enum {
#define HQ_STATUS_ENUM(name, value, text) name = value,
    HQ_STATUS_LIST(HQ_STATUS_ENUM)
#undef HQ_STATUS_ENUM
    HQ_STATUS_END = 1 /* no status: it ends the list without a comma */
};

/* [cdef] */
/** The newest failure in the calling thread. */
typedef struct HqError {
    HqStatus code;     /**< HQ_OK when nothing has failed since hq_clear_error() */
    uint32_t line;     /**< line in a strategy's text, from 1; 0 when it does not apply */
    uint32_t column;   /**< column in that line, in characters from 1; 0 when it does not apply */
    char message[500]; /**< UTF-8, NUL-terminated: expected, found, what to do */
    const char *diagnostics;      /**< all that is wrong with a text that does not compile, as `hquant check` prints it; else "" */
    const char *diagnostics_json; /**< the same as a JSON array (docs/diagnostics.md); else "[]" */
} HqError;

/**
 * The newest failure in the calling thread. Stays until the next failure or hq_clear_error(): a
 * success does not clear it. The pointer is valid for the thread's life, those to diagnostics until
 * the next failure in the thread or hq_clear_error(). Where memory lacks, there are no diagnostics.
 */
HQ_API const HqError *hq_last_error(void);

/** Forget the newest failure: its code becomes HQ_OK, its message and its diagnostics empty. */
HQ_API void hq_clear_error(void);

/** The code's name, such as "HQ_EINVAL"; "HQ_UNKNOWN" for a value that is not in the list. */
HQ_API const char *hq_status_name(HqStatus code);

/** One sentence for a code; "unknown status" for a value that is not in the list. */
HQ_API const char *hq_status_text(HqStatus code);

/** The library's version, "major.minor.patch". */
HQ_API const char *hq_version(void);

/** A number that changes when the binary interface does; equal to the SOVERSION. */
HQ_API uint32_t hq_abi_version(void);
/* [/cdef] */

#ifdef __cplusplus
}
#endif
#endif
