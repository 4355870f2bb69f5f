#include "services/escalonctl/verify/fault.h"

namespace escalon::escalonctl {
namespace {

struct Row {
  std::string_view name;
  int invariant;
};

constexpr std::array<Row, kFaultKinds> kRows = {
    {{"hole", 3},          {"undecodable", 3},     {"void", 3},        {"misplaced", 3},    {"version_gap", 3},
     {"version_twice", 3}, {"broken_chain", 3},    {"unfoldable", 3},  {"envelope", 3},     {"time_back", 0},
     {"command_twice", 2}, {"submitted_twice", 2}, {"fired_twice", 4}, {"broken_twice", 4}, {"fired_early", 4},
     {"missed", 4},        {"ownerless", 7},       {"stuck", 7},       {"untraced", 9},     {"base", 0},
     {"view", 0}}};

}  // namespace

std::string_view NameOf(FaultKind kind) { return kRows[static_cast<size_t>(kind)].name; }
int InvariantOf(FaultKind kind) { return kRows[static_cast<size_t>(kind)].invariant; }

}  // namespace escalon::escalonctl
