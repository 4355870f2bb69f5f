#include "services/notification/channels/log_channel.h"

namespace escalon::notification {

void LogChannel::Send(Message message, Done done) {
  if (logger_.Enabled(runtime::LogLevel::kInfo)) {
    const bool test = message.case_id.empty();
    logger_.Info(message.purpose == IntentPurpose::kPage ? "page" : "inform",
                 {{"case", test ? std::string("test") : message.case_id.ToString()},
                  {"tenant", message.tenant},
                  {"to", message.person.empty() ? message.team : message.person},
                  {"message", message.name},
                  {"priority", Name(message.priority)},
                  {"version", message.version},
                  {"index", message.index},
                  {"why", message.why},
                  {"trace_parent", message.trace_parent}});
  }
  done({});
}

}  // namespace escalon::notification
