#pragma once

#include <string>

#include "common/http/client.h"
#include "services/notification/channels/channel.h"

namespace escalon::notification {

/// Plain-text mail through the site's relay. The Message-ID is the message's id, so that a repeat is recognised;
/// answers are not asked for (Auto-Submitted). A 5yz of the relay is for good, anything else is tried again.
class MailChannel final : public Channel {
 public:
  struct Options {
    http::MailRelay relay;
    std::string from;  ///< `local@domain`
    std::string from_name;
  };
  MailChannel(http::Client& client, Options options);
  std::string_view name() const override { return "mail"; }
  std::string SinkOf(const std::string&) const override { return "mail"; }
  void Send(Message message, Done done) override;

 private:
  http::Client& client_;
  const Options options_;
  const std::string domain_;  ///< of the sender, behind the message's id
};

}  // namespace escalon::notification
