#include "common/documents/roster_leaver.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "common/documents/roster_document.h"
#include "common/documents/yaml_tree.h"
#include "common/domain/roster.h"

namespace escalon {
namespace documents {
namespace {

using Mention = LeaverPreview::Mention;

/// How a mention is taken out of the text.
enum class Cut {
  kBlock,  ///< the key or list item that begins on the line, with all that is indented below it
  kWord,   ///< the name, out of a list
  kPair,   ///< the key with the name
};

struct Edit {
  Mention mention;
  Cut cut;
  std::string key;  ///< of a pair
};

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._:@/-").find(c) != std::string_view::npos;
}

/// Keys whose value is one person: without the person the key says nothing.
bool IsOwnKey(std::string_view key) { return key == "lead" || key == "manager"; }
/// Keys that make the whole entry about the person.
bool IsEntryKey(std::string_view key) {
  constexpr std::array<std::string_view, 6> kKeys{"person", "user", "add", "remove", "by", "to"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

/// `teams.desk.members`, `schedules.duty.layers[0].rotation.participants[1]`
bool ListsPeople(std::string_view path) {
  while (path.ends_with(']')) path = path.substr(0, path.rfind('['));
  const std::string_view key = path.substr(path.rfind('.') + 1);
  constexpr std::array<std::string_view, 4> kLists{"members", "people", "users", "participants"};
  return std::find(kLists.begin(), kLists.end(), key) != kLists.end();
}

class Finder {
 public:
  explicit Finder(std::string_view person) : person_(person) {}

  std::vector<Edit> Find(const Node& root) {
    Walk(root, "", 0);
    std::stable_sort(edits_.begin(), edits_.end(),
                     [](const Edit& a, const Edit& b) { return a.mention.line < b.mention.line; });
    return std::move(edits_);
  }

 private:
  /// `item_line`: of the list entry around; 0: none.
  void Walk(const Node& node, const std::string& path, int item_line) {
    for (size_t i = 0; i < node.items.size(); ++i) {
      const Node& item = node.items[i];
      const std::string at = path + "[" + std::to_string(i) + "]";
      if (item.kind == Node::Kind::kText && item.text == person_ && ListsPeople(path)) {
        Add(item.line, at, "taken out of the list", Cut::kWord);
      } else {
        Walk(item, at, item.line);
      }
    }
    for (const Node::Entry& entry : node.entries) {
      const std::string at = path.empty() ? entry.key : path + "." + entry.key;
      const bool names = entry.value.kind == Node::Kind::kText && entry.value.text == person_;
      if (path == "people" && entry.key == person_) {
        Add(entry.line, at, "removed", Cut::kBlock);
      } else if (names && IsOwnKey(entry.key)) {
        Add(entry.line, at, "removed; name somebody else", Cut::kPair, entry.key);
      } else if (names && IsEntryKey(entry.key) && item_line != 0) {
        Add(item_line, at, "the entry is removed", Cut::kBlock);
      } else {
        Walk(entry.value, at, item_line);
      }
    }
  }

  void Add(int line, const std::string& path, std::string remedy, Cut cut, std::string key = {}) {
    edits_.push_back({{line, path, std::move(remedy)}, cut, std::move(key)});
  }

  const std::string person_;
  std::vector<Edit> edits_;
};

/// The text in lines, from which mentions are cut.
class Text {
 public:
  explicit Text(std::string_view text) {
    for (size_t from = 0; from < text.size();) {
      const size_t end = text.find('\n', from);
      lines_.emplace_back(text.substr(from, end == std::string_view::npos ? end : end - from));
      from = end == std::string_view::npos ? text.size() : end + 1;
    }
  }

  void Apply(const Edit& edit, const std::string& person) {
    const size_t line = static_cast<size_t>(std::max(1, edit.mention.line)) - 1;
    if (line >= lines_.size()) return;
    switch (edit.cut) {
      case Cut::kBlock:
        return CutBlock(line);
      case Cut::kWord:
        return CutWord(line, person);
      case Cut::kPair:
        return CutPair(line, edit.key, person);
    }
  }

  std::string Joined() const {
    std::string out;
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (!gone_.contains(i)) out += lines_[i] + "\n";
    }
    return out;
  }

 private:
  static size_t IndentOf(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }
  static bool IsBlank(const std::string& line) { return line.find_first_not_of(" \t\r") == std::string::npos; }

  void CutBlock(size_t line) {
    const size_t indent = IndentOf(lines_[line]);
    gone_.insert(line);
    for (size_t i = line + 1; i < lines_.size() && !IsBlank(lines_[i]) && IndentOf(lines_[i]) > indent; ++i) {
      gone_.insert(i);
    }
  }

  /// Of the word as a whole, with quotes around it; npos: not there.
  static std::pair<size_t, size_t> FindWord(const std::string& line, const std::string& word, size_t from) {
    for (size_t at = line.find(word, from); at != std::string::npos; at = line.find(word, at + 1)) {
      size_t begin = at, end = at + word.size();
      if ((begin > 0 && IsNameChar(line[begin - 1])) || (end < line.size() && IsNameChar(line[end]))) continue;
      const char quote = begin > 0 ? line[begin - 1] : ' ';
      if ((quote == '"' || quote == '\'') && end < line.size() && line[end] == quote) --begin, ++end;
      return {begin, end};
    }
    return {std::string::npos, std::string::npos};
  }

  /// Takes the comma along: the one behind, else the one before.
  static void Erase(std::string* line, size_t begin, size_t end) {
    size_t behind = line->find_first_not_of(' ', end);
    if (behind != std::string::npos && (*line)[behind] == ',') {
      behind = line->find_first_not_of(' ', behind + 1);
      line->erase(begin, (behind == std::string::npos ? line->size() : behind) - begin);
      return;
    }
    const size_t before = line->find_last_not_of(' ', begin == 0 ? 0 : begin - 1);
    if (before != std::string::npos && (*line)[before] == ',') begin = before;
    line->erase(begin, end - begin);
  }

  void CutWord(size_t line, const std::string& person) {
    std::string& text = lines_[line];
    const size_t dash = text.find_first_not_of(' ');
    if (dash != std::string::npos && text.compare(dash, 2, "- ") == 0) {
      const auto [begin, end] = FindWord(text, person, dash + 2);
      const bool alone = begin == text.find_first_not_of(' ', dash + 2) &&
                         (IsBlank(text.substr(end)) || text.find_first_not_of(' ', end) == text.find(" #", end) + 1);
      if (alone) return void(gone_.insert(line));
    }
    const size_t list = std::min(text.find('['), text.size());
    const auto [begin, end] = FindWord(text, person, list == text.size() ? 0 : list);
    if (begin != std::string::npos) Erase(&text, begin, end);
  }

  void CutPair(size_t line, const std::string& key, const std::string& person) {
    std::string& text = lines_[line];
    const auto [begin, end] = FindPair(text, key, person);
    if (begin == std::string::npos) return;
    const bool alone = begin == text.find_first_not_of(' ') && IsBlank(text.substr(end));
    if (alone) return void(gone_.insert(line));
    Erase(&text, begin, end);
  }

  static std::pair<size_t, size_t> FindPair(const std::string& text, const std::string& key,
                                            const std::string& person) {
    for (size_t at = text.find(key + ":"); at != std::string::npos; at = text.find(key + ":", at + 1)) {
      if (at > 0 && IsNameChar(text[at - 1])) continue;
      const size_t value = text.find_first_not_of(' ', at + key.size() + 1);
      const auto [begin, end] = FindWord(text, person, at + key.size() + 1);
      if (begin != std::string::npos && begin == value) return {at, end};
    }
    return {std::string::npos, std::string::npos};
  }

  std::vector<std::string> lines_;
  std::set<size_t> gone_;
};

}  // namespace
}  // namespace documents

namespace {

using Warnings = std::vector<FieldViolation>;

Warnings WarningsOf(const RosterDocument& document) {
  const auto roster = Roster::Build(document);
  return roster ? (*roster)->warnings() : Warnings{};
}

/// Each kind as often as there is more of it than before: places have moved, words have not.
Warnings Added(const Warnings& before, const Warnings& after) {
  Warnings added;
  std::map<std::string, int> known;
  for (const FieldViolation& warning : before) ++known[warning.message];
  for (const FieldViolation& warning : after) {
    if (--known[warning.message] < 0) added.push_back(warning);
  }
  return added;
}

}  // namespace

Result<LeaverPreview> PreviewLeaver(std::string_view yaml, std::string_view person) {
  const Result<RosterDocument> document = ParseRoster(yaml);
  if (!document) return document.error();
  const Result<documents::Node> root = documents::ReadYaml(yaml);
  if (!root) return root.error();
  LeaverPreview preview;
  documents::Text text(yaml);
  for (const documents::Edit& edit : documents::Finder(person).Find(*root)) {
    preview.mentions.push_back(edit.mention);
    text.Apply(edit, std::string(person));
  }
  preview.changed = text.Joined();
  const Result<RosterDocument> changed = ParseRoster(preview.changed);
  if (changed) {
    preview.findings = Added(WarningsOf(*document), WarningsOf(*changed));
  } else {
    preview.findings = changed.error().fields;
    if (preview.findings.empty()) preview.findings.push_back({"", changed.error().message});
  }
  return preview;
}

}  // namespace escalon
