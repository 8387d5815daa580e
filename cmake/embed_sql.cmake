# embed_sql(TARGET DIRECTORY): makes every DIRECTORY/sql/NAME.sql a string `sql_NAME` (a `-` in NAME becomes `_`), declared
# in the generated header "DIRECTORY/sql.h".

function(embed_sql target directory)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${directory}/sql/*.sql)
  set(output ${CMAKE_BINARY_DIR}/generated/${directory})
  add_custom_command(
    OUTPUT ${output}/sql.h ${output}/sql.c
    COMMAND ${CMAKE_COMMAND} -DDIRECTORY=${directory} -DOUTPUT=${output} "-DFILES=${files}"
            -P ${CMAKE_SOURCE_DIR}/cmake/write_sql.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/write_sql.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output}/sql.c ${output}/sql.h)
endfunction()
