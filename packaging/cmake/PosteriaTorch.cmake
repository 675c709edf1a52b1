# LibTorch, from Debian's package or any other found through CMAKE_PREFIX_PATH, and the one
# precompiled header its users share (a plain include of torch/torch.h costs 24 s a unit).
find_package(Torch REQUIRED)
message(STATUS "LibTorch ${Torch_VERSION} at ${TORCH_INSTALL_PREFIX}")
if(Torch_VERSION VERSION_GREATER_EQUAL 2.9)
  set(POSTERIA_TORCH_STANDARD 20)
else()
  set(POSTERIA_TORCH_STANDARD 17)
endif()

add_library(posteria_torch INTERFACE)
target_link_libraries(posteria_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(posteria_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
separate_arguments(torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(posteria_torch INTERFACE ${torch_flags})
target_compile_features(posteria_torch INTERFACE cxx_std_${POSTERIA_TORCH_STANDARD})

add_library(posteria_torch_pch STATIC "${CMAKE_SOURCE_DIR}/packaging/cmake/torch_pch.cpp")
target_link_libraries(posteria_torch_pch PRIVATE posteria_settings posteria_torch)
target_precompile_headers(posteria_torch_pch PRIVATE <torch/torch.h>)
target_compile_options(posteria_torch_pch PRIVATE -fPIC -fpch-preprocess)

# For a target whose sources include torch/torch.h. Executables are compiled with -fPIC as well, so
# that one precompiled header serves both.
function(posteria_use_torch_pch target)
  target_link_libraries(${target} PRIVATE posteria_torch)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC -fpch-preprocess)
  target_precompile_headers(${target} REUSE_FROM posteria_torch_pch)
endfunction()
