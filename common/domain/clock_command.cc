#include "common/domain/clock_command.h"

namespace escalon {

Command ClockDueCommand(const CaseId& id, std::string_view tenant, std::string_view clock, uint32_t generation,
                        InstantMs alarm_at, std::string_view sender) {
  Command command;
  command.case_id = id;
  command.command_id.append("clock/")
      .append(clock)
      .append("/")
      .append(std::to_string(generation))
      .append("/")
      .append(std::to_string(alarm_at));
  command.actor = Actor{std::string(tenant), std::string(sender), {"service"}, ActorKind::kClock};
  command.body = ClockDue{std::string(clock), generation};
  command.body_hash = CommandHash(command.command_id);
  return command;
}

Command ClockDueCommand(const Case& c, const ClockRun& clock, std::string_view sender) {
  return ClockDueCommand(c.id, c.tenant, clock.name, clock.generation, clock.next_alarm_at(), sender);
}

}  // namespace escalon
