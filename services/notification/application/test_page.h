#pragma once

#include <functional>
#include <string>

#include "common/core/clock.h"
#include "common/runtime/event_loop.h"
#include "services/notification/application/ports.h"
#include "services/notification/application/renderer.h"
#include "services/notification/channels/channel.h"

namespace escalon::notification {

/// A test of a person's contact, asked for by somebody.
struct TestPage {
  std::string tenant, person;
  std::string channel;  ///< empty: the person's first contact
  std::string text;
  std::string by;
};

/// Sends test pages through the real channels, once, and says what the channel said. Loop thread.
class TestPager {
 public:
  TestPager(runtime::EventLoop& loop, const Clock& clock, const Rosters& rosters, Channels& channels,
            Renderer& renderer, Recorder& recorder)
      : loop_(loop), clock_(clock), rosters_(rosters), channels_(channels), renderer_(renderer), recorder_(recorder) {}

  void Send(const TestPage& page, std::function<void(Result<wire::DeliveryRecord>)> done);

 private:
  runtime::EventLoop& loop_;
  const Clock& clock_;
  const Rosters& rosters_;
  Channels& channels_;
  Renderer& renderer_;
  Recorder& recorder_;
};

}  // namespace escalon::notification
