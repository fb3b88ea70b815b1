# Finds libtorch: Debian's, an unpacked one, or the one in PyPI's torch. Its own CMake package is not used: for a build
# with CUDA that asks for the whole CUDA toolkit, and it takes libraries from wherever they are found first.
#
# CMAKE_PREFIX_PATH or Torch_ROOT names another one than the system's: the folder with include/ and lib/, or the
# share/cmake below it, which is what Python's torch.utils.cmake_prefix_path says.
#
# Torch::CPU          target: libtorch_cpu and libc10; what computes on a GPU is loaded at run time (src/nn/cuda_library.cpp)
# Torch_VERSION       e.g. 2.6.0
# Torch_CXX_STANDARD  the C++ standard that its headers ask for, 17 or 20
# Torch_GOMP          the OpenMP library that comes with it; empty where it takes the system's

string(REPLACE ":" ";" environment_prefixes "$ENV{CMAKE_PREFIX_PATH}")
set(torch_prefixes "")
foreach(prefix IN LISTS Torch_ROOT CMAKE_PREFIX_PATH environment_prefixes)
  list(APPEND torch_prefixes "${prefix}" "${prefix}/../..")
endforeach()

find_path(Torch_INCLUDE_DIR ATen/ATen.h HINTS ${torch_prefixes} PATH_SUFFIXES include)
if(Torch_INCLUDE_DIR)
  cmake_path(GET Torch_INCLUDE_DIR PARENT_PATH torch_prefix)
  cmake_path(NORMAL_PATH torch_prefix)
  # Headers and libraries of one build, never of two.
  find_library(Torch_CPU_LIBRARY torch_cpu HINTS "${torch_prefix}/lib" "${torch_prefix}/lib/${CMAKE_LIBRARY_ARCHITECTURE}" NO_DEFAULT_PATH)
  find_library(Torch_C10_LIBRARY c10 HINTS "${torch_prefix}/lib" "${torch_prefix}/lib/${CMAKE_LIBRARY_ARCHITECTURE}" NO_DEFAULT_PATH)

  foreach(header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
    if(EXISTS "${Torch_INCLUDE_DIR}/${header}" AND NOT Torch_VERSION)
      file(STRINGS "${Torch_INCLUDE_DIR}/${header}" lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
      string(REGEX MATCHALL "[0-9]+" numbers "${lines}")
      string(REPLACE ";" "." Torch_VERSION "${numbers}")
    endif()
  endforeach()
  file(STRINGS "${Torch_INCLUDE_DIR}/ATen/ATen.h" asks_for_20 REGEX "__cplusplus < 202002L")
  set(Torch_CXX_STANDARD 17)
  if(asks_for_20)
    set(Torch_CXX_STANDARD 20)
  endif()
  file(GLOB Torch_GOMP "${torch_prefix}/lib/libgomp*.so*")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Torch REQUIRED_VARS Torch_CPU_LIBRARY Torch_C10_LIBRARY Torch_INCLUDE_DIR
                                  VERSION_VAR Torch_VERSION)
mark_as_advanced(Torch_INCLUDE_DIR Torch_CPU_LIBRARY Torch_C10_LIBRARY)

if(Torch_FOUND AND NOT TARGET Torch::CPU)
  add_library(Torch::C10 UNKNOWN IMPORTED)
  set_target_properties(Torch::C10 PROPERTIES IMPORTED_LOCATION "${Torch_C10_LIBRARY}"
                        INTERFACE_INCLUDE_DIRECTORIES "${Torch_INCLUDE_DIR}")
  add_library(Torch::CPU UNKNOWN IMPORTED)
  set_target_properties(Torch::CPU PROPERTIES IMPORTED_LOCATION "${Torch_CPU_LIBRARY}"
                        INTERFACE_INCLUDE_DIRECTORIES "${Torch_INCLUDE_DIR};${Torch_INCLUDE_DIR}/torch/csrc/api/include"
                        INTERFACE_LINK_LIBRARIES Torch::C10)
endif()
