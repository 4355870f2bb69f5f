#include <algorithm>
#include <optional>

#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"
#include "common/domain/storms.h"

namespace escalon::documents {
namespace {

enum class Suppressed { kEscalation, kNotify };

bool ReadLink(const Value& value, StormLink* out) {
  const auto parse = [](const std::string& word) -> std::optional<StormLink> {
    if (word == Name(StormLink::kService)) return StormLink::kService;
    if (word == Name(StormLink::kKey)) return StormLink::kKey;
    return std::nullopt;
  };
  return ReadWord(value, out, parse, {"same_service", "same_key"});
}

bool ReadSuppressed(const Value& value, Suppressed* out) {
  const auto parse = [](const std::string& word) -> std::optional<Suppressed> {
    if (word == "escalation") return Suppressed::kEscalation;
    if (word == "notify") return Suppressed::kNotify;
    return std::nullopt;
  };
  return ReadWord(value, out, parse, {"escalation", "notify"});
}

bool ReadEnd(const Value& value, bool* resolved_with_parent) {
  const auto parse = [](const std::string& word) -> std::optional<bool> {
    if (word == "climb") return false;
    if (word == "resolve") return true;
    return std::nullopt;
  };
  return ReadWord(value, resolved_with_parent, parse, {"climb", "resolve"});
}

/// {link_on: [same_service], min: 5, within: 10m, suppress: [escalation, notify]}
void ReadParent(const Value& value, StormRules* out) {
  Fields fields(value);
  fields.Need("link_on", &out->link_on, [](const Value& v, auto* links) { ReadList(v, links, ReadLink); });
  fields.Need("min", &out->least, ReadCount);
  fields.Read("within", &out->within, ReadDuration);
  if (const auto suppress = fields.Take("suppress")) {
    std::vector<Suppressed> words;
    ReadList(*suppress, &words, ReadSuppressed);
    const auto has = [&words](Suppressed word) { return std::find(words.begin(), words.end(), word) != words.end(); };
    out->rests = has(Suppressed::kEscalation);
    out->silent = has(Suppressed::kNotify);
  }
  fields.Read("on_parent_resolved", &out->resolved_with_parent, ReadEnd);
  fields.Read("rest_at_most", &out->longest, ReadDuration);
}

}  // namespace

void ReadStorms(const Value& value, Policy* out) {
  Fields fields(value);
  if (const auto parent = fields.Take("parent")) {
    ReadParent(*parent, &out->storms.emplace());
  } else {
    fields.Missing("parent");
  }
  fields.Elsewhere(
      "bundle",
      "messages to one person are bundled by bundle.informs, bundle.pages and their windows, options of notification");
}

}  // namespace escalon::documents
