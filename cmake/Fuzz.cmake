# tests/fuzz/fuzz_*.c: libFuzzer targets, linked to the archive built with the same sanitizers.
if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "HQ_FUZZ needs clang for libFuzzer; found ${CMAKE_C_COMPILER_ID}. "
                      "Configure with -DCMAKE_C_COMPILER=clang-14")
endif()
target_compile_options(hquant_objects PRIVATE -fsanitize=fuzzer-no-link)
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_*.c)

foreach(source ${fuzz_sources})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/csrc ${PROJECT_SOURCE_DIR}/tests/fuzz)
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE hquant_static hq_flags)
endforeach()
