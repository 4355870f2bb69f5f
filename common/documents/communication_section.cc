#include <utility>

#include "common/documents/condition_section.h"
#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

constexpr std::string_view kEventPlace = "{event}";

bool ReadAudience(const Value& value, Audience* out) {
  std::vector<std::string> words;
  for (int i = 1; i <= static_cast<int>(Audience::kStep); ++i) words.emplace_back(Name(static_cast<Audience>(i)));
  return ReadWord(value, out, ParseAudience, words);
}

void ReadPurpose(const Value& value, IntentPurpose* out) {
  ReadWord(value, out,
           [](std::string_view word) -> std::optional<IntentPurpose> {
             if (word == "page") return IntentPurpose::kPage;
             if (word == "inform") return IntentPurpose::kInform;
             return std::nullopt;
           },
           {"page", "inform"});
}

bool ReadUrgency(const Value& value, MessageUrgency* out) {
  return ReadWord(value, out, ParseMessageUrgency, {"by_priority", "high", "low"});
}

/// The name of a template, perhaps with `{event}` in it.
bool ReadTemplate(const Value& value, std::string* out) {
  std::string text;
  if (!ReadText(value, &text)) return false;
  std::string plain = text;
  if (const size_t at = plain.find(kEventPlace); at != std::string::npos) plain.erase(at, kEventPlace.size());
  if (plain.find_first_of("{}") != std::string::npos) {
    value.Fault("may have one {event} in it and no other braces");
    return false;
  }
  *out = std::move(text);
  return true;
}

/// `1h`, or {first: 0m, then: 1h, content_from: owner}: the first at once, the content asked of the owner.
void ReadCadence(const Value& value, DurationMs* out) {
  if (!value.is_map()) {
    ReadDuration(value, out);
    return;
  }
  Fields fields(value);
  DurationMs first = 0;
  if (const auto at = fields.Take("first"); at && ReadDuration(*at, &first) && first != 0) {
    at->Fault("must be 0m: the first update is sent with the event itself");
  }
  fields.Need("then", out, ReadDuration);
  if (const auto from = fields.Take("content_from"); from && !(from->is_text() && from->node->text == "owner")) {
    from->Fault("must be owner");
  }
}

bool ReadRule(const Value& value, CommunicationRule* out) {
  Fields fields(value);
  fields.Read("id", &out->id, ReadName);
  fields.Read("on", &out->on, ReadNames);
  fields.Read("when", &out->when, ReadCondition);
  fields.Need("to", &out->to, [](const Value& v, std::vector<Audience>* to) { ReadList(v, to, ReadAudience); });
  if (const auto via = fields.Take("via", "channels")) ReadNames(*via, &out->channels);
  fields.Read("purpose", &out->purpose, ReadPurpose);
  fields.Read("template", &out->message, ReadTemplate);
  const auto urgency = fields.Take("urgency");
  if (urgency && ReadUrgency(*urgency, &out->urgency) && out->purpose == IntentPurpose::kPage)
    urgency->Fault("a page never waits; take it away, or write `purpose: inform`");
  fields.Read("cadence", &out->cadence, ReadCadence);
  return fields.readable();
}

}  // namespace

void ReadCommunication(const Value& value, Policy* out) {
  std::vector<CommunicationRule> rules;
  ReadList(value, &rules, ReadRule);
  for (size_t i = 0; i < rules.size(); ++i) {
    CommunicationRule& rule = rules[i];
    if (rule.id.empty()) rule.id = "communication[" + std::to_string(i) + "]";
    const size_t place = rule.message.find(kEventPlace);
    if (place == std::string::npos) {
      out->communication.push_back(std::move(rule));
      continue;
    }
    // One rule an event, so that the name of the template stands in the policy as it is used.
    for (const std::string& event : rule.on) {
      CommunicationRule one = rule;
      one.on = {event};
      one.message.replace(place, kEventPlace.size(), event);
      out->communication.push_back(std::move(one));
    }
  }
}

}  // namespace escalon::documents
