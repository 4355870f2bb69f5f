#include "services/escalonctl/offline/log_commands.h"

#include "services/escalonctl/offline/verify_command.h"

namespace escalon::escalonctl {

CommandSection LogSection() {
  CommandSection out{.title = "Case log (directly on Kafka)"};
  out.commands.push_back(VerifyCommand());
  return out;
}

}  // namespace escalon::escalonctl
