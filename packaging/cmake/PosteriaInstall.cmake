# What `cmake --install` copies: both programs, every shared library of ours, models and samples. The
# programs look for libraries in ../lib and for models in ../share/posteria, so a prefix can be moved.
function(posteria_install folder)
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type MATCHES "^(SHARED|MODULE)_LIBRARY$" OR target MATCHES "^posteria(-cli)?$")
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
