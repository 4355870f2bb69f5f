#pragma once

#include <string>

#include "common/documents/yaml_tree.h"

namespace escalon::documents {

/// The tree as YAML that reads back as the same tree: what was quoted is quoted, short lists and maps stand on one
/// line. Private to the room.
std::string WriteYaml(const Node& root);

}  // namespace escalon::documents
