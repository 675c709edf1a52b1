# What `cmake --install` copies: both programs, every shared library of ours, plugins, models and samples.
# The programs look for libraries in ../lib, for plugins in ../lib/posteria/plugins and for models in
# ../share/posteria, so a prefix can be moved. The component "sdk" is what a plugin is built with.
function(posteria_install folder)
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "MODULE_LIBRARY")
      install(TARGETS ${target} LIBRARY DESTINATION lib/posteria/plugins)
    elseif(type STREQUAL "SHARED_LIBRARY" OR target MATCHES "^posteria(-cli)?$")
      install(TARGETS ${target} RUNTIME DESTINATION bin LIBRARY DESTINATION lib)
    endif()
  endforeach()
  get_property(subfolders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  list(FILTER subfolders EXCLUDE REGEX "/tests$")
  foreach(subfolder IN LISTS subfolders)
    posteria_install("${subfolder}")
  endforeach()
endfunction()

posteria_install("${CMAKE_SOURCE_DIR}")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/resources/models" "${CMAKE_SOURCE_DIR}/resources/samples"
        DESTINATION share/posteria OPTIONAL)
install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" DESTINATION share/doc/posteria)

include(CMakePackageConfigHelpers)
write_basic_package_version_file("${CMAKE_BINARY_DIR}/PosteriaPluginConfigVersion.cmake"
  VERSION 1.0 COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(FILES "${CMAKE_SOURCE_DIR}/core/plugin/plugin_abi.h" DESTINATION include/posteria COMPONENT sdk)
install(FILES "${CMAKE_SOURCE_DIR}/packaging/cmake/PosteriaPluginConfig.cmake"
              "${CMAKE_BINARY_DIR}/PosteriaPluginConfigVersion.cmake"
        DESTINATION lib/cmake/PosteriaPlugin COMPONENT sdk)
