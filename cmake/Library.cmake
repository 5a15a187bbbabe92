# The library: compiled once, linked as hquant (shared) and hquant_static.
file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/csrc/*.c)
list(FILTER sources EXCLUDE REGEX "/csrc/bridge/") # libhquant_dsl, below
file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.h ${PROJECT_SOURCE_DIR}/include/*.hpp)

add_library(hquant_objects OBJECT ${sources})
target_include_directories(hquant_objects PRIVATE ${PROJECT_SOURCE_DIR}/csrc PUBLIC ${PROJECT_SOURCE_DIR}/include)
target_compile_definitions(hquant_objects PRIVATE HQ_BUILDING)
target_link_libraries(hquant_objects PRIVATE hq_flags)
# Exported functions may be inlined: nobody interposes them.
target_compile_options(hquant_objects PRIVATE -fno-semantic-interposition)
set_target_properties(hquant_objects PROPERTIES
  POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)

# Fat objects: the archive stays usable by any compiler and linker. Only gcc makes them.
if(HQ_LTO AND NOT HQ_SANITIZE AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(hquant_objects PRIVATE -flto=auto -ffat-lto-objects)
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
  target_sources(${library} PRIVATE $<TARGET_OBJECTS:hquant_objects>)
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

# libhquant_dsl: loaded by libhquant when strategy text needs a compiler and none is registered.
if(UNIX)
  find_package(Threads REQUIRED)
  file(GLOB bridge_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/csrc/bridge/*.c)
  add_library(hquant_dsl MODULE ${bridge_sources})
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
