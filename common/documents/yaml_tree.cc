#include "common/documents/yaml_tree.h"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

namespace escalon::documents {
namespace {

/// Thrown through yaml-cpp, caught in ReadYaml: its event interface has no other way to stop.
struct Refusal {
  int line;
  std::string message;
};

size_t CountNodes(const Node& node) {
  size_t count = 1;
  for (const Node& item : node.items) count += CountNodes(item);
  for (const Node::Entry& entry : node.entries) count += CountNodes(entry.value);
  return count;
}

int DepthOf(const Node& node) {
  int deepest = 0;
  for (const Node& item : node.items) deepest = std::max(deepest, DepthOf(item));
  for (const Node::Entry& entry : node.entries) deepest = std::max(deepest, DepthOf(entry.value));
  return node.kind == Node::Kind::kList || node.kind == Node::Kind::kMap ? deepest + 1 : 0;
}

/// Builds the tree from yaml-cpp's events and counts what it will cost before it is built.
class TreeBuilder : public YAML::EventHandler {
 public:
  Node Take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { Add(Make(Node::Kind::kNull, mark), anchor); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = Make(Node::Kind::kText, mark);
    node.quoted = tag == "!";
    node.text = value;
    if (tag != "!" && tag != "?" && !tag.empty())
      throw Refusal{node.line, "has the tag " + tag + "; remove it, tags are not used"};
    const bool is_null = !node.quoted && (value == "null" || value == "~" || value == "Null" || value == "NULL");
    if (is_null && !ExpectsKey()) node.kind = Node::Kind::kNull;
    Add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const int line = mark.line + 1;
    if (++aliases_ > kMostAliases) {
      throw Refusal{line, "more than " + std::to_string(kMostAliases) + " aliases; write some of them out"};
    }
    const auto it = anchored_.find(anchor);
    if (it == anchored_.end()) throw Refusal{line, "an alias may not stand inside what it names; write it out"};
    if (static_cast<int>(open_.size()) + it->second.depth > kMostDepth) throw TooDeep(line);
    CountIn(it->second.nodes, line);
    Add(it->second.node, YAML::NullAnchor, false);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Begin(Make(Node::Kind::kList, mark), tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Begin(Make(Node::Kind::kMap, mark), tag, anchor);
  }
  void OnSequenceEnd() override { End(); }
  void OnMapEnd() override { End(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::optional<Node::Entry> key;              ///< of a map: read, its value not yet
    std::unordered_map<std::string, int> lines;  ///< of a map: of its keys
  };
  struct Anchored {
    Node node;
    size_t nodes = 0;
    int depth = 0;
  };

  static Refusal TooDeep(int line) {
    return {line, "nested more than " + std::to_string(kMostDepth) + " deep; a policy needs far less"};
  }

  static Node Make(Node::Kind kind, const YAML::Mark& mark) {
    Node node;
    node.kind = kind;
    node.line = mark.line + 1;
    return node;
  }

  bool ExpectsKey() const { return !open_.empty() && open_.back().node.kind == Node::Kind::kMap && !open_.back().key; }

  void CountIn(size_t nodes, int line) {
    nodes_ += nodes;
    if (nodes_ > kMostNodes) {
      throw Refusal{line,
                    "more than " + std::to_string(kMostNodes) + " values once aliases are expanded; make it smaller"};
    }
  }

  void Begin(Node node, const std::string& tag, YAML::anchor_t anchor) {
    if (static_cast<int>(open_.size()) >= kMostDepth) throw TooDeep(node.line);
    if (tag != "?" && tag != "!" && !tag.empty())
      throw Refusal{node.line, "has the tag " + tag + "; remove it, tags are not used"};
    if (ExpectsKey()) throw Refusal{node.line, "a key must be text; write a name before the colon"};
    CountIn(1, node.line);
    open_.push_back({std::move(node), anchor, std::nullopt, {}});
  }

  void End() {
    Open done = std::move(open_.back());
    open_.pop_back();
    Add(std::move(done.node), done.anchor, false);
  }

  void Add(Node node, YAML::anchor_t anchor, bool count = true) {
    if (count) CountIn(1, node.line);
    if (anchor != YAML::NullAnchor) Remember(anchor, node);
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.kind == Node::Kind::kList) {
      open_.back().node.items.push_back(std::move(node));
    } else {
      AddToMap(std::move(node));
    }
  }

  void Remember(YAML::anchor_t anchor, const Node& node) {
    const size_t nodes = CountNodes(node);
    if (nodes > kMostNodesInAnchor || anchored_.size() >= kMostAliases) {
      throw Refusal{node.line, "too many or too large anchors; at most " + std::to_string(kMostAliases) + " of " +
                                   std::to_string(kMostNodesInAnchor) + " values each, so write some of them out"};
    }
    anchored_[anchor] = {node, nodes, DepthOf(node)};
  }

  void AddToMap(Node node) {
    Open& map = open_.back();
    if (map.key) {
      map.key->value = std::move(node);
      map.node.entries.push_back(std::move(*map.key));
      map.key.reset();
      return;
    }
    if (node.kind != Node::Kind::kText) throw Refusal{node.line, "a key must be text; write a name before the colon"};
    if (node.text == "<<") {
      throw Refusal{node.line, "merge keys (<<) are not used; name the keys, or use an alias for the whole value"};
    }
    const auto [first, is_new] = map.lines.emplace(node.text, node.line);
    if (!is_new) {
      throw Refusal{node.line, "the key \"" + node.text + "\" stands already in line " + std::to_string(first->second) +
                                   "; keep one of the two"};
    }
    map.key = Node::Entry{node.text, node.line, node.quoted, {}};
  }

  Node root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchored_;
  int aliases_ = 0;
  size_t nodes_ = 0;
};

Error Refused(int line, const std::string& message) {
  return InvalidField("", "line " + std::to_string(line) + ": " + message);
}

/// 0: all of it is UTF-8 without control characters; else the first line that is not.
int FirstLineThatIsNoText(std::string_view text) {
  int line = 1;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const size_t length = byte < 0x80 ? 1 : byte >> 5 == 6 ? 2 : byte >> 4 == 14 ? 3 : byte >> 3 == 30 ? 4 : 0;
    if (length == 0 || i + length > text.size()) return line;
    for (size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return line;
    }
    if (byte == '\n') ++line;
    if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7f) return line;
    i += length;
  }
  return 0;
}

}  // namespace

Result<Node> ReadYaml(std::string_view text) {
  if (text.size() > kMostBytes) {
    return InvalidField(
        "", "is " + std::to_string(text.size()) + " bytes long; at most 1 MiB, so split it or remove what is dead");
  }
  if (const int line = FirstLineThatIsNoText(text); line != 0) {
    return Refused(line, "is not UTF-8 text, or has a control character; save the file as plain UTF-8");
  }
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder;
    if (!parser.HandleNextDocument(builder)) return InvalidField("", "is empty; write a document");
    TreeBuilder rest;
    if (parser.HandleNextDocument(rest)) {
      return InvalidField("", "holds more than one YAML document (---); put each into a file of its own");
    }
    return builder.Take();
  } catch (const Refusal& refusal) {
    return Refused(refusal.line, refusal.message);
  } catch (const YAML::Exception& fault) {
    return Refused(fault.mark.is_null() ? 1 : fault.mark.line + 1, "is no YAML: " + fault.msg);
  }
}

}  // namespace escalon::documents
