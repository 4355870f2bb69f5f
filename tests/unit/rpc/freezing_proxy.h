#pragma once

#include <atomic>
#include <memory>
#include <thread>

namespace escalon::rpc::test {

/// A TCP relay on loopback that can stop passing bytes on without closing anything: what a stopped process or a cut
/// cable looks like from outside.
class FreezingProxy {
 public:
  explicit FreezingProxy(int target_port);
  ~FreezingProxy();
  int port() const { return port_; }
  void Freeze();
  void Thaw();

 private:
  void Run();
  void Wake();

  const int target_port_;
  int listener_ = -1, port_ = 0;
  int wake_ = -1;
  std::atomic<bool> frozen_{false}, ending_{false};
  std::thread thread_;
};

}  // namespace escalon::rpc::test
