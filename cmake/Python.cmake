# The cffi extension hquant_cffi._cffi: stable ABI, linked to the library beside it in the package.
find_package(Python 3.11 REQUIRED COMPONENTS Interpreter Development.Module)

set(generator ${PROJECT_SOURCE_DIR}/hquant_cffi/_build_ffi.py)
set(generated ${PROJECT_BINARY_DIR}/_cffi.c)
add_custom_command(OUTPUT ${generated}
  COMMAND Python::Interpreter ${generator} ${PROJECT_SOURCE_DIR}/include ${generated}
  DEPENDS ${generator} ${headers} VERBATIM)

Python_add_library(_cffi MODULE ${generated})
target_link_libraries(_cffi PRIVATE hquant)
set_target_properties(_cffi PROPERTIES
  SUFFIX ".abi3${CMAKE_SHARED_MODULE_SUFFIX}"
  C_VISIBILITY_PRESET hidden
  INSTALL_RPATH "$ORIGIN/_native/lib")
install(TARGETS _cffi LIBRARY DESTINATION hquant_cffi)
