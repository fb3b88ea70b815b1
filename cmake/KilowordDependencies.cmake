# Everything kiloword links to, found once; README.md says what each is for.
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(nlohmann_json REQUIRED)
find_package(Torch REQUIRED)  # Debian's libtorch, or an unpacked one named by CMAKE_PREFIX_PATH

if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(FATAL_ERROR "This libtorch was built with the old C++ ABI; take the 'cxx11 ABI' archive instead.")
endif()
# libtorch's CMake package takes its own headers, but libraries from wherever they are found first.
file(REAL_PATH "${TORCH_INSTALL_PREFIX}" torch_prefix)
foreach(library "${TORCH_LIBRARY}" "${c10_LIBRARY}")
  get_filename_component(library_folder "${library}" DIRECTORY)
  file(REAL_PATH "${library_folder}" library_folder)
  cmake_path(IS_PREFIX torch_prefix "${library_folder}" is_its_own)
  if(NOT is_its_own)
    message(FATAL_ERROR "libtorch's headers are in ${TORCH_INSTALL_PREFIX}, but its library is ${library}. "
                        "Configure a new build folder with -DCMAKE_PREFIX_PATH=${TORCH_INSTALL_PREFIX}")
  endif()
endforeach()
message(STATUS "libtorch ${Torch_VERSION} in ${TORCH_INSTALL_PREFIX}")

find_package(PkgConfig REQUIRED)
pkg_check_modules(SENTENCEPIECE REQUIRED IMPORTED_TARGET sentencepiece)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

if(KILOWORD_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()

if(KILOWORD_NETWORKS_ONLY)
  return()
endif()
find_package(CURL 7.85 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(TIFF REQUIRED)
find_package(GIF REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
find_package(Boost 1.74 REQUIRED CONFIG)  # headers alone: Beast and Asio

# Debian ships OpenCV's CMake package only with every module and its dependencies (libopencv-dev, a gigabyte);
# the modules that are used here have small packages of their own, found by hand.
find_package(OpenCV QUIET COMPONENTS core imgproc imgcodecs)
if(NOT OpenCV_FOUND)
  find_path(OpenCV_INCLUDE_DIRS opencv2/imgcodecs.hpp PATH_SUFFIXES opencv4 REQUIRED)
  find_library(OPENCV_CORE_LIBRARY opencv_core REQUIRED)
  find_library(OPENCV_IMGPROC_LIBRARY opencv_imgproc REQUIRED)
  find_library(OPENCV_IMGCODECS_LIBRARY opencv_imgcodecs REQUIRED)
  set(OpenCV_LIBS ${OPENCV_IMGCODECS_LIBRARY} ${OPENCV_IMGPROC_LIBRARY} ${OPENCV_CORE_LIBRARY})
endif()
add_library(kiloword_opencv INTERFACE)
target_include_directories(kiloword_opencv SYSTEM INTERFACE ${OpenCV_INCLUDE_DIRS})
target_link_libraries(kiloword_opencv INTERFACE ${OpenCV_LIBS})
