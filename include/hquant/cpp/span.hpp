/**
 * @file span.hpp
 * A view of elements side by side that others own.
 */
#ifndef HQUANT_CPP_SPAN_HPP
#define HQUANT_CPP_SPAN_HPP

#include "config.hpp"

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#if __cplusplus >= 202002L && __has_include(<span>)
#  include <span>
#endif

namespace hquant {

namespace detail {

/* Whether an argument is a container that ends with the statement: what holds its elements hands its
 * constness on to them, a view does not. */
template <class C, class = void> struct IsTemporaryOwner : std::false_type {};
template <class C>
struct IsTemporaryOwner<C, std::void_t<decltype(std::declval<C &>().data())>>
    : std::bool_constant<!std::is_lvalue_reference_v<C> &&
                         !std::is_same_v<decltype(std::declval<std::remove_const_t<C> &>().data()),
                                         decltype(std::declval<const C &>().data())>> {};

/* For overloads that are deleted: views of such a container would dangle. */
template <class... C>
using if_temporary_owner = std::enable_if_t<(IsTemporaryOwner<C>::value || ...)>;

} // namespace detail

/**
 * A pointer and a number of elements: std::span as far as C++17 goes. Made from arrays, vectors,
 * std::span and whatever else has data() and size(); std::span is made from it in turn.
 *
 * It is the same type under every standard, so that files of C++17 and C++20 link together.
 */
template <class T> class span {
    template <class U> static constexpr bool fits = std::is_convertible_v<U (*)[], T (*)[]>;

  public:
    using element_type = T;
    using value_type = std::remove_cv_t<T>;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;
    using pointer = T *;
    using reference = T &;
    using iterator = T *;

    constexpr span() noexcept = default;
    constexpr span(T *first, std::size_t size) noexcept : first_(first), size_(size) {}

    template <class U, std::size_t N, class = std::enable_if_t<fits<U>>>
    constexpr span(U (&array)[N]) noexcept : first_(array), size_(N)
    {
    }

    template <class C, class U = std::remove_pointer_t<decltype(std::declval<C &>().data())>,
              class = decltype(std::declval<C &>().size()),
              class = std::enable_if_t<fits<U> && !std::is_array_v<std::remove_reference_t<C>> &&
                                       (std::is_lvalue_reference_v<C> || std::is_const_v<T>)>>
    constexpr span(C &&container) noexcept
        : first_(container.data()), size_(static_cast<std::size_t>(container.size()))
    {
    }

    constexpr T *data() const noexcept { return first_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr std::size_t size_bytes() const noexcept { return size_ * sizeof(T); }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T *begin() const noexcept { return first_; }
    constexpr T *end() const noexcept { return first_ + size_; }
    constexpr T &operator[](std::size_t index) const noexcept { return first_[index]; }
    constexpr T &front() const noexcept { return first_[0]; }
    constexpr T &back() const noexcept { return first_[size_ - 1]; }

    /** The first `count` elements, or all when there are fewer. */
    constexpr span first(std::size_t count) const noexcept
    {
        return {first_, count < size_ ? count : size_};
    }

    /** The last `count` elements, or all when there are fewer. */
    constexpr span last(std::size_t count) const noexcept
    {
        return count < size_ ? span{first_ + (size_ - count), count} : *this;
    }

  private:
    T *first_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace hquant

/* A span may outlive its span object, as std::span says of itself in <span>. */
#if defined(__cpp_lib_span) && defined(__cpp_lib_concepts)
template <class T> inline constexpr bool std::ranges::enable_borrowed_range<hquant::span<T>> = true;
template <class T> inline constexpr bool std::ranges::enable_view<hquant::span<T>> = true;
#endif

#endif
