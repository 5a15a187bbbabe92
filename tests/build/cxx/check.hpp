// CHECK, MUST and FAILS, for both kinds of hquant.hpp: exceptions and results.
#ifndef HQ_TESTS_CXX_CHECK_HPP
#define HQ_TESTS_CXX_CHECK_HPP

#include <hquant/hquant.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

inline int checks = 0, failures = 0;

inline void check(bool holds, const char *file, int line, const char *what)
{
    checks++;
    if (!holds) {
        failures++;
        std::fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    }
}

#if HQUANT_EXCEPTIONS

template <class F> auto must(F call, const char *file, int line, const char *what)
{
    try {
        return call();
    } catch (const hquant::Error &error) {
        std::fprintf(stderr, "%s:%d: %s: %s: %s\n", file, line, what, error.name(), error.what());
        std::exit(1);
    }
}

template <class F> hquant::Error failure(F call)
{
    try {
        (void)call();
    } catch (const hquant::Error &error) {
        return error;
    }
    return hquant::Error(HQ_OK, "it succeeded");
}

#else

inline void stop_at_failure(bool holds, const hquant::Error &error, const char *file, int line,
                            const char *what)
{
    if (!holds) {
        std::fprintf(stderr, "%s:%d: %s: %s: %s\n", file, line, what, error.name(), error.what());
        std::exit(1);
    }
}

template <class T> T value_of(hquant::Result<T> result) { return std::move(*result); }
inline void value_of(hquant::Result<void>) {}

template <class F> auto must(F call, const char *file, int line, const char *what)
{
    auto result = call();
    if (!result.has_value())
        stop_at_failure(false, result.error(), file, line, what);
    return value_of(std::move(result));
}

template <class F> hquant::Error failure(F call)
{
    auto result = call();
    return result.has_value() ? hquant::Error(HQ_OK, "it succeeded") : result.error();
}

#endif

#define CHECK(condition) check((condition), __FILE__, __LINE__, #condition)

// The value of a call that must succeed.
#define MUST(...) must([&] { return __VA_ARGS__; }, __FILE__, __LINE__, #__VA_ARGS__)

// The call fails with a code, and its message says more than nothing.
#define FAILS(wanted, ...)                                                         \
    do {                                                                           \
        const hquant::Error why = failure([&] { return __VA_ARGS__; });          \
        CHECK(why.code() == (wanted) && std::string(why.name()) == #wanted);   \
        CHECK(std::string(why.what()).size() > 8);                               \
    } while (0)

inline int report(const char *name)
{
    std::printf("%s: %d checks, %d failed\n", name, checks, failures);
    return failures > 0 || checks == 0;
}

#endif
