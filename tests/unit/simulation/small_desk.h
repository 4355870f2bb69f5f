#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/documents/policy_document.h"
#include "common/documents/roster_document.h"
#include "common/domain/policy.h"
#include "common/domain/roster.h"
#include "common/simulation/virtual_case.h"

namespace escalon::simulation::test {

inline InstantMs At(std::string_view text) {
  const Result<InstantMs> at = ParseInstant(text);
  EXPECT_TRUE(at.ok()) << text;
  return at.ok() ? *at : 0;
}

inline constexpr std::string_view kPolicy = R"(
apiVersion: escalon/v1
kind: Policy
id: small
calendars:
  office: {timezone: UTC, weekly: {mon-fri: ["09:00-17:00"]}}
business_calendar: office
priority:
  matrix:
    high: [P1, P2, P3]
    medium: [P2, P3, P4]
    low: [P3, P4, P4]
levels:
  L1: {people: {team: desk}}
  L2: {people: {team: network}}
  MGR: {people: {person: mia}}
pending:
  reasons:
    customer: {follow_up: 20d}
clocks:
  acknowledgement:
    calendar: {P1: always, P2: always, default: office}
    target: {P1: 5m, P2: 15m, P3: 4h, P4: 8h}
    start_on: [opened]
    stop_on: [acknowledged_by_human]
  resolution:
    calendar: {P1: always, P2: always, default: office}
    target: {P1: 4h, P2: 8h, P3: 16h, P4: 40h}
    start_on: [opened]
    stop_on: [resolved]
    pause_when: {pending: [customer]}
    warn: [50%, 80%]
paths:
  incident:
    functional:
      stop_on: [acknowledged]
      steps:
        - {level: L1, to: {team: desk}, assign: pull, wait: {P1: 5m, P2: 15m, default: 4h}, calendar: {P1: always, P2: always, default: office}}
        - {level: L2, to: {team: network}, assign: push, wait: {P1: 10m, default: 30m}, calendar: {P1: always, P2: always, default: office}}
      enter_at: {P1: L2}
    hierarchical:
      stop_on: [resolved, deescalated, acknowledged_on_track]
      triggers:
        - {id: p1-open, at: opened, when: {field: priority, is: P1}, level: MGR, mode: inform}
    catch_all: {team: duty}
catch_all: {team: duty}
after:
  monitoring: {default: 0h}
  confirm: {grace: 24h}
  reopen_within: 48h
)";

inline constexpr std::string_view kRoster = R"(
apiVersion: escalon/v1
kind: Roster
id: small
people:
  ana: {name: Ana, timezone: Europe/Berlin, contacts: ["mail:ana@example.org"], manager: mia}
  ben: {name: Ben, timezone: UTC, contacts: ["mail:ben@example.org"], manager: mia}
  cho: {name: Cho, timezone: America/New_York, contacts: ["mail:cho@example.org"], manager: mia}
  mia: {name: Mia, timezone: UTC, contacts: ["mail:mia@example.org"]}
teams:
  desk: {name: Desk, members: [ana, ben]}
  network: {name: Network, members: [cho]}
  duty: {name: Duty, members: [mia], catch_all: true}
)";

/// A desk of two levels and a manager, in office hours for P3 and P4.
class SmallDesk {
 public:
  explicit SmallDesk(std::string_view policy = kPolicy, std::string_view roster = kRoster) {
    Result<Policy> read = ParsePolicy(policy, "acme", 1);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
    if (read.ok()) policy_ = std::move(*read);
    Result<RosterDocument> document = ParseRoster(roster);
    EXPECT_TRUE(document.ok()) << (document.ok() ? "" : document.error().message);
    roster_ = Roster::Empty();
    if (!document.ok()) return;
    auto built = Roster::Build(std::move(*document));
    EXPECT_TRUE(built.ok());
    if (built.ok()) roster_ = *built;
  }

  VirtualWorld world() const { return {policy_, *roster_, load_}; }
  const Policy& policy() const { return policy_; }
  const Roster& roster() const { return *roster_; }

  static OpenCase Incident(Grade impact, Grade urgency) {
    OpenCase open;
    open.facts.kind = "incident";
    open.facts.title = "The shop is slow";
    open.facts.source = "servicenow";
    open.facts.impact = impact;
    open.facts.urgency = urgency;
    open.facts.requester.subject = "rita";
    return open;
  }

 private:
  Policy policy_;
  std::shared_ptr<const Roster> roster_;
  NoLoad load_;
};

}  // namespace escalon::simulation::test
