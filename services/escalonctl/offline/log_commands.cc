#include "services/escalonctl/offline/log_commands.h"

#include "services/escalonctl/offline/dump_command.h"
#include "services/escalonctl/offline/replay_command.h"
#include "services/escalonctl/offline/verify_command.h"

namespace escalon::escalonctl {

CommandSection LogSection() {
  CommandSection out{.title = "Case log (directly on Kafka)"};
  out.commands = {VerifyCommand(), ReplayCommand(), DumpCommand()};
  return out;
}

}  // namespace escalon::escalonctl
