#include "services/intake/inbound/http/query_words_gateway.h"

#include <array>
#include <charconv>
#include <optional>

#include "common/core/instant.h"
#include "common/domain/vocabulary.h"

namespace escalon::intake {
namespace {

namespace cs = ::escalon::cases::v1;
namespace cm = ::escalon::common::v1;
namespace qu = ::escalon::query::v1;

void ReadFilter(WordReader* words, cs::CaseFilter* out) {
  for (const std::string& name : words->Texts("state")) {
    if (const std::optional<CaseState> state = ParseCaseState(name)) {
      out->add_states(static_cast<cm::CaseState>(*state));
    } else {
      words->Fail("state",
                  "is no state of a case; write new, triaged, assigned, acknowledged, in_progress, pending, resolved, "
                  "monitoring, closed or cancelled");
    }
  }
  for (const std::string& name : words->Texts("priority")) {
    if (const std::optional<Priority> priority = ParsePriority(name)) {
      out->add_priorities(static_cast<cm::Priority>(*priority));
    } else {
      words->Fail("priority", "is no priority; write P1 to P4");
    }
  }
  out->set_team(words->Text("team"));
  out->set_person(words->Text("person"));
  out->set_level(words->Text("level"));
  out->set_service(words->Text("service"));
  out->set_requester(words->Text("requester"));
  out->set_source(words->Text("source"));
  out->set_external_ref(words->Text("external_ref"));
  out->set_pageable(words->Text("pageable"));
  out->set_breached(words->Flag("breached"));
  out->set_open(words->Flag("open"));
}

constexpr auto kOrders = std::to_array<std::pair<std::string_view, cs::CaseOrder>>({
    {"priority_and_due", cs::CASE_ORDER_PRIORITY_AND_DUE},
    {"opened", cs::CASE_ORDER_OPENED},
    {"changed", cs::CASE_ORDER_CHANGED},
    {"next_due", cs::CASE_ORDER_NEXT_DUE},
});

constexpr auto kGroups = std::to_array<std::pair<std::string_view, qu::CountBy>>({
    {"state", qu::COUNT_BY_STATE},
    {"priority", qu::COUNT_BY_PRIORITY},
    {"level", qu::COUNT_BY_LEVEL},
    {"team", qu::COUNT_BY_TEAM},
    {"person", qu::COUNT_BY_PERSON},
});

template <typename Pairs>
auto Find(const Pairs& pairs, std::string_view name) -> std::optional<decltype(pairs[0].second)> {
  for (const auto& [known, value] : pairs) {
    if (known == name) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string WordReader::Text(std::string_view name) {
  std::string out;
  bool seen = false;
  for (size_t i = 0; i < words_.size(); ++i) {
    if (words_[i].first != name) continue;
    if (seen) Fail(name, "is given twice; give it once");
    seen = true;
    used_[i] = true;
    out = words_[i].second;
  }
  return out;
}

std::vector<std::string> WordReader::Texts(std::string_view name) {
  std::vector<std::string> out;
  for (size_t i = 0; i < words_.size(); ++i) {
    if (words_[i].first != name) continue;
    used_[i] = true;
    std::string_view rest = words_[i].second;
    while (!rest.empty()) {
      const size_t comma = rest.find(',');
      if (comma != 0) out.emplace_back(rest.substr(0, comma));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return out;
}

uint64_t WordReader::Number(std::string_view name) {
  const std::string text = Text(name);
  if (text.empty()) return 0;
  uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) Fail(name, "must be a number");
  return number;
}

bool WordReader::Flag(std::string_view name) {
  const std::string text = Text(name);
  if (text == "true" || text == "1") return true;
  if (!text.empty() && text != "false" && text != "0") Fail(name, "must be true or false");
  return false;
}

InstantMs WordReader::Time(std::string_view name) {
  const std::string text = Text(name);
  if (text.empty()) return 0;
  const Result<InstantMs> at = ParseInstant(text);
  if (at.ok() && *at > 0) return *at;
  Fail(name, "is no instant; write it as 2030-04-23T16:00:00Z");
  return 0;
}

void WordReader::Fail(std::string_view name, std::string message) {
  faults_.push_back({std::string(name), std::move(message)});
}

Status WordReader::Finish() const {
  std::vector<FieldViolation> faults = faults_;
  for (size_t i = 0; i < words_.size(); ++i) {
    if (!used_[i]) faults.push_back({words_[i].first, "is not known here; see /openapi.yaml"});
  }
  if (faults.empty()) return {};
  Error error{ErrorCode::kInvalidArgument, faults.front().field + ": " + faults.front().message};
  error.fields = std::move(faults);
  return error;
}

Result<cs::ListCasesRequest> ReadListWords(const QueryWords& words) {
  WordReader reader(words);
  cs::ListCasesRequest out;
  ReadFilter(&reader, out.mutable_filter());
  if (const std::string order = reader.Text("order"); !order.empty()) {
    if (const auto known = Find(kOrders, order)) {
      out.set_order(*known);
    } else {
      reader.Fail("order", "must be priority_and_due, opened, changed or next_due");
    }
  }
  const uint64_t size = reader.Number("page_size");
  if (size > 500) reader.Fail("page_size", "must be 1 to 500");
  out.set_page_size(static_cast<int32_t>(size > 500 ? 0 : size));
  out.set_page_token(reader.Text("page_token"));
  if (const Status s = reader.Finish(); !s.ok()) return s.error();
  return out;
}

Result<qu::CountCasesRequest> ReadCountWords(const QueryWords& words) {
  WordReader reader(words);
  qu::CountCasesRequest out;
  ReadFilter(&reader, out.mutable_filter());
  for (const std::string& name : reader.Texts("by")) {
    if (const auto known = Find(kGroups, name)) {
      out.add_by(*known);
    } else {
      reader.Fail("by", "must be state, priority, level, team or person");
    }
  }
  if (const Status s = reader.Finish(); !s.ok()) return s.error();
  return out;
}

}  // namespace escalon::intake
