# Says at once what the linker would say after minutes: that libtorch speaks the other C++ ABI, or lacks its own libraries.
if(NOT Torch_LINKS)
  file(STRINGS "${Torch_C10_LIBRARY}" constructor REGEX "_ZN3c106DeviceC[12]ERKNSt7__cxx11" LIMIT_COUNT 1)
  if(NOT constructor)
    message(FATAL_ERROR "libtorch ${Torch_VERSION} was built with the old C++ ABI: take the archive with the \"cxx11 ABI\", "
                        "or PyPI's torch from 2.7 on.")
  endif()
  set(source "${CMAKE_BINARY_DIR}/CMakeFiles/check_torch_links.cpp")
  file(WRITE "${source}" "#include <ATen/Version.h>\nint main() { return at::get_mkldnn_version().empty() ? 1 : 0; }\n")
  try_compile(Torch_LINKS "${CMAKE_BINARY_DIR}/CMakeFiles/check_torch_links" SOURCES "${source}"
              LINK_LIBRARIES Torch::CPU CXX_STANDARD ${CMAKE_CXX_STANDARD} CXX_STANDARD_REQUIRED ON
              OUTPUT_VARIABLE output)
  if(NOT Torch_LINKS)
    string(REGEX MATCHALL "[^\n]*(not found|undefined reference|error:)[^\n]*" complaints "${output}")
    list(SUBLIST complaints 0 4 complaints)
    list(JOIN complaints "\n" complaints)
    message(FATAL_ERROR "No program links to ${Torch_CPU_LIBRARY}. PyPI's torch needs the packages of CUDA's run-time library "
                        "that pip installs with it, on machines without a GPU too.\n${complaints}")
  endif()
endif()
