#pragma once

#include <memory>
#include <string>

#include "common/core/result.h"
#include "common/domain/roster.h"
#include "escalon/cases/v1/public_case.pb.h"
#include "tests/load/installation.h"

namespace escalon::load {

/// The people who work on the cases, as the roster and their keys say. Immutable, but for the keys' file nothing is
/// read later.
class Staff {
 public:
  static Result<Staff> Load(const std::string& roster_file, const std::string& tokens_file);

  const Roster& roster() const { return *roster_; }
  /// nullptr: no such holder of a key.
  const std::string* KeyOf(const std::string& subject) const { return tokens_.Of(subject); }

  /// Who would answer the page now: the owner, else somebody of the step, else whoever is on call in the owner's team.
  /// Empty: nobody.
  std::string Answerer(const cases::v1::PublicCase& c, InstantMs now) const;
  /// Who works on it: who has acknowledged, else its owner.
  static std::string Worker(const cases::v1::PublicCase& c);
  /// A colleague whom the case can be handed to: of the owner's team, else on call elsewhere. `dice` chooses.
  std::string Colleague(const cases::v1::PublicCase& c, InstantMs now, uint64_t dice) const;

 private:
  Staff(std::shared_ptr<const Roster> roster, Tokens tokens) : roster_(std::move(roster)), tokens_(std::move(tokens)) {}
  bool HasKey(const std::string& person) const { return tokens_.Of(person) != nullptr; }

  std::shared_ptr<const Roster> roster_;
  Tokens tokens_;
};

/// A file's whole text.
Result<std::string> ReadTextFile(const std::string& path);

}  // namespace escalon::load
