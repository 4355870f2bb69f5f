#pragma once

#include <memory>

namespace grpc {
class Service;
}
namespace escalon::rpc {
class CallLimits;
}
namespace escalon::rules {
class LiveRules;
}

namespace escalon::triage {

/// escalon.triage.v1.TriageService: what triage would say, with its reasons, without a case. Thread-safe.
class TriageService {
 public:
  /// `rules` may be opened later than this is made.
  TriageService(const std::unique_ptr<rules::LiveRules>& rules, rpc::CallLimits& limits);
  ~TriageService();
  grpc::Service* service();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::triage
