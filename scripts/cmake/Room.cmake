# A room is a folder with one duty and one static library: escalon_<name>. Its sources are the folder's *.cc;
# what it may link is what it may know, and scripts/check_rooms.py proves the same of its includes.
#
#   escalon_room(log DEPS escalon_core escalon_proto PRIVATE PkgConfig::RDKAFKA)
function(escalon_room name)
  cmake_parse_arguments(ROOM "" "" "DEPS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  if(sources)
    add_library(escalon_${name} STATIC ${sources})
    target_link_libraries(escalon_${name} PUBLIC ${ROOM_DEPS} PRIVATE escalon_options ${ROOM_PRIVATE})
    target_include_directories(escalon_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  else()
    add_library(escalon_${name} INTERFACE)
    target_link_libraries(escalon_${name} INTERFACE ${ROOM_DEPS})
    target_include_directories(escalon_${name} INTERFACE ${CMAKE_SOURCE_DIR})
  endif()
endfunction()

# A test binary of one folder: its *_test.cc, found and run by ctest under the label of its kind. The target
# <label>_tests builds all of one kind, and so does <label>.
#
# WHOLE runs all its tests in one process, for binaries whose tests share an expensive server.
#
#   escalon_tests(unit_core LABEL unit DEPS escalon_core)
function(escalon_tests name)
  cmake_parse_arguments(TESTS "WHOLE" "LABEL;TIMEOUT" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  if(NOT sources)
    return()
  endif()
  if(NOT TESTS_TIMEOUT)
    set(TESTS_TIMEOUT 120)
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE escalon_options ${TESTS_DEPS} GTest::gmock GTest::gtest_main)
  if(NOT TARGET ${TESTS_LABEL}_tests)
    add_custom_target(${TESTS_LABEL}_tests)
    if(NOT TARGET ${TESTS_LABEL})  # a kind of one binary may have its name
      add_custom_target(${TESTS_LABEL} DEPENDS ${TESTS_LABEL}_tests)
    endif()
  endif()
  add_dependencies(${TESTS_LABEL}_tests ${name})
  if(TESTS_WHOLE)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS ${TESTS_LABEL} TIMEOUT ${TESTS_TIMEOUT})
    return()
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX ${name}.
    PROPERTIES LABELS ${TESTS_LABEL} TIMEOUT ${TESTS_TIMEOUT})
endfunction()

# A service: its folder's sources in subfolders and beside main.cc as the library escalon_<target>, and the program escalon-<name>;
# the target <name> builds it.
#
#   escalon_service(sla-timer DEPS escalon_cluster escalon_rules)
function(escalon_service name)
  cmake_parse_arguments(SERVICE "" "" "DEPS;PRIVATE" ${ARGN})
  string(REPLACE "-" "_" target ${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  add_library(escalon_${target} STATIC ${sources})
  target_link_libraries(escalon_${target} PUBLIC ${SERVICE_DEPS} PRIVATE escalon_options ${SERVICE_PRIVATE})
  add_executable(escalon-${name} ${CMAKE_CURRENT_SOURCE_DIR}/main.cc)
  target_link_libraries(escalon-${name} PRIVATE escalon_${target} escalon_options)
  add_custom_target(${name} DEPENDS escalon-${name})
  if(NOT ESCALON_SANITIZE)
    # Nothing of ours names it, so the linker would leave it out.
    target_link_options(escalon-${name} PRIVATE -Wl,--no-as-needed)
    target_link_libraries(escalon-${name} PRIVATE PkgConfig::JEMALLOC)
  endif()
endfunction()
