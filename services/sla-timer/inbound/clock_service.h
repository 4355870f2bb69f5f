#pragma once

#include <memory>

namespace grpc {
class Service;
}
namespace escalon::rpc {
class CallLimits;
}

namespace escalon::slatimer {

class Timer;

/// escalon.clock.v1.ClockService: what the wheel holds, for operators. Thread-safe.
class ClockService {
 public:
  ClockService(Timer& timer, rpc::CallLimits& limits);
  ~ClockService();
  grpc::Service* service();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::slatimer
