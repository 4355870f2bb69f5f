#include "common/documents/test_section.h"

#include <algorithm>

#include "common/documents/fields.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

/// How long a case is watched when nobody says: long enough for every wait of an ordinary desk.
constexpr DurationMs kWatched = 7 * kDayMs;
constexpr DurationMs kLongestWatch = 400 * kDayMs;
constexpr size_t kMostTests = 500;

void ReadLabels(const Value& value, std::map<std::string, std::string>* out) {
  Fields fields(value);
  std::vector<std::string> names;
  const std::vector<Value> labels = fields.TakeRest(&names);
  for (size_t i = 0; i < labels.size(); ++i) ReadText(labels[i], &(*out)[names[i]]);
}

void ReadParty(const Value& value, Party* out) {
  Fields fields(value);
  fields.Read("subject", &out->subject, ReadName);
  fields.Read("vip", &out->vip, ReadFlag);
  fields.Read("language", &out->language, ReadName);
}

void ReadGiven(const Value& value, PolicyTest* out) {
  Fields fields(value);
  fields.Need("at", &out->opened_at, ReadInstant);
  fields.Read("imported", &out->imported, ReadFlag);
  ReadTestFacts(&fields, &out->facts);
}

bool ReadTest(const Value& value, const Policy& policy, PolicyTest* out) {
  Fields fields(value);
  out->place = value.path;
  out->line = value.node->line;
  fields.Need("name", &out->name, ReadText);
  fields.Need("given", out, ReadGiven);
  const InstantMs opened_at = out->opened_at;
  if (const auto acts = fields.Take("then")) {
    ReadList(*acts, &out->acts, [&](const Value& v, TestAct* act) { return ReadTestAct(v, policy, opened_at, act); });
  }
  fields.Need("expect", &out->expected, [&](const Value& v, std::vector<TestExpectation>* expected) {
    ReadList(v, expected,
             [&](const Value& one, TestExpectation* e) { return ReadTestExpectation(one, policy, opened_at, e); });
  });
  if (fields.readable() && out->expected.empty() && fields.Take("expect")) {
    value.Fault("expects nothing; add at least one expectation");
  }
  std::stable_sort(out->acts.begin(), out->acts.end(),
                   [](const TestAct& a, const TestAct& b) { return a.after < b.after; });
  DurationMs watched = kWatched;
  for (const TestAct& act : out->acts) watched = std::max(watched, act.after + kDayMs);
  for (const TestExpectation& e : out->expected) {
    if (e.at && e.what != TestExpectation::What::kDue) watched = std::max(watched, *e.at - opened_at + kMinuteMs);
    if (e.no_later) watched = std::max(watched, *e.no_later - opened_at);
  }
  fields.Read("watch", &watched, ReadDuration);
  if (watched > kLongestWatch) value.Fault("looks further than 400 days after the opening; choose nearer instants");
  out->watched = std::min(watched, kLongestWatch);
  return fields.readable();
}

}  // namespace

void ReadTestFacts(Fields* fields, Facts* out) {
  fields->Read("kind", &out->kind, ReadName);
  fields->Read("title", &out->title, ReadText);
  fields->Read("service", &out->service, ReadText);
  fields->Read("category", &out->category, ReadText);
  fields->Read("region", &out->region, ReadName);
  fields->Read("residency", &out->residency, ReadName);
  fields->Read("customer", &out->customer, ReadText);
  fields->Read("contract", &out->contract, ReadText);
  fields->Read("source", &out->source, ReadText);
  fields->Read("impact", &out->impact, ReadGrade);
  fields->Read("urgency", &out->urgency, ReadGrade);
  fields->Read("risk", &out->risk, ReadGrade);
  fields->Read("business_value", &out->business_value, ReadGrade);
  fields->Read("proactive", &out->proactive, ReadFlag);
  fields->Read("restricted", &out->restricted, ReadFlag);
  fields->Read("requester", &out->requester, ReadParty);
  fields->Read("reporter", &out->reporter, ReadParty);
  fields->Read("tags", &out->tags, ReadTexts);
  fields->Read("skills", &out->skills, ReadTexts);
  fields->Read("labels", &out->labels, ReadLabels);
  fields->Read("occurred_at", &out->occurred_at, ReadInstant);
}

std::optional<DurationMs> ReadMoment(Fields* fields, InstantMs opened_at) {
  DurationMs after = 0;
  InstantMs at = 0;
  const auto by_span = fields->Take("after");
  const auto by_instant = fields->Take("at");
  if (by_span && by_instant) by_instant->Fault("says the same as `after`; keep one of the two");
  if (by_span) return ReadDuration(*by_span, &after) ? std::optional(after) : std::nullopt;
  if (!by_instant || !ReadInstant(*by_instant, &at)) return std::nullopt;
  if (at < opened_at) {
    by_instant->Fault("is before the case opens; name an instant from `given.at` on");
    return std::nullopt;
  }
  return at - opened_at;
}

bool ReadLevelName(const Value& value, const Policy& policy, std::string* out) {
  if (!ReadName(value, out)) return false;
  if (policy.level_index(*out) >= 0) return true;
  std::vector<std::string> known;
  for (const Level& level : policy.levels) known.push_back(level.id);
  value.Fault("no level \"" + *out + "\"; define it under `levels` or name one that is there" +
              DidYouMean(*out, known));
  return false;
}

void ReadTests(const Value& value, const Policy& policy, std::vector<PolicyTest>* out) {
  if (value.is_list() && value.node->items.size() > kMostTests) {
    value.Fault("has more than 500 tests; split the policy or drop some");
    return;
  }
  ReadList(value, out, [&policy](const Value& v, PolicyTest* test) { return ReadTest(v, policy, test); });
}

}  // namespace escalon::documents
