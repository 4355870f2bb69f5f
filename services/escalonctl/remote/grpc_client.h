#pragma once

#include <memory>
#include <string>

#include "services/escalonctl/cli/settings.h"
#include "services/escalonctl/remote/remote.h"

namespace escalon::escalonctl {

/// A Remote over gRPC, with the settings' credential, TLS and timeout. The calls it knows are those in the table of the
/// .cc.
class GrpcClient final : public Remote {
 public:
  /// Errors name the file of TLS that is wrong. The connection itself is made by the first call.
  static Result<std::unique_ptr<Remote>> Connect(const Settings& settings, const std::string& address);
  ~GrpcClient() override;

  Result<Json> Call(std::string_view method, const Json& request) override;
  Status Stream(std::string_view method, const Json& request, const std::function<bool(const Json&)>& each) override;

 private:
  struct Impl;
  explicit GrpcClient(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

}  // namespace escalon::escalonctl
