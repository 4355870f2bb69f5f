#pragma once

#include <memory>

namespace grpc {
class Service;
}
namespace escalon::rpc {
class CallLimits;
}

namespace escalon::notification {

class History;
class Notifier;

/// escalon.delivery.v1.DeliveryService: what was told to whom, what reached nobody, test pages. Callers see their own
/// tenant. Thread-safe.
class DeliveryService {
 public:
  DeliveryService(Notifier& notifier, History& history, rpc::CallLimits& limits);
  ~DeliveryService();
  grpc::Service* service();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::notification
