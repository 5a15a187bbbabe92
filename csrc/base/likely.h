/* What compilers are told of branches and functions. */
#ifndef HQ_BASE_LIKELY_H
#define HQ_BASE_LIKELY_H

#if defined(__GNUC__)
#  define HQ_LIKELY(condition) __builtin_expect(!!(condition), 1)
#  define HQ_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#  define HQ_RARE __attribute__((noinline, cold))
#  define HQ_NOINLINE __attribute__((noinline))
#  define HQ_INLINE static inline __attribute__((always_inline))
#  define HQ_MUST_USE __attribute__((warn_unused_result))
#else
#  define HQ_LIKELY(condition) (condition)
#  define HQ_UNLIKELY(condition) (condition)
#  define HQ_RARE
#  define HQ_NOINLINE
#  define HQ_INLINE static inline
#  define HQ_MUST_USE
#endif

/** As HQ_UNLIKELY(), and so seldom that a jump is meant: compilers would rather compute both sides and select. */
#if defined(__has_builtin)
#  if __has_builtin(__builtin_expect_with_probability)
#    define HQ_SELDOM(condition) __builtin_expect_with_probability(!!(condition), 0, 0.999)
#  endif
#endif
#ifndef HQ_SELDOM
#  define HQ_SELDOM(condition) HQ_UNLIKELY(condition)
#endif

#endif
