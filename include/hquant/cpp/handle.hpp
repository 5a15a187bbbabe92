/**
 * @file handle.hpp
 * One owner for each thing that the C ABI makes.
 */
#ifndef HQUANT_CPP_HANDLE_HPP
#define HQUANT_CPP_HANDLE_HPP

#include "error.hpp"

#include <utility>

namespace hquant {

/**
 * Owns a handle of the C ABI: moves, does not copy, frees what it holds. What is asked of an empty
 * one fails as the C function does for NULL.
 */
template <class T, void (*Free)(T *)> class Handle {
  public:
    Handle() noexcept = default;
    explicit Handle(T *owned) noexcept : handle_(owned) {}
    Handle(Handle &&other) noexcept : handle_(other.release()) {}
    Handle &operator=(Handle &&other) noexcept
    {
        if (this != &other)
            reset(other.release());
        return *this;
    }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle() { Free(handle_); }

    /** The handle, for functions of the C ABI; still owned here. */
    T *get() const noexcept { return handle_; }

    /** The handle, owned by the caller from now on. */
    [[nodiscard]] T *release() noexcept { return std::exchange(handle_, nullptr); }

    /** Free what is held and own `handle`. */
    void reset(T *handle = nullptr) noexcept { Free(std::exchange(handle_, handle)); }

    explicit operator bool() const noexcept { return handle_ != nullptr; }

  private:
    T *handle_ = nullptr;
};

inline namespace HQUANT_MODE {
namespace detail {

/** An owner of what a function put into `made`, by its status. */
template <class Owner, class T> Result<Owner> owned(HqStatus status, T *made)
{
    return answer(Outcome(status), Owner(made));
}

/** An owner of what a function returned, NULL being its failure. */
template <class Owner, class T> Result<Owner> owned(T *made)
{
    return answer(made ? Outcome(HQ_OK) : last_outcome(), Owner(made));
}

} // namespace detail
} // namespace HQUANT_MODE
} // namespace hquant

#endif
