/**
 * @file config.hpp
 * Exceptions or not: the one choice that hquant.hpp leaves to the build.
 */
#ifndef HQUANT_CPP_CONFIG_HPP
#define HQUANT_CPP_CONFIG_HPP

#if !defined(__cplusplus) || __cplusplus < 201703L
#  error "hquant.hpp needs C++17 or newer: compile with -std=c++17; C programs include hquant.h"
#endif

/* Both kinds may meet in one program: each has a namespace of its own, so that the linker never
 * takes a function of one for that of the other. */
#if defined(HQUANT_NO_EXCEPTIONS) || !defined(__cpp_exceptions)
#  define HQUANT_EXCEPTIONS 0
#  define HQUANT_MODE returning
#else
#  define HQUANT_EXCEPTIONS 1
#  define HQUANT_MODE throwing
#endif

#endif
