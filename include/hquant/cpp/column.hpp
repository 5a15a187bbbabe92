/**
 * @file column.hpp
 * A ring column as a range, oldest element first, without a copy.
 */
#ifndef HQUANT_CPP_COLUMN_HPP
#define HQUANT_CPP_COLUMN_HPP

#include "span.hpp"

#include "../../hquant.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace hquant {

/**
 * View of a ring column: index 0 is the oldest element, size() - 1 the newest. It shows the ring as
 * it was at the call that gave it: ask again after a push. The memory is the engine's.
 */
template <class T> class Column {
  public:
    class iterator;
    using value_type = T;
    using const_iterator = iterator;

    Column() noexcept = default;

    /** A view of HqColumnF64 or HqColumnI64. */
    template <class C>
    explicit Column(const C &ring) noexcept
        : ring_(ring.ptr), capacity_(ring.capacity), size_(ring.len),
          oldest_(ring.len < ring.capacity ? 0 : ring.head)
    {
    }

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    std::size_t capacity() const noexcept { return capacity_; }

    /** Element `index`, from the oldest, 0, to size() - 1. */
    const T &operator[](std::size_t index) const noexcept
    {
        const std::size_t to_the_end = capacity_ - oldest_;
        return ring_[index < to_the_end ? oldest_ + index : index - to_the_end];
    }

    /** The element `bars` bars before the newest: ago(0) is the newest. */
    const T &ago(std::size_t bars) const noexcept { return (*this)[size_ - 1 - bars]; }

    const T &front() const noexcept { return (*this)[0]; }
    const T &back() const noexcept { return (*this)[size_ - 1]; }

    /** The older part, up to where the ring wraps. */
    span<const T> older() const noexcept
    {
        return size_ == 0 ? span<const T>{}
                          : span<const T>{ring_ + oldest_, std::min(size_, capacity_ - oldest_)};
    }

    /** The newer part, behind older(); empty where nothing wraps. */
    span<const T> newer() const noexcept
    {
        return size_ == 0 ? span<const T>{} : span<const T>{ring_, size_ - older().size()};
    }

    /** Copy the newest out.size() elements, or all when there are fewer, oldest first. */
    span<T> copy_newest(span<T> out) const noexcept
    {
        const std::size_t count = std::min(out.size(), size_);
        const span<const T> left = older(), right = newer();
        const std::size_t of_right = std::min(count, right.size());
        const span<const T> tail = left.last(count - of_right);
        std::copy_n(tail.data(), tail.size(), out.data());
        std::copy_n(right.last(of_right).data(), of_right, out.data() + tail.size());
        return out.first(count);
    }

    iterator begin() const noexcept { return iterator(*this, 0); }
    iterator end() const noexcept { return iterator(*this, size_); }

  private:
    const T *ring_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
    std::size_t oldest_ = 0;
};

/** Random access; valid as long as the engine's memory is, whatever becomes of its Column. */
template <class T> class Column<T>::iterator {
  public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T *;
    using reference = const T &;

    iterator() noexcept = default;
    iterator(const Column &column, std::size_t index) noexcept : column_(column), index_(index) {}

    reference operator*() const noexcept { return column_[index_]; }
    pointer operator->() const noexcept { return &column_[index_]; }
    reference operator[](difference_type n) const noexcept { return *(*this + n); }

    iterator &operator+=(difference_type n) noexcept
    {
        index_ += static_cast<std::size_t>(n); /* wraps as it should where n < 0 */
        return *this;
    }
    iterator &operator-=(difference_type n) noexcept { return *this += -n; }
    iterator &operator++() noexcept { return *this += 1; }
    iterator &operator--() noexcept { return *this -= 1; }
    iterator operator++(int) noexcept
    {
        iterator before = *this;
        ++*this;
        return before;
    }
    iterator operator--(int) noexcept
    {
        iterator before = *this;
        --*this;
        return before;
    }
    friend iterator operator+(iterator i, difference_type n) noexcept { return i += n; }
    friend iterator operator+(difference_type n, iterator i) noexcept { return i += n; }
    friend iterator operator-(iterator i, difference_type n) noexcept { return i -= n; }
    friend difference_type operator-(const iterator &a, const iterator &b) noexcept
    {
        return static_cast<difference_type>(a.index_ - b.index_);
    }
    friend bool operator==(const iterator &a, const iterator &b) noexcept
    {
        return a.index_ == b.index_;
    }
    friend bool operator!=(const iterator &a, const iterator &b) noexcept { return !(a == b); }
    friend bool operator<(const iterator &a, const iterator &b) noexcept
    {
        return a.index_ < b.index_;
    }
    friend bool operator>(const iterator &a, const iterator &b) noexcept { return b < a; }
    friend bool operator<=(const iterator &a, const iterator &b) noexcept { return !(b < a); }
    friend bool operator>=(const iterator &a, const iterator &b) noexcept { return !(a < b); }

  private:
    Column column_{};
    std::size_t index_ = 0;
};

Column(const HqColumnF64 &) -> Column<double>;
Column(const HqColumnI64 &) -> Column<std::int64_t>;

using ColumnF64 = Column<double>;
using ColumnI64 = Column<std::int64_t>;

} // namespace hquant

#endif
