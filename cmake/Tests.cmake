# tests/c/test_*.c: one program each, linked to the archive, free to include private headers.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

file(GLOB test_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/c/test_*.c)

# In a program of one thread nothing can race: these start more, the library's or their own.
set(threaded test_errors test_hostile_sweep test_threads)

foreach(source ${test_sources})
  get_filename_component(name ${source} NAME_WE)
  if(HQ_SANITIZE STREQUAL "thread" AND NOT name IN_LIST threaded)
    continue()
  endif()
  add_executable(${name} ${source})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/csrc ${PROJECT_SOURCE_DIR}/tests/c)
  target_compile_options(${name} PRIVATE -UNDEBUG) # a test's own asserts are its checks
  target_link_libraries(${name} PRIVATE hquant_static hq_flags Threads::Threads)
  if(name MATCHES "^test_alloc") # these supply __wrap_malloc and so on
    target_link_options(${name} PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 120)
endforeach()
