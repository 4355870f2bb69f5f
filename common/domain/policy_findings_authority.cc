#include <algorithm>
#include <set>

#include "common/domain/authority.h"
#include "common/domain/policy_checks.h"

namespace escalon::checks {
namespace {

void CheckCurrency(const AuthorityRules& rules, FindingList* out) {
  if (!rules.currency.empty() && !MinorDigits(rules.currency)) {
    out->Add("authority.currency", "is no currency of ISO 4217; write three letters such as EUR");
  }
  if (rules.currency.empty() && !rules.rates.empty()) {
    out->Add("authority.currency", "is missing: say in which currency the rates are, such as EUR");
  }
  for (const auto& [currency, rate] : rules.rates) {
    const std::string field = "authority.rates." + currency;
    if (!MinorDigits(currency)) out->Add(field, "is no currency of ISO 4217; write three letters such as USD");
    if (currency == rules.currency) out->Add(field, "is the currency that the rates are in; remove it");
    if (rate <= 0) out->Add(field, "must be what one unit is worth, such as 0.92");
  }
}

/// Amounts of one kind are added up and compared, so they need a common currency.
void CheckComparable(const AuthorityRules& rules, const Money& amount, const Money& other, const std::string& field,
                     FindingList* out) {
  if (amount.empty() || other.empty() || amount.currency == other.currency) return;
  if (InCurrency(rules, Money{0, amount.currency}, other.currency)) return;
  out->Add(field, "is in " + amount.currency + " where others are in " + other.currency +
                      ", and `authority.rates` has no rate between them; add it, or use one currency");
}

/// The last level below with a limit of its own.
const Grant* Below(const Policy& policy, size_t level, const std::string& decision) {
  return level == 0 ? nullptr : GrantOf(policy, static_cast<int>(level) - 1, decision);
}

void CheckAgainstBelow(const Policy& policy, const Grant& grant, const Grant& below, const std::string& field,
                       FindingList* out) {
  if (!grant.allowed || !below.allowed || grant.most.empty()) return;
  if (below.most.empty()) {
    out->Add(field, "may less than the level below it, which has no limit; remove it, write true, or limit that one");
    return;
  }
  CheckComparable(policy.authority, grant.most, below.most, field, out);
  const Result<Money> lower = InCurrency(policy.authority, below.most, grant.most.currency);
  if (lower && grant.most.minor < lower->minor) {
    out->Add(field, "may less than the level below it (" + FormatMoney(below.most) +
                        "); give it as much at least, or write false where it shall not decide");
  }
}

void CheckGrants(const Policy& policy, FindingList* out) {
  for (size_t i = 0; i < policy.levels.size(); ++i) {
    const Level& level = policy.levels[i];
    std::set<std::string> seen;
    for (const Grant& grant : level.may) {
      const std::string field = "levels." + level.id + ".may." + grant.decision;
      if (!seen.insert(grant.decision).second) out->Add(field, "is said twice; keep one");
      if (grant.most.minor < 0) out->Add(field, "is negative; write 0 and the currency for nothing");
      if (!grant.most.empty() && !MinorDigits(grant.most.currency))
        out->Add(field, "has no currency of ISO 4217; write three letters such as EUR");
      if (const Grant* below = Below(policy, i, grant.decision)) CheckAgainstBelow(policy, grant, *below, field, out);
    }
  }
}

void CheckFourEyes(const Policy& policy, FindingList* out) {
  const std::vector<std::string> kinds = DecisionKinds(policy);
  for (size_t i = 0; i < policy.authority.four_eyes.size(); ++i) {
    const FourEyesRule& rule = policy.authority.four_eyes[i];
    const std::string field = At("authority.four_eyes", i);
    if (std::find(kinds.begin(), kinds.end(), rule.decision) == kinds.end()) {
      out->Add(field + ".decision",
               "no level may decide \"" + rule.decision + "\"; name it under `levels.<level>.may`");
    }
    for (size_t k = 0; k < policy.levels.size(); ++k) {
      const Grant* grant = GrantOf(policy, static_cast<int>(k), rule.decision);
      if (grant != nullptr) CheckComparable(policy.authority, rule.from, grant->most, field + ".from", out);
    }
  }
}

}  // namespace

void CheckAuthority(const Policy& policy, FindingList* out) {
  CheckCurrency(policy.authority, out);
  CheckGrants(policy, out);
  CheckFourEyes(policy, out);
}

}  // namespace escalon::checks
