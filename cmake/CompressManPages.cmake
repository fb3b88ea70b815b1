# Run by CPack between installing and packing: Debian's policy (12.1) wants manual pages compressed.
file(GLOB_RECURSE pages "${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/man/*.1")
find_program(gzip gzip)
if(pages AND gzip)
  execute_process(COMMAND "${gzip}" -9nf ${pages} COMMAND_ERROR_IS_FATAL ANY)
endif()
