#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

void ReadSubject(const Value& value, ApprovalRule* out) {
  Fields fields(value);
  fields.Read("track", &out->track, [](const Value& v, std::optional<Track>* track) {
    Track read{};
    if (ReadWord(v, &read, ParseTrack, {"functional", "hierarchical"})) *track = read;
  });
  fields.Read("level", &out->level, ReadName);
  fields.Read("by", &out->by_person_only, [](const Value& v, bool* person) {
    ReadWord(v, person,
             [](std::string_view word) -> std::optional<bool> {
               if (word == "person") return true;
               if (word == "anybody") return false;
               return std::nullopt;
             },
             {"person", "anybody"});
  });
}

void ReadDefault(const Value& value, bool* approve) {
  ReadWord(value, approve,
           [](std::string_view word) -> std::optional<bool> {
             if (word == "approve") return true;
             if (word == "refuse") return false;
             return std::nullopt;
           },
           {"approve", "refuse"});
}

/// A condition that holds for no case: without `unless` nothing is exempt.
Condition Never() {
  Condition never;
  never.kind = Condition::Kind::kNot;
  never.parts.emplace_back();
  return never;
}

}  // namespace

bool ReadApproval(const Value& value, ApprovalRule* out) {
  Fields fields(value);
  fields.Need("for", out, ReadSubject);
  out->unless = Never();
  fields.Read("unless", &out->unless, ReadCondition);
  fields.Need("ask", &out->ask_level, [](const Value& v, std::string* level) {
    Fields ask(v);
    ask.Need("level", level, ReadName);
  });
  fields.Read("within", &out->within, ReadDuration);
  fields.Read("default", &out->default_approve, ReadDefault);
  fields.Read("emergency", &out->ratify_within, [](const Value& v, DurationMs* within) {
    Fields emergency(v);
    emergency.Need("ratify_within", within, ReadDuration);
  });
  return fields.readable();
}

}  // namespace escalon::documents
