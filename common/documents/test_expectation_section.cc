#include <algorithm>
#include <array>
#include <utility>

#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/test_section.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

using What = TestExpectation::What;

constexpr auto kSubjects = std::to_array<std::pair<std::string_view, What>>({
    {"step", What::kStep},
    {"inform", What::kInform},
    {"own", What::kOwn},
    {"level", What::kLevel},
    {"page", What::kPage},
    {"tell", What::kTell},
    {"warn", What::kWarn},
    {"breach", What::kBreach},
    {"keep", What::kKeep},
    {"due", What::kDue},
    {"approval", What::kApproval},
    {"decision", What::kDecision},
    {"catch_all", What::kCatchAll},
    {"path", What::kPath},
    {"priority", What::kPriority},
    {"state", What::kState},
    {"owner", What::kOwner},
});

void ReadKnown(const Value& value, const std::vector<std::string>& known, const std::string& what, std::string* out) {
  if (!ReadName(value, out) || std::find(known.begin(), known.end(), *out) != known.end()) return;
  value.Fault("no " + what + " \"" + *out + "\" in this policy" + DidYouMean(*out, known));
}

void ReadSubject(const Value& value, const Policy& policy, TestExpectation* out) {
  switch (out->what) {
    case What::kStep:
    case What::kInform:
    case What::kOwn:
    case What::kLevel:
      ReadLevelName(value, policy, &out->value);
      return;
    case What::kWarn:
    case What::kBreach:
    case What::kKeep:
    case What::kDue: {
      std::vector<std::string> known{"level.response", "level.resolution"};
      for (const ClockRule& rule : policy.clocks) known.push_back(rule.name);
      ReadKnown(value, known, "clock", &out->value);
      return;
    }
    case What::kPath: {
      std::vector<std::string> known;
      for (const Path& path : policy.paths) known.push_back(path.id);
      ReadKnown(value, known, "path", &out->value);
      return;
    }
    case What::kPriority: {
      Priority priority{};
      if (ReadPriority(value, &priority)) out->value = Name(priority);
      return;
    }
    case What::kState: {
      CaseState state{};
      std::vector<std::string> words;
      for (int i = 1; i <= static_cast<int>(CaseState::kCancelled); ++i) {
        words.emplace_back(Name(static_cast<CaseState>(i)));
      }
      if (ReadWord(value, &state, ParseCaseState, words)) out->value = Name(state);
      return;
    }
    case What::kApproval:
      ReadKnown(value,
                {"asked", "approved", "refused", "default_approved", "default_refused", "ratified", "not_ratified"},
                "outcome of an approval", &out->value);
      return;
    case What::kDecision:
      ReadKnown(value, {"taken", "requested", "refused"}, "outcome of a decision", &out->value);
      return;
    case What::kCatchAll: {
      bool yes = false;
      if (ReadFlag(value, &yes) && !yes) value.Fault("must be true; write {never: {catch_all: true}}");
      return;
    }
    case What::kPage:
    case What::kTell:
    case What::kOwner:
      ReadName(value, &out->value);
      return;
  }
}

/// The subject: exactly one of the words above, with what belongs to it.
void ReadSubjects(Fields* fields, const Policy& policy, TestExpectation* out) {
  int subjects = 0;
  for (const auto& [word, what] : kSubjects) {
    const auto value = fields->Take(word);
    if (!value) continue;
    ++subjects;
    out->what = what;
    out->words = std::string(word) + (value->is_text() ? " " + value->node->text : "");
    ReadSubject(*value, policy, out);
  }
  if (const auto used = fields->Take("used")) {
    if (out->what != What::kWarn) used->Fault("belongs to `warn`; remove it");
    int percent = 0;
    if (ReadPercent(*used, &percent)) out->warns_at = WarningRule::Percent(percent);
  }
  if (const auto offset = fields->Take("offset")) {
    if (out->what != What::kWarn || out->warns_at) offset->Fault("belongs to `warn` without `used`; remove one");
    WarningRule place;
    if (ReadWarning(*offset, &place)) out->warns_at = place;
  }
  if (out->warns_at) out->words += " at " + SpokenPlace(*out->warns_at);
  if (subjects == 1 || !fields->readable()) return;
  std::string words;
  for (const auto& [word, what] : kSubjects) words.append(words.empty() ? "" : ", ").append(word);
  fields->map().Fault("needs exactly one of " + words);
}

}  // namespace

bool ReadTestExpectation(const Value& value, const Policy& policy, InstantMs opened_at, TestExpectation* out) {
  Fields fields(value);
  out->place = value.path;
  out->line = value.node->line;
  if (const auto moment = ReadMoment(&fields, opened_at)) out->at = opened_at + *moment;
  DurationMs within = 0;
  if (const auto span = fields.Take("within"); span && ReadDuration(*span, &within)) {
    out->no_later = opened_at + within;
    if (out->at) span->Fault("does not go with an exact moment; keep one of the two");
  }
  if (const auto never = fields.Take("never")) {
    out->never = true;
    Fields subject(*never);
    ReadSubjects(&subject, policy, out);
    for (const auto& [word, what] : kSubjects) {
      if (const auto beside = fields.Take(word)) beside->Fault("stands beside `never`; write it inside");
    }
    if (const auto beside = fields.Take("used")) beside->Fault("stands beside `never`; write it inside");
  } else {
    ReadSubjects(&fields, policy, out);
  }
  if (out->what == What::kDue && !out->at && fields.readable()) {
    value.Fault("says not when; add `at` or `after`: the deadline");
  }
  return fields.readable();
}

}  // namespace escalon::documents
