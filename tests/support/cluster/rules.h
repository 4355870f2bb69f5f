#pragma once

#include <cstdint>
#include <string>

namespace escalon::test {

/// Desk (ann, then anybody of the desk), second line (bob), managers (mia): two functional steps, everything around the
/// clock. Durations as the policy language writes them.
struct PolicyTimes {
  std::string step = "15m";  ///< wait on each step
  std::string lease = "8h";
  std::string acknowledge = "15m", resolve = "8h";  ///< targets of every priority
  std::string triage = "5s";
  std::string monitoring = "0h", confirm = "3d";
  std::string reopen_within = "7d";
};
std::string TestPolicy(const PolicyTimes& times = {});
/// `sink`: port of a webhook sink, every person's first contact `http://127.0.0.1:<port>/<person>`; 0: only the
/// service's log.
std::string TestRoster(uint16_t sink = 0);

}  // namespace escalon::test
