#pragma once

#include <memory>

namespace grpc {
class Service;
}
namespace escalon::rpc {
class CallLimits;
}

namespace escalon::notification {

class CaseReader;
class History;
class Notifier;
class Rosters;

/// escalon.delivery.v1.DeliveryService: what was told to whom, what reached nobody, test pages. Callers see their own
/// tenant, and of it what hangs on cases that they may know of. Thread-safe.
class DeliveryService {
 public:
  DeliveryService(Notifier& notifier, History& history, CaseReader& cases, const Rosters& rosters,
                  rpc::CallLimits& limits);
  ~DeliveryService();
  grpc::Service* service();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::notification
