#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/unit/domain/fixture.h"

namespace escalon::test {

/// The same numbers for the same seed, on every platform.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15 + 1) {}
  uint64_t Next();
  /// 0 … sides - 1.
  int Roll(int sides) { return static_cast<int>(Next() % static_cast<uint64_t>(sides)); }
  bool Chance(int percent) { return Roll(100) < percent; }
  template <typename T>
  const T& Of(const std::vector<T>& values) {
    return values[static_cast<size_t>(Roll(static_cast<int>(values.size())))];
  }

 private:
  uint64_t state_;
};

struct Wish {
  CommandBody body;
  Actor actor;
};

/// Anything that anybody may ask of a case, sensible or not.
Wish AnyWish(Dice& dice, const World& world);
/// An incident that another system had for a while, with whatever it may have been through there.
OpenCase AnyImport(Dice& dice, const World& world);
/// Rules for storms, in the middle of one.
void MakeStormy(Dice& dice, World& world);
/// A maintenance window that has begun.
void MakeMaintained(Dice& dice, World& world);
/// A policy that differs from the desk's in what decides about clocks and steps.
void Vary(Dice& dice, World& world);
/// Cases of its policy may be major escalations, by rule or person.
void AddMajor(Dice& dice, World& world);
/// Another version of its policy, to which its case may be moved, and back.
void PlanNext(Dice& dice, World& world);

}  // namespace escalon::test
