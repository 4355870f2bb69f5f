#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/core/instant.h"
#include "common/http/server.h"
#include "tests/support/event_waiter.h"

namespace escalon::test {

/// A message as it came to a person's webhook.
struct Message {
  std::string person;  ///< last part of the path
  nlohmann::json body;
  std::string id;         ///< webhook-id: the same for every try of a delivery
  std::string signature;  ///< webhook-signature
  InstantMs at = 0;       ///< wall

  std::string case_id() const;
  std::string link(const std::string& name) const;  ///< path of a link in it; empty: none
};

/// Takes webhooks and remembers them; a real HTTP server. Thread-safe.
class Sink {
 public:
  Sink();
  uint16_t port() const { return server_->port(); }
  /// The first message that satisfies; fails the test after the patience of tests.
  Message Await(const std::function<bool(const Message&)>& wanted);
  /// For `person` about a case.
  Message Await(const std::string& person, const std::string& case_id);
  std::vector<Message> All();
  /// What the next requests are answered with (default 204); they are remembered only when it is a success.
  void Answer(int status) { status_ = status; }
  uint64_t refused() { return refused_.Get(); }
  /// Waits for one more refusal than `before`.
  bool AwaitRefused(uint64_t before) {
    return refused_.Wait([before](uint64_t now) { return now > before; });
  }

 private:
  EventWaiter<std::vector<Message>> messages_;
  std::atomic<int> status_{204};
  EventWaiter<uint64_t> refused_;
  std::unique_ptr<http::Server> server_;  // last: its threads call this
};

}  // namespace escalon::test
