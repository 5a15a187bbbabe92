# Library, headers, CMake package and pkg-config file; relocatable, with or without Python.
include(CMakePackageConfigHelpers)
set(cmake_dir ${HQ_LIBDIR}/cmake/hquant)
set(pkgconfig_dir ${HQ_LIBDIR}/pkgconfig)

install(TARGETS hquant hquant_static EXPORT hquantTargets
  LIBRARY DESTINATION ${HQ_LIBDIR} ARCHIVE DESTINATION ${HQ_LIBDIR})
if(TARGET hquant_dsl)
  install(TARGETS hquant_dsl LIBRARY DESTINATION ${HQ_LIBDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${HQ_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")

install(EXPORT hquantTargets NAMESPACE hquant:: DESTINATION ${cmake_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/hquantConfig.cmake.in
  ${PROJECT_BINARY_DIR}/hquantConfig.cmake INSTALL_DESTINATION ${cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hquantConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hquantConfig.cmake ${PROJECT_BINARY_DIR}/hquantConfigVersion.cmake
  DESTINATION ${cmake_dir})

# Paths in hquant.pc count from the file itself, so that the tree may be moved.
file(RELATIVE_PATH pc_libdir /${pkgconfig_dir} /${HQ_LIBDIR})
file(RELATIVE_PATH pc_includedir /${pkgconfig_dir} /${HQ_INCLUDEDIR})
# What a static link needs beside the C library: dlopen() is apart from it before glibc 2.34.
set(pc_libs_private "-lm -pthread")
foreach(library IN LISTS CMAKE_DL_LIBS)
  string(APPEND pc_libs_private " -l${library}")
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/cmake/hquant.pc.in ${PROJECT_BINARY_DIR}/hquant.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/hquant.pc DESTINATION ${pkgconfig_dir})
