/**
 * @file error.hpp
 * What a failed call is: an exception, or a Result, as config.hpp has it.
 *
 * Every function here that can fail has a return type Result<T>. With exceptions that is T itself,
 * and a failure throws hquant::Error. Without, it is a value or a status code, to be looked at.
 * Nothing is a failure that the C function does not call one, and no failure is left silent: the
 * functions of the C ABI that answer bad input by doing nothing fail here.
 */
#ifndef HQUANT_CPP_ERROR_HPP
#define HQUANT_CPP_ERROR_HPP

#include "config.hpp"

#include "../status.h"

#include <cassert>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace hquant {
inline namespace HQUANT_MODE {

/** Why a call failed. what() says what was expected and found, and what to do. */
class Error : public std::runtime_error {
  public:
    /** A failure with a message and no place in a text. */
    Error(HqStatus code, const std::string &message)
        : std::runtime_error(message), code_(code), text_(std::make_shared<const Text>())
    {
    }

    /** A failure as the C ABI tells it. */
    explicit Error(const HqError &error)
        : std::runtime_error(error.message[0] ? error.message : hq_status_text(error.code)),
          code_(error.code), line_(error.line), column_(error.column),
          text_(std::make_shared<const Text>(Text{
              error.diagnostics ? error.diagnostics : "",
              error.diagnostics_json ? error.diagnostics_json : "[]"}))
    {
    }

    /** HQ_EINVAL, HQ_ECOMPILE, ... */
    HqStatus code() const noexcept { return code_; }
    /** "HQ_EINVAL", "HQ_ECOMPILE", ... */
    const char *name() const noexcept { return hq_status_name(code_); }
    /** Line in a strategy's text, from 1; 0 when it does not apply. */
    std::uint32_t line() const noexcept { return line_; }
    /** Column in that line, in characters from 1; 0 when it does not apply. */
    std::uint32_t column() const noexcept { return column_; }
    /** All that is wrong with a text that does not compile, as `hquant check` prints it; else "". */
    const std::string &diagnostics() const noexcept { return text_->diagnostics; }
    /** The same as a JSON array; "[]" when it does not apply. */
    const std::string &diagnostics_json() const noexcept { return text_->json; }

  private:
    struct Text {
        std::string diagnostics{};
        std::string json = "[]";
    };
    HqStatus code_;
    std::uint32_t line_ = 0;
    std::uint32_t column_ = 0;
    std::shared_ptr<const Text> text_; /* shared: an exception must copy without throwing */
};

/** The name of a status code, such as "HQ_EINVAL". */
inline const char *status_name(HqStatus code) noexcept { return hq_status_name(code); }

/** One sentence for a status code. */
inline const char *status_text(HqStatus code) noexcept { return hq_status_text(code); }

namespace detail {

/** How a call ended: a status, and its message where this header refuses, not the library. */
struct Outcome {
    HqStatus code;
    const char *message;
    Outcome(HqStatus status, const char *text = nullptr) noexcept : code(status), message(text) {}
};

/* The thread's newest failure is that of this call unless something failed in between: then the
 * code tells, and its sentence has to do. */
inline Error error_of(const Outcome &outcome)
{
    const HqError *last = hq_last_error();
    if (outcome.message)
        return Error(outcome.code, outcome.message);
    return last->code == outcome.code ? Error(*last)
                                      : Error(outcome.code, hq_status_text(outcome.code));
}

/** The outcome of a call that failed and told why through hq_last_error() alone. */
inline Outcome last_outcome() noexcept
{
    const HqStatus code = hq_last_error()->code;
    return code != HQ_OK ? code : HQ_EINVAL;
}

/** Around a call whose answer looks the same after a failure: the last error alone tells. */
class Asking {
  public:
    Asking() noexcept
    {
        if (last_->code != HQ_OK)
            hq_clear_error();
    }
    Outcome outcome() const noexcept { return last_->code; }

  private:
    const HqError *last_ = hq_last_error(); /* of this thread: it stays where it is */
};

} // namespace detail

#if HQUANT_EXCEPTIONS

/** What a function returns that throws hquant::Error when it fails. */
template <class T> using Result = T;

namespace detail {
inline void answer(const Outcome &outcome)
{
    if (outcome.code != HQ_OK)
        throw detail::error_of(outcome);
}

template <class T> Result<std::decay_t<T>> answer(const Outcome &outcome, T &&value)
{
    answer(outcome);
    return std::forward<T>(value);
}
} // namespace detail

#else

/**
 * A value, or why there is none. error() must be asked in the thread of the call and before that
 * thread's next call. *result of a failure is a mistake of the program: an assert, or undefined.
 */
template <class T> class [[nodiscard]] Result {
  public:
    Result(T value) : value_(std::move(value)), why_(HQ_OK) {}
    Result(const detail::Outcome &why) : why_(why) { assert(why.code != HQ_OK); }

    bool has_value() const noexcept { return value_.has_value(); }
    /** As has_value(). A Result<bool> has none of it: `if (account.liquidated())` would ask whether
     *  there is an answer, not what it is. */
    template <class U = T, class = std::enable_if_t<!std::is_same_v<U, bool>>>
    explicit operator bool() const noexcept
    {
        return has_value();
    }
    HqStatus code() const noexcept { return why_.code; }
    Error error() const { return detail::error_of(why_); }

    T &operator*() & noexcept { return *operator->(); }
    const T &operator*() const & noexcept { return *operator->(); }
    /* By value: in `for (auto &signal : *engine->poll_signals(room))` the Result is gone before the
     * first round. */
    T operator*() && noexcept(std::is_nothrow_move_constructible_v<T>)
    {
        return std::move(*operator->());
    }
    T *operator->() noexcept
    {
        assert(value_.has_value());
        return &*value_;
    }
    const T *operator->() const noexcept
    {
        assert(value_.has_value());
        return &*value_;
    }

  private:
    std::optional<T> value_{};
    detail::Outcome why_;
};

/** Whether a call without a value succeeded; as Result<T>. */
template <> class [[nodiscard]] Result<void> {
  public:
    Result(const detail::Outcome &why) noexcept : why_(why) {}
    bool has_value() const noexcept { return why_.code == HQ_OK; }
    explicit operator bool() const noexcept { return why_.code == HQ_OK; }
    HqStatus code() const noexcept { return why_.code; }
    Error error() const { return detail::error_of(why_); }

  private:
    detail::Outcome why_;
};

namespace detail {
inline Result<void> answer(const Outcome &outcome) noexcept { return outcome; }

template <class T> Result<std::decay_t<T>> answer(const Outcome &outcome, T &&value)
{
    if (outcome.code != HQ_OK)
        return outcome;
    return std::forward<T>(value);
}
} // namespace detail

#endif

namespace detail {

/** An answer whose 0 or NULL is a failure. */
template <class T> Result<T> unless_zero(T value)
{
    return answer(value ? Outcome(HQ_OK) : last_outcome(), std::move(value));
}

/** The answer of such a call. */
template <class F, class... A> auto asked(F function, A... arguments)
{
    const Asking asking;
    if constexpr (std::is_void_v<decltype(function(arguments...))>) {
        function(arguments...);
        return answer(asking.outcome());
    } else {
        auto value = function(arguments...);
        return answer(asking.outcome(), std::move(value));
    }
}

} // namespace detail
} // namespace HQUANT_MODE
} // namespace hquant

#endif
