// One program made of files of several standards, with and without exceptions.
#ifndef HQ_TESTS_CXX_PARTS_HPP
#define HQ_TESTS_CXX_PARTS_HPP

#include <hquant/hquant.hpp>

// Files with exceptions, C++17 and C++20, hand each other engines and spans.
#if HQUANT_EXCEPTIONS
hquant::Engine part_17(std::size_t capacity);
double part_20(hquant::Engine &engine, hquant::span<const double> closes);
#endif

// Files without exceptions hand out numbers.
int part_no_exceptions(); // -fno-exceptions
int part_results();       // HQUANT_NO_EXCEPTIONS

#endif
