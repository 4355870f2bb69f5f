#include "tests/support/cluster/rules.h"

namespace escalon::test {

std::string TestPolicy(const PolicyTimes& t) {
  return R"(apiVersion: escalon/v1
kind: Policy
id: test
priority:
  matrix:
    high: [P1, P2, P3]
    medium: [P2, P3, P4]
    low: [P3, P4, P4]
  defaults: {impact: medium, urgency: medium}
levels:
  L1: {people: {team: desk}, may: {vendor: true}}
  L2: {people: {team: second-line}}
  MGR: {people: {team: managers}}
pending:
  reasons:
    customer: {follow_up: 2d, max: 10d}
    vendor: {follow_up: 1d}
triage: {wait: )" +
         t.triage + R"(}
clocks:
  acknowledgement:
    calendar: always
    target: {default: )" +
         t.acknowledge + R"(}
    start_on: [opened]
    stop_on: [acknowledged_by_human]
    warn: [80%]
  resolution:
    calendar: always
    target: {default: )" +
         t.resolve + R"(}
    start_on: [opened]
    stop_on: [resolved]
    pause_when: {pending: [customer]}
    on_reopen: resume
    warn: [75%]
paths:
  any:
    functional:
      stop_on: [acknowledged]
      ack: {lease: {default: )" +
         t.lease + R"(}, by: step_or_higher}
      steps:
        - {level: L1, to: {team: desk}, assign: push, wait: )" +
         t.step + R"(, calendar: always}
        - {level: L2, to: {team: second-line}, assign: push, wait: )" +
         t.step + R"(, calendar: always}
      if_empty: skip
      repeat: 1
    hierarchical:
      stop_on: [resolved, deescalated, acknowledged_on_track]
      triggers:
        - {id: resolution-breached, at: {clock: resolution, breached: true}, level: MGR, mode: inform}
    catch_all: {team: managers}
catch_all: {team: managers}
handover:
  require: {any: [summary]}
  accept_within: {default: 15m}
after:
  monitoring: {default: )" +
         t.monitoring + R"(}
  confirm: {grace: )" +
         t.confirm + R"(}
  reopen_within: )" +
         t.reopen_within + R"(
communication:
  - {"on": [opened, resolved, closed], to: [requester], via: [mail, webhook, log], template: "requester-{event}"}
  - {"on": [warned, breached], to: [owner], via: [webhook, log]}
  - {"on": [handover_offered, reopened], to: [owner]}
)";
}

std::string TestRoster(uint16_t sink) {
  const auto person = [&](const std::string& id, const std::string& name) {
    const std::string webhook =
        sink == 0 ? std::string() : "\"webhook:http://127.0.0.1:" + std::to_string(sink) + "/" + id + "\", ";
    return "  " + id + ": {name: " + name + ", timezone: UTC, contacts: [" + webhook + "\"log:" + id +
           "\"], manager: mia}\n";
  };
  return "apiVersion: escalon/v1\nkind: Roster\nid: test\npeople:\n" + person("ann", "Ann Archer") +
         person("bob", "Bob Baker") + "  mia: {name: Mia Moss, timezone: UTC, contacts: [" +
         (sink == 0 ? std::string() : "\"webhook:http://127.0.0.1:" + std::to_string(sink) + "/mia\", ") +
         "\"log:mia\"]}\n"
         "teams:\n"
         "  desk: {name: Desk, members: [ann]}\n"
         "  second-line: {name: Second line, members: [bob]}\n"
         "  managers: {name: Managers, members: [mia], catch_all: true}\n";
}

}  // namespace escalon::test
