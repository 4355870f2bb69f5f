#include "services/escalonctl/import/import_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "common/core/instant.h"
#include "common/history/csv_reader.h"
#include "common/history/event_log.h"

namespace escalon::escalonctl {
namespace {

using Json = nlohmann::json;
using namespace std::string_view_literals;

enum class Shape : uint8_t { kText, kPriority, kGrade, kInstant, kCount, kFlag, kWords };

struct Field {
  std::string_view name;
  Shape shape;
};

constexpr auto kFields = std::to_array<Field>({{"external_ref", Shape::kText},
                                               {"external_url", Shape::kText},
                                               {"source", Shape::kText},
                                               {"kind", Shape::kText},
                                               {"title", Shape::kText},
                                               {"description", Shape::kText},
                                               {"service", Shape::kText},
                                               {"category", Shape::kText},
                                               {"region", Shape::kText},
                                               {"residency", Shape::kText},
                                               {"customer", Shape::kText},
                                               {"contract", Shape::kText},
                                               {"dedup_key", Shape::kText},
                                               {"impact", Shape::kGrade},
                                               {"urgency", Shape::kGrade},
                                               {"risk", Shape::kGrade},
                                               {"business_value", Shape::kGrade},
                                               {"restricted", Shape::kFlag},
                                               {"requester.id", Shape::kText},
                                               {"requester.name", Shape::kText},
                                               {"requester.contact", Shape::kText},
                                               {"requester.language", Shape::kText},
                                               {"requester.vip", Shape::kFlag},
                                               {"tags", Shape::kWords},
                                               {"skills", Shape::kWords},
                                               {"standing.priority", Shape::kPriority},
                                               {"standing.level", Shape::kText},
                                               {"standing.team", Shape::kText},
                                               {"standing.person", Shape::kText},
                                               {"standing.opened_at", Shape::kInstant},
                                               {"standing.acknowledged_at", Shape::kInstant},
                                               {"standing.responded_at", Shape::kInstant},
                                               {"standing.pending", Shape::kText},
                                               {"standing.pending_since", Shape::kInstant},
                                               {"standing.escalations", Shape::kCount},
                                               {"standing.reassignments", Shape::kCount},
                                               {"standing.reopens", Shape::kCount},
                                               {"standing.history", Shape::kText}});
constexpr std::string_view kLabels = "labels.";
constexpr std::string_view kClocks = "standing.clocks.";

const Field* FieldNamed(std::string_view name) {
  const auto found =
      std::find_if(kFields.begin(), kFields.end(), [name](const Field& field) { return field.name == name; });
  return found == kFields.end() ? nullptr : &*found;
}

std::string Small(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// One cell after another into the submission of a row.
class RowReader {
 public:
  RowReader(const ImportMap& map, int line, ImportRows* out) : map_(map), line_(line), out_(*out) {}

  void Take(std::string_view name, std::string_view cell) {
    std::string value(Trimmed(cell));
    if (value.empty() || value == "?") return;
    if (const auto words = map_.words.find(name); words != map_.words.end()) {
      const auto word = words->second.find(Small(value));
      if (word != words->second.end()) value = word->second;
      if (value.empty()) return;
    }
    if (name.starts_with(kLabels)) {
      submission_["labels"][std::string(name.substr(kLabels.size()))] = value;
      return;
    }
    if (name.starts_with(kClocks)) {
      submission_["standing"]["clocks"][std::string(name.substr(kClocks.size()))] = Instant(name, value);
      return;
    }
    const Field* field = FieldNamed(name);
    if (field == nullptr) return;
    const Json json = ValueOf(*field, value);
    if (!json.is_null()) At(name) = json;
  }

  Json Submission() && { return std::move(submission_); }
  bool sound() const { return sound_; }

 private:
  Json& At(std::string_view name) {
    const size_t dot = name.find('.');
    if (dot == std::string_view::npos) return submission_[std::string(name)];
    return submission_[std::string(name.substr(0, dot))][std::string(name.substr(dot + 1))];
  }

  void Fault(std::string_view field, const std::string& what) {
    out_.faults.push_back({"line " + std::to_string(line_) + ": " + std::string(field), what});
    sound_ = false;
  }

  Json Instant(std::string_view name, const std::string& value) {
    const Result<InstantMs> at = history::ParseLogTime(value, map_.zone);
    if (at.ok()) return FormatInstant(*at);
    Fault(name, "'" + value + "' is no instant; write 2030-05-06T10:00:00Z or 2030-05-06 10:00");
    return nullptr;
  }

  Json ValueOf(const Field& field, const std::string& value) {
    switch (field.shape) {
      case Shape::kText:
        return value;
      case Shape::kPriority:
        return Numbered(field, value, {"P1", "P2", "P3", "P4"}, "PRIORITY_");
      case Shape::kGrade:
        return Numbered(field, value, {"high", "medium", "low"}, "GRADE_");
      case Shape::kInstant:
        return Instant(field.name, value);
      case Shape::kCount: {
        uint32_t count = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
        if (error == std::errc() && end == value.data() + value.size()) return count;
        Fault(field.name, "'" + value + "' is no number; write 0, 1, 2, ...");
        return nullptr;
      }
      case Shape::kFlag:
        return Flag(field, Small(value));
      case Shape::kWords:
        return Words(value);
    }
    return nullptr;
  }

  /// `P2`, `high`, and what ITSMs write: `2`, `2 - High`.
  Json Numbered(const Field& field, const std::string& value, const std::vector<std::string>& words,
                const std::string& prefix) {
    for (size_t i = 0; i < words.size(); ++i) {
      const bool by_number = value.front() == static_cast<char>('1' + i) && (value.size() == 1 || value[1] == ' ');
      if (!by_number && Small(value) != Small(words[i])) continue;
      std::string name = words[i];
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
      return prefix + name;
    }
    Fault(field.name, "'" + value + "' is not known; say what it means: --word \"" + std::string(field.name) + ":" +
                          value + "=" + words.front() + "\"");
    return nullptr;
  }

  Json Flag(const Field& field, const std::string& value) {
    if (value == "true" || value == "yes" || value == "1") return true;
    if (value == "false" || value == "no" || value == "0") return false;
    Fault(field.name, "'" + value + "' is neither yes nor no");
    return nullptr;
  }

  static Json Words(const std::string& value) {
    Json out = Json::array();
    std::string_view rest = value;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find_first_of(";,"), rest.size());
      if (const std::string_view word = Trimmed(rest.substr(0, end)); !word.empty()) out.push_back(std::string(word));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
  }

  const ImportMap& map_;
  const int line_;
  ImportRows& out_;
  Json submission_ = Json::object();
  bool sound_ = true;
};

/// What every import has: its number, where it comes from, and that it is one.
class Collector {
 public:
  Collector(const ImportMap& map, ImportRows* out) : map_(map), out_(*out) {}

