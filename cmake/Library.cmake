# The library: compiled once, linked as hquant (shared) and hquant_static.
file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/csrc/*.c)
list(FILTER sources EXCLUDE REGEX "/csrc/bridge/") # libhquant_dsl, below
file(GLOB_RECURSE wide_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/csrc/*_wide.c) # built for each width
list(REMOVE_ITEM sources ${wide_sources})
file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.h ${PROJECT_SOURCE_DIR}/include/*.hpp)

# One object library a width; csrc/base/simd.c says which of the wide functions a machine calls.
add_library(hquant_objects OBJECT ${sources})
set(objects hquant_objects)
set(wide_flags_baseline "")
set(wide_flags_avx2 -mavx2 -mfma)
set(wide_flags_avx512 -mavx512f -mavx512dq -mavx512vl -mavx2 -mfma -mprefer-vector-width=512)
set(widths baseline)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  list(APPEND widths avx2 avx512)
endif()
if(NOT wide_sources)
  set(widths "")
endif()
foreach(width ${widths})
  add_library(hquant_${width} OBJECT ${wide_sources})
  target_compile_definitions(hquant_${width} PRIVATE HQ_WIDE_BUILD=${width})
  target_compile_options(hquant_${width} PRIVATE ${wide_flags_${width}})
  list(APPEND objects hquant_${width})
endforeach()
foreach(object ${objects})
  target_include_directories(${object} PRIVATE ${PROJECT_SOURCE_DIR}/csrc PUBLIC ${PROJECT_SOURCE_DIR}/include)
  target_compile_definitions(${object} PRIVATE HQ_BUILDING)
  target_link_libraries(${object} PRIVATE hq_flags)
  # Exported functions may be inlined: nobody interposes them.
  target_compile_options(${object} PRIVATE -fno-semantic-interposition)
  set_target_properties(${object} PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
endforeach()

# Fat objects: the archive stays usable by any compiler and linker. Only gcc makes them.
if(HQ_LTO AND NOT HQ_SANITIZE AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
  foreach(object ${objects})
    target_compile_options(${object} PRIVATE -flto=auto -ffat-lto-objects)
  endforeach()
  set(lto_link_options -flto=auto -O3 -ffp-contract=off -fno-math-errno)
endif()

add_library(hquant SHARED)
target_link_options(hquant PRIVATE ${lto_link_options})
if(NOT SKBUILD) # a wheel is a zip archive: it holds no symbolic links
  set_target_properties(hquant PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${abi_version})
endif()

add_library(hquant_static STATIC)
target_compile_definitions(hquant_static PUBLIC HQ_STATIC)
if(UNIX)
  set_target_properties(hquant_static PROPERTIES OUTPUT_NAME hquant)
endif()

foreach(library hquant hquant_static)
  add_library(hquant::${library} ALIAS ${library})
  foreach(object ${objects})
    target_sources(${library} PRIVATE $<TARGET_OBJECTS:${object}>)
  endforeach()
  target_include_directories(${library} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${HQ_INCLUDEDIR}>)
  set_target_properties(${library} PROPERTIES LINKER_LANGUAGE C)
endforeach()
target_link_libraries(hquant PRIVATE m ${CMAKE_DL_LIBS})
target_link_libraries(hquant_static PUBLIC m ${CMAKE_DL_LIBS})
if(HQ_SANITIZE)
  target_link_options(hquant PRIVATE -fsanitize=${HQ_SANITIZE})
elseif(UNIX AND NOT APPLE)
  target_link_options(hquant PRIVATE -Wl,--no-undefined) # what is missing shows here, not at load
endif()

# A sweep runs in threads of its own.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
target_link_libraries(hquant PRIVATE Threads::Threads)
target_link_libraries(hquant_static PUBLIC Threads::Threads)

# libhquant_dsl: loaded by libhquant when strategy text needs a compiler and none is registered.
if(UNIX)
  file(GLOB bridge_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/csrc/bridge/*.c)
  add_library(hquant_dsl MODULE ${bridge_sources} ${PROJECT_SOURCE_DIR}/csrc/base/utf8.c)
  target_include_directories(hquant_dsl PRIVATE ${PROJECT_SOURCE_DIR}/csrc ${PROJECT_SOURCE_DIR}/include)
  target_compile_definitions(hquant_dsl PRIVATE HQ_BUILDING)
  target_link_libraries(hquant_dsl PRIVATE hq_flags Threads::Threads ${CMAKE_DL_LIBS})
  set_target_properties(hquant_dsl PROPERTIES C_VISIBILITY_PRESET hidden SUFFIX ".so")
  if(HQ_DSL_PYTHON)
    target_compile_definitions(hquant_dsl PRIVATE HQ_BRIDGE_PYTHON="${HQ_DSL_PYTHON}")
  endif()
  if(HQ_SANITIZE)
    target_link_options(hquant_dsl PRIVATE -fsanitize=${HQ_SANITIZE})
  endif()
endif()
