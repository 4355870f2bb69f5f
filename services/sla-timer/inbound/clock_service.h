#pragma once

#include <memory>

#include "common/access/visible_cases.h"

namespace grpc {
class Service;
}
namespace escalon::rpc {
class CallLimits;
}

namespace escalon::slatimer {

class Timer;

/// escalon.clock.v1.ClockService: what the wheel holds. Callers see the clocks of cases that they may know of; here no
/// roster is kept, so those of a restricted case only through the case itself, or as an operator. Thread-safe.
class ClockService {
 public:
  ClockService(Timer& timer, ReadCases cases, rpc::CallLimits& limits);
  ~ClockService();
  grpc::Service* service();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::slatimer