  void Add(int line, Json submission) {
    const std::string place = "line " + std::to_string(line) + ": ";
    const auto text = [&submission](const char* name) {
      const auto found = submission.find(name);
      return found != submission.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    const std::string ref = text("external_ref");
    if (ref.empty()) {
      out_.faults.push_back({place + "external_ref",
                             "is empty; every case needs the other system's own number, by "
                             "which a second run knows it"});
      return;
    }
    if (!refs_.insert(ref).second) {
      out_.faults.push_back({place + "external_ref", "'" + ref + "' comes twice; keep one of the two"});
      return;
    }
    if (text("title").empty()) submission["title"] = ref;
    if (text("source").empty() && !map_.source.empty()) submission["source"] = map_.source;
    submission["imported"] = true;
    submission["idempotency_key"] = "import/" + ref;
    out_.rows.push_back({line, ref, std::move(submission)});
  }

 private:
  const ImportMap& map_;
  ImportRows& out_;
  std::set<std::string> refs_;
};

void ReadLines(std::string_view text, Collector* collector, ImportRows* out) {
  int line = 0;
  while (!text.empty()) {
    ++line;
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view one = Trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.empty() || one.front() == '#') continue;
    Json json = Json::parse(one, nullptr, false);
    if (json.is_object()) {
      collector->Add(line, std::move(json));
    } else {
      out->faults.push_back({"line " + std::to_string(line), "is no JSON object; write one case a line"});
    }
  }
}

void ReadCsv(std::string_view text, const ImportMap& map, Collector* collector, ImportRows* out) {
  history::CsvReader csv(text);
  std::vector<std::string_view> cells;
  if (!csv.Next(&cells)) return;
  std::vector<std::string> fields(cells.size());
  std::set<std::string, std::less<>> seen;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string column(Trimmed(cells[i]));
    seen.insert(column);
    if (FieldNamed(column) != nullptr || column.starts_with(kLabels) || column.starts_with(kClocks)) fields[i] = column;
    for (const auto& [field, mapped] : map.columns) {
      if (mapped == column) fields[i] = field;
    }
  }
  for (const auto& [field, column] : map.columns) {
    if (!seen.contains(column))
      out->faults.push_back({"--map " + field, "the file has no column '" + column + "'; its first line names them"});
  }
  if (!out->faults.empty()) return;
  while (csv.Next(&cells)) {
    RowReader row(map, csv.line(), out);
    if (cells.size() != fields.size()) {
      out->faults.push_back(
          {"line " + std::to_string(csv.line()),
           "has " + std::to_string(cells.size()) + " fields, the header " + std::to_string(fields.size())});
      continue;
    }
    for (size_t i = 0; i < cells.size(); ++i) {
      if (!fields[i].empty()) row.Take(fields[i], cells[i]);
    }
    if (row.sound()) collector->Add(csv.line(), std::move(row).Submission());
  }
}

}  // namespace

std::string ImportFields() {
  std::string out;
  for (const Field& field : kFields) out += std::string(field.name) + ", ";
  return out + "labels.NAME, standing.clocks.NAME";
}

bool SetImportColumn(ImportMap* map, std::string_view field, std::string column) {
  if (FieldNamed(field) == nullptr && !field.starts_with(kLabels) && !field.starts_with(kClocks)) return false;
  map->columns[std::string(field)] = std::move(column);
  return true;
}

ImportRows ReadImport(std::string_view text, const ImportMap& map) {
  ImportRows out;
  Collector collector(map, &out);
  const std::string_view begin = Trimmed(text.substr(0, std::min<size_t>(text.size(), 4096)));
  if (!begin.empty() && (begin.front() == '{' || begin.front() == '#')) {
    ReadLines(text, &collector, &out);
  } else {
    ReadCsv(text, map, &collector, &out);
  }
  return out;
}

}  // namespace escalon::escalonctl
