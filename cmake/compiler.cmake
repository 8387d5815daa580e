# Warnings are errors, in gcc and in clang; functions that cannot be used safely do not compile (common/banned.h).

add_library(project_options INTERFACE)
target_compile_options(project_options INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wundef
  -Wpointer-arith -Wwrite-strings -fno-common -fstack-protector-strong
  -include ${CMAKE_SOURCE_DIR}/common/banned.h)
target_compile_definitions(project_options INTERFACE _GNU_SOURCE PGSYNCER_VERSION="${PROJECT_VERSION}")
target_include_directories(project_options INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)

if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_definitions(project_options INTERFACE _FORTIFY_SOURCE=2)
endif()

if(PGSYNCER_SANITIZE)
  target_compile_options(project_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  target_link_options(project_options INTERFACE -fsanitize=address,undefined)
endif()

if(PGSYNCER_FUZZ)
  target_compile_options(project_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
