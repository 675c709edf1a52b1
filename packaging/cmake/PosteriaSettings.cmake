# Language level, warnings, output folders and sanitizers: one place for the whole tree.
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
# Programs find their libraries beside them, so a build tree can be moved as a whole.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without this sloppiness ccache refuses every unit that uses a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      ${CCACHE_PROGRAM})
endif()

add_library(posteria_settings INTERFACE)
target_include_directories(posteria_settings INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
target_compile_definitions(posteria_settings INTERFACE QT_NO_KEYWORDS)
target_compile_options(posteria_settings INTERFACE -Wall -Wextra -Wno-unused-parameter)

if(POSTERIA_SANITIZE)
  add_compile_options(-fsanitize=${POSTERIA_SANITIZE} -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${POSTERIA_SANITIZE})
  if(POSTERIA_SANITIZE MATCHES "address")
    add_compile_options(-fsanitize=undefined)
    add_link_options(-fsanitize=undefined)
  endif()
endif()

if(POSTERIA_BUILD_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "POSTERIA_BUILD_FUZZERS needs Clang: -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14")
  endif()
  # The whole tree: what is not instrumented is not explored.
  set(fuzzed -fsanitize=address,undefined -fno-omit-frame-pointer -g)
  add_compile_options(${fuzzed} -fsanitize=fuzzer-no-link -fno-sanitize-recover=undefined)
  add_link_options(${fuzzed})
endif()
