#include "common/domain/authority.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_join.h"
#include "common/domain/who.h"

namespace escalon {
namespace {

bool Names(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<RateNanos> RateOf(const AuthorityRules& rules, std::string_view currency) {
  if (currency == rules.currency) return kRateOfOne;
  const auto it = rules.rates.find(std::string(currency));
  return it != rules.rates.end() ? std::optional<RateNanos>(it->second) : std::nullopt;
}

/// Taken, or taken by the first of two.
std::vector<const Money*> AmountsOf(const Case& c, const AuthorityQuestion& question) {
  std::vector<const Money*> amounts;
  for (const TakenDecision& taken : c.decisions) {
    if (taken.decision == question.decision && !taken.amount.empty()) amounts.push_back(&taken.amount);
  }
  for (const OpenDecision& open : c.decision_requests) {
    const DecisionRequest& request = open.request;
    const bool half_taken = !request.first.empty() && request.id != question.besides_request;
    if (half_taken && request.decision == question.decision && !request.amount.empty()) {
      amounts.push_back(&request.amount);
    }
  }
  return amounts;
}

Result<Money> TotalIn(const AuthorityRules& rules, const Case& c, const AuthorityQuestion& question,
                      std::string_view currency) {
  Result<Money> total = InCurrency(rules, question.amount, currency);
  if (!total) return total;
  for (const Money* amount : AmountsOf(c, question)) {
    const Result<Money> one = InCurrency(rules, *amount, currency);
    if (!one) return one;
    std::optional<Money> sum = Sum(*total, *one);
    if (!sum) return InvalidField("amount", "with what was decided on this case before it is more than can be counted");
    *total = std::move(*sum);
  }
  return total;
}

Result<bool> IsWithin(const AuthorityRules& rules, const Case& c, const AuthorityQuestion& question,
                      const Money& most) {
  if (most.empty()) return true;
  const Result<Money> total = TotalIn(rules, c, question, most.currency);
  if (!total) return total.error();
  return total->minor <= most.minor;
}

Result<bool> Covers(const Policy& policy, const Case& c, const AuthorityQuestion& question, int level) {
  const Grant* grant = GrantOf(policy, level, question.decision);
  if (grant == nullptr || !grant->allowed) return false;
  return IsWithin(policy.authority, c, question, grant->most);
}

bool HasSkills(const Roster& roster, const StepTarget& to, const Case& c, std::string_view person) {
  std::vector<std::string> skills = to.skills;
  if (to.case_skills) skills.insert(skills.end(), c.skills.begin(), c.skills.end());
  const Person* found = roster.person(person);
  return found != nullptr && !skills.empty() &&
         std::all_of(skills.begin(), skills.end(),
                     [&](const std::string& skill) { return Names(found->skills, skill); });
}

/// Also while absent: whoever stands in for them acts by their authority.
bool IsInRole(const Roster& roster, const StepTarget& to, std::string_view person) {
  const Duty* role = to.role.empty() ? nullptr : roster.role(to.role);
  return role != nullptr && Names(role->people, person);
}

bool IsOfLevel(const Policy& policy, const Roster& roster, const Case& c, std::string_view level,
               std::string_view person, InstantMs at) {
  const auto is_meant = [&](const StepTarget& to) {
    return decide::Belongs(roster, to, person, at) || IsInRole(roster, to, person) || HasSkills(roster, to, c, person);
  };
  const auto people = policy.level_people.find(std::string(level));
  if (people != policy.level_people.end() && is_meant(people->second)) return true;
  const Path* path = policy.path(c.path);
  if (path == nullptr) return false;
  for (const PathTrack* track : {&path->functional, &path->hierarchical}) {
    const bool on_a_step = std::any_of(track->steps.begin(), track->steps.end(),
                                       [&](const PathStep& step) { return step.level == level && is_meant(step.to); });
    if (on_a_step) return true;
  }
  return false;
}

/// The highest level of the person that may; else their highest, and `allowed` false.
Result<AuthorityVerdict> OwnVerdict(const Policy& policy, const Roster& roster, const Case& c,
                                    const AuthorityQuestion& question, std::string_view person, InstantMs at) {
  AuthorityVerdict verdict;
  for (int i = static_cast<int>(policy.levels.size()) - 1; i >= 0; --i) {
    const std::string& level = policy.levels[static_cast<size_t>(i)].id;
    if (!IsOfLevel(policy, roster, c, level, person, at)) continue;
    const Result<bool> covers = Covers(policy, c, question, i);
    if (!covers) return covers.error();
    if (*covers) {
      verdict.allowed = true;
      verdict.level = level;
      return verdict;
    }
    if (verdict.level.empty()) verdict.level = level;
  }
  return verdict;
}

bool Holds(const Delegation& delegation, const AuthorityQuestion& question, InstantMs at) {
  const bool in_time = (!delegation.from || *delegation.from <= at) && at < delegation.until;
  return delegation.to == question.person && in_time &&
         (delegation.decisions.empty() || Names(delegation.decisions, question.decision));
}

/// By what somebody else has delegated; not allowed: by nothing.
Result<AuthorityVerdict> DelegatedVerdict(const Policy& policy, const Roster& roster, const Case& c,
                                          const AuthorityQuestion& question, InstantMs at) {
  for (const Delegation& delegation : roster.document().delegations) {
    if (!Holds(delegation, question, at)) continue;
    const Result<bool> within = IsWithin(policy.authority, c, question, delegation.up_to);
    if (!within) return within.error();
    if (!*within) continue;
    Result<AuthorityVerdict> verdict = OwnVerdict(policy, roster, c, question, delegation.by, at);
    if (!verdict) return verdict;
    if (!verdict->allowed) continue;
    verdict->delegator = delegation.by;
    return verdict;
  }
  return AuthorityVerdict{};
}

Result<bool> NeedsFourEyes(const Policy& policy, const Case& c, const AuthorityQuestion& question) {
  for (const FourEyesRule& rule : policy.authority.four_eyes) {
    if (rule.decision != question.decision) continue;
    if (rule.from.empty()) return true;
    const Result<Money> total = TotalIn(policy.authority, c, question, rule.from.currency);
    if (!total) return total.error();
    if (total->minor >= rule.from.minor) return true;
  }
  return false;
}

Status CheckQuestion(const Policy& policy, const AuthorityQuestion& question) {
  const std::vector<std::string> kinds = DecisionKinds(policy);
  if (!Names(kinds, question.decision)) {
    return InvalidField("decision", "'" + question.decision + "' is no decision of the policy's levels; " +
                                        (kinds.empty() ? "none of them names any" : "use one of: ") +
                                        absl::StrJoin(kinds, ", "));
  }
  const Money& amount = question.amount;
  if (!amount.empty() && !MinorDigits(amount.currency)) {
    return InvalidField("amount.currency", "is no currency of ISO 4217; write three letters such as EUR");
  }
  if (amount.minor < 0) return InvalidField("amount.minor", "is negative; an amount is what the decision may cost");
  if (amount.empty() && amount.minor != 0) return InvalidField("amount.currency", "is missing; write it, such as EUR");
  const bool limited = std::any_of(policy.levels.begin(), policy.levels.end(), [&](const Level& level) {
    return std::any_of(level.may.begin(), level.may.end(),
                       [&](const Grant& grant) { return grant.decision == question.decision && !grant.most.empty(); });
  });
  if (limited && amount.empty()) {
    return InvalidField("amount", "required: levels may decide on " + question.decision + " up to an amount");
  }
  return {};
}

std::string LowestLevel(const Policy& policy, int level) {
  return level < 0 ? std::string() : policy.levels[static_cast<size_t>(level)].id;
}

std::string Words(const AuthorityQuestion& question, const AuthorityVerdict& verdict) {
  const std::string sum = verdict.total.empty() ? "" : " (" + FormatMoney(verdict.total) + " on this case)";
  if (verdict.allowed) {
    return question.person + " may, by " + verdict.rule +
           (verdict.delegator.empty() ? "" : " of " + verdict.delegator) + sum;
  }
  const std::string lacks =
      verdict.level.empty() ? question.person + " is of no level" : verdict.level + " may not" + sum;
  return lacks + "; " +
         (verdict.lowest_level.empty() ? "no level may" : "the lowest level that may is " + verdict.lowest_level);
}

}  // namespace

std::vector<std::string> DecisionKinds(const Policy& policy) {
  std::vector<std::string> kinds;
  for (const Level& level : policy.levels) {
    for (const Grant& grant : level.may) {
      if (!Names(kinds, grant.decision)) kinds.push_back(grant.decision);
    }
  }
  return kinds;
}

const Grant* GrantOf(const Policy& policy, int level, std::string_view decision) {
  for (int i = std::min(level, static_cast<int>(policy.levels.size()) - 1); i >= 0; --i) {
    for (const Grant& grant : policy.levels[static_cast<size_t>(i)].may) {
      if (grant.decision == decision) return &grant;
    }
  }
  return nullptr;
}

Result<int> NextLevelThatMay(const Policy& policy, const Case& c, const AuthorityQuestion& question, int level) {
  for (int i = level + 1; i < static_cast<int>(policy.levels.size()); ++i) {
    const Result<bool> covers = Covers(policy, c, question, i);
    if (!covers) return covers.error();
    if (*covers) return i;
  }
  return -1;
}

Result<Money> InCurrency(const AuthorityRules& rules, const Money& money, std::string_view currency) {
  if (money.currency == currency) return money;
  const std::optional<RateNanos> from = RateOf(rules, money.currency);
  const std::optional<RateNanos> to = RateOf(rules, currency);
  if (!from || !to) {
    return InvalidField("amount.currency", "has no rate between " + money.currency + " and " + std::string(currency) +
                                               " under `authority.rates`; decide in " + std::string(currency) +
                                               ", or add the rate");
  }
  std::optional<Money> converted = Convert(money, currency, *from, *to);
  if (!converted) return InvalidField("amount.minor", "is more than can be counted in " + std::string(currency));
  return *std::move(converted);
}

Result<AuthorityVerdict> MayDecide(const Policy& policy, const Roster& roster, const Case& c,
                                   const AuthorityQuestion& question, InstantMs at) {
  if (Status s = CheckQuestion(policy, question); !s) return s.error();
  Result<AuthorityVerdict> verdict = OwnVerdict(policy, roster, c, question, question.person, at);
  if (!verdict) return verdict;
  if (!verdict->allowed) {
    Result<AuthorityVerdict> delegated = DelegatedVerdict(policy, roster, c, question, at);
    if (!delegated) return delegated;
    if (delegated->allowed) *verdict = *std::move(delegated);
  }
  const Result<int> lowest = NextLevelThatMay(policy, c, question, -1);
  if (!lowest) return lowest.error();
  verdict->lowest_level = LowestLevel(policy, *lowest);
  const std::string& level = verdict->allowed ? verdict->level : verdict->lowest_level;
  if (!level.empty()) verdict->rule = "levels." + level + ".may." + question.decision;
  const Result<bool> four_eyes = NeedsFourEyes(policy, c, question);
  if (!four_eyes) return four_eyes.error();
  verdict->four_eyes = *four_eyes;
  if (!question.amount.empty()) {
    const Grant* grant = GrantOf(policy, policy.level_index(level), question.decision);
    const bool limited = grant != nullptr && !grant->most.empty();
    const Result<Money> total =
        TotalIn(policy.authority, c, question, limited ? grant->most.currency : question.amount.currency);
    if (!total) return total.error();
    verdict->total = *total;
  }
  verdict->why = Words(question, *verdict);
  return verdict;
}

}  // namespace escalon
