# Run by embed_sql: writes OUTPUT/sql.h and OUTPUT/sql.c from FILES. The text goes in as bytes, because C bounds the
# length of a string literal.

set(header "/* Generated from ${DIRECTORY}/sql by cmake/write_sql.cmake. */\n#pragma once\n\n")
set(source "/* Generated from ${DIRECTORY}/sql by cmake/write_sql.cmake. */\n#include \"${DIRECTORY}/sql.h\"\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  string(REPLACE "-" "_" name ${name})
  file(READ ${file} bytes HEX)
  if(bytes MATCHES "^(..)*[89a-f].")
    message(FATAL_ERROR "${file}: only ASCII, comments too: a database in another encoding may have no such character")
  endif()
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  string(APPEND header "extern const char sql_${name}[];\n")
  string(APPEND source "\nconst char sql_${name}[] = {\n${bytes}0x00};\n")
endforeach()
file(WRITE ${OUTPUT}/sql.h "${header}")
file(WRITE ${OUTPUT}/sql.c "${source}")
