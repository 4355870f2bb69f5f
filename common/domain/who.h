#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/domain/draft.h"

namespace escalon::decide {

/// Whom a step reaches.
struct Reached {
  std::vector<std::string> people;  ///< to be told, in order; push: the one chosen
  std::string team;                 ///< that owns it; may be empty when a person was named
  std::string person;               ///< push: the one chosen
  bool overloaded = false;          ///< there is somebody, but all are at capacity: it spills over upwards
  std::string vendor;               ///< outside: nobody of the roster is to be told
  std::string why;                  ///< when nobody is reached
  bool empty() const { return people.empty() && vendor.empty(); }
};

/// What the choice has to respect beside the target.
struct Choice {
  AssignMode mode = AssignMode::kPush;
  int pass = 0;  ///< those who gave the case up are passed over in the first pass, later only if others are there
  std::string_view not_back_to = {};  ///< whoever just gave it up: never
  bool even_if_full = false;          ///< informing needs no capacity
};

/// Who is on call and present, cleared for the case's restriction and residency, has the skills, speaks the requester's
/// language and is below capacity; when nobody fits, widened in the order language → the case's skills. Push takes the
/// least loaded of two drawn at random, the longest idle when equal (DESIGN §6). `rule` names the choice in the trace.
Reached WhoIsThere(Draft& d, const StepTarget& to, const Choice& choice, const std::string& rule);

/// Whoever a level is: its people, else those of its step on the case's path; nullptr: not said.
const StepTarget* TargetOfLevel(const Draft& d, const std::string& level);
/// Cleared for what the case is about (DESIGN §5.12): the restriction by the case's kind or `restricted`, and the
/// residency.
bool IsCleared(const Person& person, const Facts& facts);
/// A person, a member of the team, somebody in the role: whoever the target could ever mean.
bool Belongs(const Roster& roster, const StepTarget& to, std::string_view person, InstantMs at);
/// The team through which a person works: `preferred` if a member of it, else the first; empty: none.
std::string TeamOf(const Roster& roster, std::string_view person, std::string_view preferred = {});

}  // namespace escalon::decide
