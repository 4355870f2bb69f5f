# Writes a source that holds deploy/policies as text. cmake -DPOLICIES=FILE;… -DOUT=FILE -P embed_policies.cmake
set(rows "")
foreach(file IN LISTS POLICIES)
  file(READ "${file}" text)
  get_filename_component(name "${file}" NAME_WE)
  # "# About this one. More." below the editor's line: the first sentence tells what it is.
  string(REGEX MATCH "\n# ([^\n]*(\n# [^\n]*)?)" unused "${text}")
  string(REPLACE "\n# " " " about "${CMAKE_MATCH_1}")
  string(REGEX REPLACE "[.:;].*$" "" about "${about}")
  string(APPEND rows "      {\"${name}\", R\"about(${about})about\", R\"yaml(${text})yaml\"},\n")
endforeach()
file(WRITE "${OUT}" "#include \"services/escalonctl/rules/shipped_policies.h\"

namespace escalon::escalonctl {

const std::vector<ShippedPolicy>& ShippedPolicies() {
  static const std::vector<ShippedPolicy> policies{
${rows}  };
  return policies;
}

}  // namespace escalon::escalonctl
")
