# posteria_module(core/image FLOOR 1 [SHARED|STATIC] SOURCES … HEADERS … PUBLIC … PRIVATE …)
#
# One target a folder: core/image becomes posteria_core_image, alias posteria::core_image. The floor is
# kept as a target property, and a link to the same floor or a higher one stops the configure step.
# SHARED is for the floors that know no LibTorch: the program and the engine library then use one copy.
function(posteria_module folder)
  cmake_parse_arguments(M "SHARED;STATIC" "FLOOR" "SOURCES;HEADERS;PUBLIC;PRIVATE" ${ARGN})
  if(M_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "posteria_module(${folder}): unknown arguments ${M_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT DEFINED M_FLOOR)
    message(FATAL_ERROR "posteria_module(${folder}): FLOOR is missing")
  endif()
  string(REPLACE "/" "_" name "${folder}")
  set(target "posteria_${name}")
  if(M_SHARED)
    add_library(${target} SHARED ${M_SOURCES})
  else()
    add_library(${target} STATIC ${M_SOURCES})
  endif()
  add_library(posteria::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES POSTERIA_FLOOR "${M_FLOOR}" VERIFY_INTERFACE_HEADER_SETS ON)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${M_HEADERS})
  target_link_libraries(${target} PUBLIC posteria_settings ${M_PUBLIC} PRIVATE ${M_PRIVATE})
  posteria_check_floor(${target} ${M_FLOOR} ${M_PUBLIC} ${M_PRIVATE})
endfunction()

function(posteria_check_floor target floor)
  foreach(dependency IN LISTS ARGN)
    if(dependency MATCHES "^posteria::")
      if(NOT TARGET ${dependency})
        message(FATAL_ERROR "${target} links ${dependency}, which is not defined yet: lower floors come first")
      endif()
      get_target_property(real ${dependency} ALIASED_TARGET)
      get_target_property(below ${real} POSTERIA_FLOOR)
      if(NOT below LESS floor)
        message(FATAL_ERROR "${target} (floor ${floor}) links ${dependency} (floor ${below}): only lower floors may be linked")
      endif()
    endif()
  endforeach()
endfunction()

# posteria_test(tst_name LABEL core [GUI] [TORCH] [SERIAL] SOURCES … LINK … [TIMEOUT s] [PROCESSORS n]
#               [ENVIRONMENT …])
#
# One executable a unit. GUI tests are started under a virtual X server when there is no display; SERIAL
# ones, which watch how long something takes, have the machine for themselves; PROCESSORS says how many
# cores one keeps busy (1), so that networks of two tests do not fight for the same ones. In tests of
# widgets QTEST_MAIN makes an application with a watchdog (tests/ui/stall_watchdog.h).
function(posteria_test name)
  cmake_parse_arguments(T "GUI;TORCH;SERIAL" "LABEL;TIMEOUT;PROCESSORS" "SOURCES;LINK;ENVIRONMENT" ${ARGN})
  if(NOT T_SOURCES)
    set(T_SOURCES ${name}.cpp)
  endif()
  add_executable(${name} ${T_SOURCES})
  # moc by hand: AUTOMOC adds a scan and an empty unit to every test, a fifth of a cold build in all.
  set(moc "${CMAKE_CURRENT_BINARY_DIR}/${name}.moc")
  qt6_generate_moc(${name}.cpp "${moc}" TARGET ${name})
  set_property(SOURCE ${name}.cpp APPEND PROPERTY OBJECT_DEPENDS "${moc}")
  target_include_directories(${name} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_link_libraries(${name} PRIVATE posteria_settings Qt6::Test ${T_LINK})
  target_compile_definitions(${name} PRIVATE
    POSTERIA_SHARED_DATA="${POSTERIA_SHARED_DATA}" POSTERIA_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    POSTERIA_BIN_DIR="${CMAKE_BINARY_DIR}/bin" POSTERIA_LIB_DIR="${CMAKE_BINARY_DIR}/lib")
  if("${T_LINK}" MATCHES "posteria::ui_(widgets|viewer|shell)")
    target_link_libraries(${name} PRIVATE posteria_test_watchdog)
    target_compile_options(${name} PRIVATE -include "${CMAKE_SOURCE_DIR}/tests/ui/watched_main.h")
  endif()
  if(T_TORCH)
    posteria_use_torch_pch(${name})
  endif()
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  if(T_GUI)
    add_test(NAME ${name} COMMAND "${CMAKE_SOURCE_DIR}/packaging/with-display.sh" $<TARGET_FILE:${name}>)
  else()
    add_test(NAME ${name} COMMAND ${name})
  endif()
  # One clock: Qt Test would abort a program after five minutes of its own, whatever TIMEOUT says.
  math(EXPR milliseconds "1000 * ${T_TIMEOUT}")
  if(NOT T_PROCESSORS)
    set(T_PROCESSORS 1)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${T_LABEL}" TIMEOUT ${T_TIMEOUT}
    ENVIRONMENT "QTEST_FUNCTION_TIMEOUT=${milliseconds};${T_ENVIRONMENT}"
    PROCESSORS ${T_PROCESSORS} RUN_SERIAL ${T_SERIAL})
endfunction()
