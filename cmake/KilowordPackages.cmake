# Debian packages of what is installed, by `cpack -G DEB` in the build folder: `kiloword`, and `libkiloword-dev` for those
# who link to it. Dependencies are those of the system that it was built on (dpkg-shlibdeps).
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME kiloword)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "The kiloword authors <kiloword@users.noreply.github.com>" CACHE STRING "Who answers for the packages")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL kiloword libkiloword-dev)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_COMPONENT_KILOWORD_DESCRIPTION "turns images into words for language models
Says what is in an image as a short line for the prompt of a chatbot, as a
JSON record, or as a description that a small language model writes under the
guidance of the image. Works on one image, on a million, or as a server. The
models that it needs for this are in the package; nothing is fetched.")
set(CPACK_DEBIAN_KILOWORD_PACKAGE_NAME kiloword)
set(CPACK_DEBIAN_KILOWORD_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_KILOWORD_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_KILOWORD_PACKAGE_RECOMMENDS "ca-certificates, ffmpeg, librsvg2-bin, poppler-utils, tesseract-ocr-eng")
set(scripts "${PROJECT_SOURCE_DIR}/packaging/debian")
set(debian_files "${PROJECT_BINARY_DIR}/debian")
# The name and version of libkiloword.so, for packages that link to it.
configure_file("${scripts}/shlibs.in" "${debian_files}/shlibs" @ONLY)
set(CPACK_DEBIAN_KILOWORD_PACKAGE_CONTROL_EXTRA
    "${scripts}/postinst;${scripts}/prerm;${scripts}/postrm;${scripts}/triggers;${debian_files}/shlibs")

set(CPACK_COMPONENT_LIBKILOWORD-DEV_DESCRIPTION "turns images into words for language models (development files)
Headers, a CMake package and pkg-config's file for programs in C++ and C that
caption and describe images by themselves.")
set(CPACK_DEBIAN_LIBKILOWORD-DEV_PACKAGE_NAME libkiloword-dev)
set(CPACK_DEBIAN_LIBKILOWORD-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBKILOWORD-DEV_PACKAGE_DEPENDS
    "kiloword (= ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/CompressManPages.cmake")
include(CPack)

# What Debian's policy wants beside the documentation (12.5, 12.7).
find_program(KILOWORD_GZIP gzip)
if(KILOWORD_GZIP)
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
  configure_file("${scripts}/changelog.in" "${debian_files}/changelog.Debian" @ONLY)
  configure_file("${PROJECT_SOURCE_DIR}/CHANGELOG.md" "${debian_files}/changelog" COPYONLY)
  execute_process(COMMAND "${KILOWORD_GZIP}" -9nkf changelog.Debian changelog WORKING_DIRECTORY "${debian_files}")
  foreach(package kiloword libkiloword-dev)
    install(FILES "${scripts}/copyright" "${debian_files}/changelog.Debian.gz" "${debian_files}/changelog.gz"
            DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/${package}" COMPONENT ${package})
  endforeach()
endif()
