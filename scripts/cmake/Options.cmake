# Compiler options of every target of our own; generated code links none of this.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(CCACHE ccache)
if(CCACHE)
  # Paths relative to the source root, so that every clone on a machine profits from the others.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=5G ${CCACHE})
endif()

set(ESCALON_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined or thread")
if(ESCALON_SANITIZE)
  add_compile_options(-fsanitize=${ESCALON_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${ESCALON_SANITIZE})
  if(ESCALON_SANITIZE STREQUAL "thread")
    # Boost.Asio fences by itself, which this sanitizer does not see; its own locks it does.
    add_compile_options(-Wno-tsan)
  endif()
endif()

option(ESCALON_FUZZ "Build for libFuzzer (clang only): tests/fuzz" OFF)
if(ESCALON_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# At -O2 g++ 12 warns of more than at -O1, some of it wrongly: whoever only wants to run it is not stopped by that.
option(ESCALON_WERROR "Warnings are errors" ON)
add_library(escalon_options INTERFACE)
target_include_directories(escalon_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(escalon_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast $<$<BOOL:${ESCALON_WERROR}>:-Werror>
  # g++ 12 reports false positives in its own std::string and std::vector at -O1 and above.
  -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized)
