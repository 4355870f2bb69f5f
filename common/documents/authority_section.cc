#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

void ReadRate(const Value& value, RateNanos* out) {
  std::string text;
  if (!ReadText(value, &text)) return;
  const Result<RateNanos> rate = ParseRate(text, "");
  if (rate) {
    *out = *rate;
  } else {
    value.Fault(rate.error().fields.front().message);
  }
}

void ReadRates(const Value& value, std::map<std::string, RateNanos>* out) {
  Fields fields(value);
  std::vector<std::string> currencies;
  const std::vector<Value> rates = fields.TakeRest(&currencies);
  for (size_t i = 0; i < rates.size(); ++i) ReadRate(rates[i], &(*out)[currencies[i]]);
}

bool ReadFourEyes(const Value& value, FourEyesRule* out) {
  if (!value.is_map()) return ReadName(value, &out->decision);
  Fields fields(value);
  fields.Need("decision", &out->decision, ReadName);
  fields.Read("from", &out->from, ReadMoney);
  return fields.readable();
}

/// `true`: whatever the amount; `false`: not even what a lower level may; `500 EUR`: up to that.
void ReadGrant(const Value& value, Grant* out) {
  const bool flag = value.is_text() && (value.node->text == "true" || value.node->text == "false");
  if (flag) {
    ReadFlag(value, &out->allowed);
  } else {
    ReadMoney(value, &out->most);
  }
}

}  // namespace

void ReadGrants(const Value& value, std::vector<Grant>* out) {
  Fields fields(value);
  std::vector<std::string> decisions;
  const std::vector<Value> grants = fields.TakeRest(&decisions);
  for (size_t i = 0; i < grants.size(); ++i) {
    Grant grant;
    grant.decision = decisions[i];
    ReadGrant(grants[i], &grant);
    out->push_back(std::move(grant));
  }
}

void ReadAuthority(const Value& value, AuthorityRules* out) {
  Fields fields(value);
  fields.Read("currency", &out->currency, ReadName);
  fields.Read("rates", &out->rates, ReadRates);
  if (const auto four_eyes = fields.Take("four_eyes")) ReadList(*four_eyes, &out->four_eyes, ReadFourEyes);
}

}  // namespace escalon::documents
