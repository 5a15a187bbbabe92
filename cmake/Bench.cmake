# bench/*.c, linked to the shared library as a user's program is; and the frozen yardsticks beside the
# repository, where present, with just the flags that they name.
file(GLOB bench_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.c)
if(EXISTS ${HQ_LIMIT_DIR}/stream.c)
  list(APPEND bench_sources ${HQ_LIMIT_DIR}/stream.c ${HQ_LIMIT_DIR}/limit.c)
endif()

foreach(source ${bench_sources})
  get_filename_component(name ${source} NAME_WE)
  add_executable(bench_${name} ${source})
  set_target_properties(bench_${name} PROPERTIES OUTPUT_NAME ${name} C_EXTENSIONS ON)
  target_link_libraries(bench_${name} PRIVATE hquant m)
  if(name STREQUAL limit)
    target_compile_options(bench_${name} PRIVATE -march=native -mprefer-vector-width=512)
  endif()
endforeach()
