#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"

namespace escalon::documents {

/// A YAML value as it stands in a file, with its line. Aliases are expanded; nothing is converted.
struct Node {
  enum class Kind { kNull, kText, kList, kMap };
  struct Entry;

  Kind kind = Kind::kNull;
  int line = 0;  ///< from 1
  bool quoted = false;
  std::string text;            ///< of kText
  std::vector<Node> items;     ///< of kList
  std::vector<Entry> entries;  ///< of kMap, in the order written
};
struct Node::Entry {
  std::string key;
  int line = 0;
  bool quoted = false;
  Node value;
};

/// What a document may be at most. Checked while reading, before anything is expanded.
inline constexpr size_t kMostBytes = 1 << 20;
inline constexpr int kMostDepth = 32;
inline constexpr int kMostAliases = 100;  ///< and as many anchors
inline constexpr size_t kMostNodes = 200'000;
inline constexpr size_t kMostNodesInAnchor = 2'000;

/// One YAML document. Refused, with line and remedy: what is no YAML or no UTF-8, beyond a limit above, has several
/// documents, keys that are no text, or the same key twice. Pure.
Result<Node> ReadYaml(std::string_view text);

}  // namespace escalon::documents
