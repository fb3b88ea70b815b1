# Helpers that give every library, test and fuzzer of the project the same flags.

add_library(kiloword_flags INTERFACE)
target_compile_options(kiloword_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       $<$<BOOL:${KILOWORD_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13 AND CMAKE_CXX_STANDARD GREATER 17)
  # GCC 12 takes its own std::string of C++20 for overlapping and overflowing (its bug 105651).
  target_compile_options(kiloword_flags INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(KILOWORD_SANITIZE)
  target_compile_options(kiloword_flags INTERFACE -fsanitize=${KILOWORD_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=undefined)
  target_link_options(kiloword_flags INTERFACE -fsanitize=${KILOWORD_SANITIZE})
endif()

# libtorch's headers are not clean under our warnings: those of an imported target are silent.
add_library(kiloword_torch INTERFACE)
target_link_libraries(kiloword_torch INTERFACE Torch::CPU)

# Headers that take seconds to parse are compiled once: libtorch's for each module that uses it, GoogleTest's and
# nlohmann_json's for all tests. The tidy preset goes without, so that every file includes what it uses.
set(KILOWORD_TORCH_HEADERS <ATen/ATen.h>)
set(KILOWORD_TEST_HEADERS <gmock/gmock.h> <gtest/gtest.h> <nlohmann/json.hpp>)

# kiloword_module(NAME SOURCES ... [DEPENDS modules...] [LINK libraries...] [TORCH])
# A static library `kiloword_NAME`. LINK libraries stay private to the module. Without TORCH neither the module
# nor anything it depends on may use libtorch; configuring fails otherwise.
function(kiloword_module name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  set(target kiloword_${name})
  if(NOT ARG_SOURCES)  # headers alone
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${CMAKE_SOURCE_DIR}/include")
    return()
  endif()
  add_library(${target} STATIC ${ARG_SOURCES})
  target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}/include" PRIVATE "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(${target} PRIVATE kiloword_flags ${ARG_LINK})
  set_property(TARGET ${target} PROPERTY KILOWORD_USES_TORCH ${ARG_TORCH})
  if(ARG_TORCH)
    target_link_libraries(${target} PRIVATE kiloword_torch)
    if(NOT name MATCHES "engine")  # few of its files see libtorch
      target_precompile_headers(${target} PRIVATE ${KILOWORD_TORCH_HEADERS})
    endif()
  endif()
  foreach(dependency ${ARG_DEPENDS})
    target_link_libraries(${target} PUBLIC kiloword_${dependency})
    get_property(uses_torch TARGET kiloword_${dependency} PROPERTY KILOWORD_USES_TORCH)
    if(uses_torch AND NOT ARG_TORCH)
      message(FATAL_ERROR "Module ${name} is torch-free but depends on ${dependency}, which uses libtorch")
    endif()
  endforeach()
endfunction()

# kiloword_embedded_page(NAME FILES...)
# Sets `page_header` to the header NAME/page_content.h, made when its files change, with the bytes of FILES in the folder
# page/ below the caller's. What it is listed in finds it with the caller's binary folder in its include path.
function(kiloword_embedded_page name)
  set(header "${CMAKE_CURRENT_BINARY_DIR}/${name}/page_content.h")
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}/page")
  list(TRANSFORM ARGN PREPEND "${folder}/" OUTPUT_VARIABLE paths)
  set(script "${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake")
  add_custom_command(OUTPUT "${header}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${header}" "-DINPUTS=${ARGN}" "-DFOLDER=${folder}" -P "${script}"
    DEPENDS ${paths} "${script}" VERBATIM)
  set(page_header "${header}" PARENT_SCOPE)
endfunction()

# kiloword_test(NAME SOURCES ... [DEPENDS modules...] [LINK libraries...] [TORCH])
# One GoogleTest binary `NAME`, one CTest entry (a libtorch process takes half a second only to start).
function(kiloword_test name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}/tests" "${CMAKE_SOURCE_DIR}/src")
  list(TRANSFORM ARG_DEPENDS PREPEND kiloword_)
  target_link_libraries(${name} PRIVATE kiloword_flags ${ARG_DEPENDS} ${ARG_LINK} GTest::gmock GTest::gtest_main)
  if(ARG_TORCH)
    target_link_libraries(${name} PRIVATE kiloword_torch)
    target_precompile_headers(${name} PRIVATE ${KILOWORD_TORCH_HEADERS} ${KILOWORD_TEST_HEADERS})
  else()
    target_precompile_headers(${name} REUSE_FROM kiloword_test_headers)
  endif()
  target_compile_definitions(${name} PRIVATE KILOWORD_TESTS_DIR="${CMAKE_SOURCE_DIR}/tests"
                             KILOWORD_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             KILOWORD_SHARED_DIR="${KILOWORD_SHARED_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  # Most tests speak of the model that needs no image tower of others.
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 ENVIRONMENT KILOWORD_MODEL=nano)
endfunction()

# Compiles the headers of the tests without libtorch; runs nothing.
function(kiloword_test_headers)
  file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/test_headers.cpp" "int main() {}\n")
  add_executable(kiloword_test_headers "${CMAKE_CURRENT_BINARY_DIR}/test_headers.cpp")
  target_link_libraries(kiloword_test_headers PRIVATE kiloword_flags nlohmann_json::nlohmann_json GTest::gmock)
  target_precompile_headers(kiloword_test_headers PRIVATE ${KILOWORD_TEST_HEADERS})
endfunction()
