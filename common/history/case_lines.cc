#include "common/history/case_lines.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace escalon::history {
namespace {

using Json = nlohmann::json;
using simulation::Deed;
using simulation::DeedKind;
using simulation::HistoricCase;
using simulation::Kept;

/// What is wrong with the line being read; the first fault counts.
class LineReader {
 public:
  explicit LineReader(int line) : line_(line) {}

  Result<HistoricCase> Read(std::string_view text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return Fault("", "must be one JSON object");
    HistoricCase c;
    c.facts.source = "history";
    c.facts.kind = "incident";
    for (const auto& [name, value] : json.items()) TakeCaseField(name, value, &c);
    if (c.opened_at == 0) Complain("opened_at", "required, RFC 3339");
    if (c.facts.title.empty()) c.facts.title = c.facts.external_ref;
    c.facts.occurred_at = c.opened_at;
    std::stable_sort(c.deeds.begin(), c.deeds.end(), [](const Deed& a, const Deed& b) { return a.at < b.at; });
    if (fault_) return *fault_;
    return c;
  }

 private:
  Error Fault(const std::string& field, const std::string& what) const {
    return Error{ErrorCode::kInvalidArgument,
                 "line " + std::to_string(line_) + (field.empty() ? "" : ", " + field) + ": " + what};
  }
  void Complain(const std::string& field, const std::string& what) {
    if (!fault_) fault_ = Fault(field, what);
  }

  void Text(const std::string& field, const Json& value, std::string* to) {
    if (!value.is_string()) return Complain(field, "must be a text");
    *to = value.get<std::string>();
  }
  void Texts(const std::string& field, const Json& value, std::vector<std::string>* to) {
    if (!value.is_array()) return Complain(field, "must be a list of texts");
    for (const Json& one : value) Text(field, one, &to->emplace_back());
  }
  void Flag(const std::string& field, const Json& value, bool* to) {
    if (!value.is_boolean()) return Complain(field, "must be true or false");
    *to = value.get<bool>();
  }
  void Instant(const std::string& field, const Json& value, InstantMs* to) {
    std::string text;
    Text(field, value, &text);
    const Result<InstantMs> at = ParseInstant(text);
    if (!at.ok()) return Complain(field, "'" + text + "' must be RFC 3339: 2030-05-06T10:00:00Z");
    *to = *at;
  }
  template <typename T>
  void Word(const std::string& field, const Json& value, std::optional<T> (*parse)(std::string_view), T* to,
            const char* words) {
    std::string text;
    Text(field, value, &text);
    const std::optional<T> word = parse(text);
    if (!word) return Complain(field, "'" + text + "' must be one of " + words);
    *to = *word;
  }
  void GradeWord(const std::string& field, const Json& value, Grade* to) {
    Word<Grade>(field, value, ParseGrade, to, "high, medium, low");
  }

  void TakeCaseField(const std::string& name, const Json& value, HistoricCase* c) {
    using Member = std::pair<std::string_view, std::string Facts::*>;
    static constexpr auto kTexts = std::to_array<Member>({{"ref", &Facts::external_ref},
                                                          {"kind", &Facts::kind},
                                                          {"title", &Facts::title},
                                                          {"service", &Facts::service},
                                                          {"category", &Facts::category},
                                                          {"region", &Facts::region},
                                                          {"residency", &Facts::residency},
                                                          {"customer", &Facts::customer},
                                                          {"contract", &Facts::contract},
                                                          {"source", &Facts::source}});
    using GradeMember = std::pair<std::string_view, Grade Facts::*>;
    static constexpr auto kGrades = std::to_array<GradeMember>({{"impact", &Facts::impact},
                                                                {"urgency", &Facts::urgency},
                                                                {"risk", &Facts::risk},
                                                                {"business_value", &Facts::business_value}});
    Facts& facts = c->facts;
    for (const auto& [text, member] : kTexts) {
      if (text == name) return Text(name, value, &(facts.*member));
    }
    for (const auto& [grade, member] : kGrades) {
      if (grade == name) return GradeWord(name, value, &(facts.*member));
    }
    if (name == "proactive") return Flag(name, value, &facts.proactive);
    if (name == "restricted") return Flag(name, value, &facts.restricted);
    if (name == "vip") return Flag(name, value, &facts.requester.vip);
    if (name == "requester") return Text(name, value, &facts.requester.subject);
    if (name == "language") return Text(name, value, &facts.requester.language);
    if (name == "tags") return Texts(name, value, &facts.tags);
    if (name == "skills") return Texts(name, value, &facts.skills);
    if (name == "opened_at") return Instant(name, value, &c->opened_at);
    if (name == "labels") return TakeLabels(value, &facts);
    if (name == "kept") {
      bool kept = false;
      Flag(name, value, &kept);
      c->kept = kept ? Kept::kYes : Kept::kNo;
      return;
    }
    if (name == "deeds") return TakeDeeds(value, c);
    Complain(name, "no such field of a case");
  }

  void TakeLabels(const Json& value, Facts* facts) {
    if (!value.is_object()) return Complain("labels", "must be an object of texts");
    for (const auto& [key, text] : value.items()) Text("labels." + key, text, &facts->labels[key]);
  }

  void TakeDeeds(const Json& value, HistoricCase* c) {
    if (!value.is_array()) return Complain("deeds", "must be a list");
    for (size_t i = 0; i < value.size(); ++i) {
      const std::string place = "deeds[" + std::to_string(i) + "]";
      if (!value[i].is_object()) return Complain(place, "must be an object");
      Deed& deed = c->deeds.emplace_back();
      bool named = false;
      for (const auto& [name, field] : value[i].items()) {
        named = named || name == "do";
        TakeDeedField(place + "." + name, name, field, &deed);
      }
      if (!named) Complain(place + ".do", "required: what was done");
      if (deed.at == 0) Complain(place + ".at", "required, RFC 3339");
    }
  }

  void TakeDeedField(const std::string& place, const std::string& name, const Json& value, Deed* deed) {
    if (name == "at") return Instant(place, value, &deed->at);
    if (name == "do") {
      std::string word;
      Text(place, value, &word);
      if (!simulation::ParseDeedKind(word, &deed->kind)) Complain(place, "'" + word + "' is nothing that is done");
      return;
    }
    if (name == "by" || name == "to") return Text(place, value, &deed->person);
    if (name == "team") return Text(place, value, &deed->team);
    if (name == "level" || name == "reason" || name == "category") return Text(place, value, &deed->text);
    if (name == "impact") return GradeWord(place, value, &deed->impact);
    if (name == "urgency") return GradeWord(place, value, &deed->urgency);
    if (name == "priority") return Word<Priority>(place, value, ParsePriority, &deed->priority, "P1, P2, P3, P4");
    if (name == "score") {
      if (!value.is_number_integer() || value.get<int64_t>() < 1 || value.get<int64_t>() > 5)
        return Complain(place, "must be 1 to 5");
      deed->score = value.get<int>();
      return;
    }
    Complain(place, "no such field of a deed");
  }

  const int line_;
  std::optional<Error> fault_;
};

}  // namespace

Result<std::vector<HistoricCase>> ReadCaseLines(std::string_view text) {
  std::vector<HistoricCase> out;
  int number = 0;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos || line.starts_with('#')) continue;
    Result<HistoricCase> c = LineReader(number).Read(line);
    if (!c.ok()) return c.error();
    out.push_back(std::move(*c));
  }
  return out;
}

}  // namespace escalon::history
