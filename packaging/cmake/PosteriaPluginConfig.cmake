# find_package(PosteriaPlugin 1.0) gives the header of the plugin interface and one function:
#
#   posteria_add_plugin(name SOURCES a.c … [LINK library …])
#
# makes name.so, with nothing visible but its entry point. Copy it to ~/.local/share/posteria/plugins,
# or name its folder in $POSTERIA_PLUGINS.
get_filename_component(posteria_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET posteria::plugin_interface)
  add_library(posteria::plugin_interface INTERFACE IMPORTED)
  set_target_properties(posteria::plugin_interface PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${posteria_prefix}/include")
endif()

function(posteria_add_plugin name)
  cmake_parse_arguments(P "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} MODULE ${P_SOURCES})
  target_link_libraries(${name} PRIVATE posteria::plugin_interface ${P_LINK})
  set_target_properties(${name} PROPERTIES PREFIX ""
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()
