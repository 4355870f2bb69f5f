#pragma once

#include "common/runtime/logging.h"
#include "services/notification/channels/channel.h"

namespace escalon::notification {

/// One structured line of the service's own log for each message; always delivers. The last contact of people who have
/// no other, and the channel of load tests.
class LogChannel final : public Channel {
 public:
  explicit LogChannel(runtime::Logger logger) : logger_(std::move(logger)) {}
  std::string_view name() const override { return "log"; }
  bool immediate() const override { return true; }
  bool wants_words() const override { return false; }
  std::string SinkOf(const std::string&) const override { return "log"; }
  void Send(Message message, Done done) override;

 private:
  const runtime::Logger logger_;
};

}  // namespace escalon::notification
