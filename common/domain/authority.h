#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/domain/case.h"
#include "common/domain/policy.h"
#include "common/domain/roster.h"

namespace escalon {

// The authority matrix (domain.md §2): who may take which decision on a case, up to what amount. A person has the
// authority of the levels whose people they are, and what others have delegated to them. Amounts of one kind are added
// up per case, so that a limit cannot be split. Pure.

struct AuthorityQuestion {
  std::string person;
  std::string decision;
  Money amount;                 ///< empty: none
  std::string besides_request;  ///< id of an open request that the question is about: not counted twice
};

struct AuthorityVerdict {
  bool allowed = false;
  std::string level;         ///< allowed: by whose authority; else the highest that the person has, empty: none
  std::string lowest_level;  ///< that may; empty: none may
  std::string rule;          ///< in the policy: `levels.L2.may.spend`
  std::string delegator;     ///< whose authority it is; empty: the person's own
  bool four_eyes = false;    ///< a second person has to agree
  Money total;               ///< of the kind on this case with this one; empty: none has an amount
  std::string why;           ///< in words, for people
};

/// An error names `decision` or `amount`: a kind that no level may, no amount where limits are amounts, a currency
/// without a rate, a sum that does not fit.
Result<AuthorityVerdict> MayDecide(const Policy& policy, const Roster& roster, const Case& c,
                                   const AuthorityQuestion& question, InstantMs at);

/// The kinds that some level may decide, in the order of the levels.
std::vector<std::string> DecisionKinds(const Policy& policy);
/// What holds for a level: its own word, else that of the nearest lower one; nullptr: nothing.
const Grant* GrantOf(const Policy& policy, int level, std::string_view decision);
/// The next level above `level` that may, -1: none.
Result<int> NextLevelThatMay(const Policy& policy, const Case& c, const AuthorityQuestion& question, int level);
/// In the currency of `to`, by the policy's rates.
Result<Money> InCurrency(const AuthorityRules& rules, const Money& money, std::string_view currency);

}  // namespace escalon
